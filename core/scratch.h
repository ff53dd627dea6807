// Memory for the length of one run, kept warm for the next.

#ifndef GK_CORE_SCRATCH_H_
#define GK_CORE_SCRATCH_H_

#include <hwy/aligned_allocator.h>

#include <algorithm>
#include <cstddef>
#include <memory>
#include <mutex>
#include <type_traits>
#include <vector>

namespace gk {

// Fresh pages cost more than the loops that fill them, so a run takes its
// memory from what an earlier one left. Not to be shared between threads.
class Scratch {
 public:
  // `count` values of T, aligned for vectors, of no particular content. Valid
  // until reset(). Throws std::bad_alloc.
  template <typename T>
  T* take(std::size_t count) {
    static_assert(std::is_trivial_v<T>);
    return reinterpret_cast<T*>(take_bytes(count * sizeof(T)));
  }
  // The same, all zero.
  template <typename T>
  T* take_zeros(std::size_t count) {
    T* values = take<T>(count);
    std::fill_n(values, count, T{});
    return values;
  }

  // Takes everything back.
  void reset();

 private:
  struct Block {
    hwy::AlignedFreeUniquePtr<std::byte[]> bytes;
    std::size_t size = 0;
    std::size_t used = 0;
  };
  std::byte* take_bytes(std::size_t size);

  std::vector<Block> blocks_;
};

// As many Scratches as threads ever ran at once.
class ScratchPool {
 public:
  struct Return {
    ScratchPool* pool;
    void operator()(Scratch* scratch) const;
  };
  using Lease = std::unique_ptr<Scratch, Return>;

  // Throws std::bad_alloc. The lease must end before the pool.
  Lease lease();

 private:
  std::mutex mutex_;
  std::size_t leased_ = 0;
  std::vector<std::unique_ptr<Scratch>> idle_;
};

// A row of this many floats starts the next one aligned.
inline std::ptrdiff_t aligned_stride(std::ptrdiff_t floats) {
  return (floats + 15) / 16 * 16;
}

}  // namespace gk

#endif  // GK_CORE_SCRATCH_H_
