// Scratch for vector loops: aligned, zeroed floats.

#ifndef GK_CORE_ALIGNED_FLOATS_H_
#define GK_CORE_ALIGNED_FLOATS_H_

#include <hwy/aligned_allocator.h>

#include <algorithm>
#include <cstddef>
#include <new>

namespace gk {

using AlignedFloats = hwy::AlignedFreeUniquePtr<float[]>;

// Throws std::bad_alloc.
inline AlignedFloats allocate_floats(std::size_t count) {
  AlignedFloats floats = hwy::AllocateAligned<float>(count);
  if (!floats) throw std::bad_alloc();
  std::fill_n(floats.get(), count, 0.0f);
  return floats;
}

// A row of this many floats starts the next one aligned.
inline std::ptrdiff_t aligned_stride(std::ptrdiff_t floats) {
  return (floats + 15) / 16 * 16;
}

}  // namespace gk

#endif  // GK_CORE_ALIGNED_FLOATS_H_
