#include "plugin/host/heap_pages.h"

#include <cstddef>
#include <cstdlib>
#include <memory>

#ifdef __linux__
#include <malloc.h>
#include <sys/mman.h>
#include <unistd.h>
#endif

namespace gk::host {

#if defined(__GLIBC__) && defined(MADV_HUGEPAGE)

namespace {

// babl takes 300 MB, a large picture's tiles as much. What is not used takes
// addresses only.
constexpr int kHeapBytes = 640 << 20;
constexpr int kKeptBytes = 1 << 30;
// More than is free at the heap's end so far.
constexpr std::size_t kFirstBytes = 4 << 20;
constexpr std::size_t kHugePage = 2 << 20;
// What malloc begins with.
constexpr int kUsualMappings = 1 << 16;
constexpr int kUsualPad = 1 << 17;

}  // namespace

void use_huge_pages() {
  // All memory is to come from the heap, and what is free to stay there.
  mallopt(M_MMAP_MAX, 0);
  mallopt(M_TRIM_THRESHOLD, kKeptBytes);
  mallopt(M_TOP_PAD, kHeapBytes);
  void* const block = std::malloc(kFirstBytes);
  mallopt(M_TOP_PAD, kUsualPad);
  auto* first = static_cast<std::byte*>(block);
  auto* const end = static_cast<std::byte*>(sbrk(0));
  if (block == nullptr || end < first + kHeapBytes) {
    mallopt(M_MMAP_MAX, kUsualMappings);
  } else {
    void* page = first;
    std::size_t size = end - first;
    if (std::align(kHugePage, kHugePage, page, size) != nullptr) {
      madvise(page, size, MADV_HUGEPAGE);
    }
  }
  std::free(block);
}

#else

void use_huge_pages() {}

#endif

}  // namespace gk::host
