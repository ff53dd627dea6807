#include "plugin/gegl/region_buffer.h"

#include <cstdlib>
#include <utility>

namespace gk {
namespace {

// More is better shared with GEGL's other buffers, tile by tile.
constexpr std::size_t kMostBytes = 16 << 20;
constexpr std::size_t kAlignment = 64;

// What GEGL's tile gives back when its last reader is done.
struct Loan {
  std::shared_ptr<RegionMemory> memory;
  MemoryBlock block;
};

void return_loan(gpointer data) {
  const std::unique_ptr<Loan> loan(static_cast<Loan*>(data));
  loan->memory->give_back(std::move(loan->block));
}

}  // namespace

void FreeMemory::operator()(std::byte* bytes) const { std::free(bytes); }

MemoryBlock RegionMemory::take(std::size_t size) {
  {
    const std::lock_guard lock(mutex_);
    MemoryBlock kept = std::exchange(kept_, {});
    if (kept.size >= size) return kept;
  }
  const std::size_t whole = (size + kAlignment - 1) / kAlignment * kAlignment;
  MemoryBlock block;
  block.bytes.reset(
      static_cast<std::byte*>(std::aligned_alloc(kAlignment, whole)));
  block.size = block.bytes != nullptr ? whole : 0;
  return block;
}

void RegionMemory::give_back(MemoryBlock block) {
  const std::lock_guard lock(mutex_);
  if (block.size > kept_.size) kept_ = std::move(block);
}

RegionBuffer::RegionBuffer(GeglOperationContext* context,
                           const GeglRectangle& region, const Babl* format,
                           std::shared_ptr<RegionMemory> memory)
    : context_(context),
      region_(region),
      format_(format),
      memory_(std::move(memory)),
      tiles_(gegl_operation_context_get_target(context, "output")) {
  // Another type is a cache, which GEGL wants filled.
  if (format == nullptr || G_OBJECT_TYPE(tiles_) != GEGL_TYPE_BUFFER) return;
  stride_ =
      std::ptrdiff_t{region.width} * babl_format_get_bytes_per_pixel(format);
  if (static_cast<std::size_t>(region.height) > kMostBytes / stride_) return;
  block_ = memory_->take(stride_ * region.height);
}

RegionBuffer::~RegionBuffer() { memory_->give_back(std::move(block_)); }

void RegionBuffer::finish() {
  if (pixels() == nullptr) return;
  std::byte* first = pixels();
  GeglBuffer* rows = gegl_buffer_linear_new_from_data(
      first, format_, &region_, static_cast<int>(stride_), return_loan,
      new Loan{memory_, std::exchange(block_, {})});
  gegl_operation_context_take_object(context_, "output", G_OBJECT(rows));
}

}  // namespace gk
