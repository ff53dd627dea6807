#include "scratch.h"

#include <algorithm>
#include <new>
#include <utility>

namespace gk {
namespace {

constexpr std::size_t kAlignment = 64;
constexpr std::size_t kSmallestBlock = 64 << 10;
// What is kept between runs; more goes back to the system.
constexpr std::size_t kMostKept = 32 << 20;

std::size_t round_up(std::size_t size) {
  return (size + kAlignment - 1) / kAlignment * kAlignment;
}

}  // namespace

std::byte* Scratch::take_bytes(std::size_t size) {
  size = round_up(std::max<std::size_t>(size, 1));
  if (blocks_.empty() || blocks_.back().size - blocks_.back().used < size) {
    Block block;
    block.size = std::max(size, kSmallestBlock);
    block.bytes = hwy::AllocateAligned<std::byte>(block.size);
    if (!block.bytes) throw std::bad_alloc();
    // Loops may work on what a row has beyond its end: no surprises there.
    std::fill_n(block.bytes.get(), block.size, std::byte{0});
    blocks_.push_back(std::move(block));
  }
  Block& block = blocks_.back();
  std::byte* bytes = block.bytes.get() + block.used;
  block.used += size;
  return bytes;
}

void Scratch::reset() {
  std::size_t used = 0;
  for (const Block& block : blocks_) used += block.used;
  if (blocks_.size() > 1 || used > kMostKept) {
    // Next time in one piece.
    blocks_.clear();
    if (used > kMostKept) return;
    try {
      take_bytes(used);
    } catch (const std::bad_alloc&) {
      return;
    }
  }
  for (Block& block : blocks_) block.used = 0;
}

void ScratchPool::Return::operator()(Scratch* scratch) const {
  std::unique_ptr<Scratch> owned(scratch);
  owned->reset();
  const std::lock_guard<std::mutex> lock(pool->mutex_);
  --pool->leased_;
  // lease() made room for it.
  pool->idle_.push_back(std::move(owned));
}

ScratchPool::Lease ScratchPool::lease() {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (idle_.empty()) idle_.push_back(std::make_unique<Scratch>());
  idle_.reserve(idle_.size() + leased_ + 1);
  std::unique_ptr<Scratch> scratch = std::move(idle_.back());
  idle_.pop_back();
  ++leased_;
  return Lease(scratch.release(), Return{this});
}

}  // namespace gk
