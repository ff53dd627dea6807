#include "plugin/host/heap_pages.h"

#include <cstddef>
#include <cstdlib>
#include <memory>

#ifdef __linux__
#include <malloc.h>
#include <sys/mman.h>
#endif

namespace gk::host {

#if defined(__GLIBC__) && defined(MADV_HUGEPAGE)

namespace {

// babl takes 300 MB, a large picture's tiles as much. What is not used takes
// addresses only.
constexpr std::size_t kHeapBytes = std::size_t{640} << 20;
constexpr std::size_t kHugePage = 2 << 20;
constexpr int kKeptBytes = 1 << 30;
constexpr int kUsualMappings = 1 << 16;

}  // namespace

void use_huge_pages() {
  // All memory is to come from the heap, and what is free to stay there.
  if (mallopt(M_MMAP_MAX, 0) == 0) return;
  void* const block = std::malloc(kHeapBytes);
  if (block == nullptr) {
    mallopt(M_MMAP_MAX, kUsualMappings);
    return;
  }
  mallopt(M_TRIM_THRESHOLD, kKeptBytes);
  void* first = block;
  std::size_t size = kHeapBytes;
  if (std::align(kHugePage, kHugePage, first, size) != nullptr) {
    madvise(first, size, MADV_HUGEPAGE);
  }
  std::free(block);
}

#else

void use_huge_pages() {}

#endif

}  // namespace gk::host
