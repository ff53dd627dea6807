#include "plugin/host/heap_pages.h"

#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <memory>
#include <sstream>
#include <string>

namespace gk::host {
namespace {

// The flags of the mapping that holds `address`, as /proc/self/smaps has them;
// empty if it has none.
std::string flags_of(const void* address) {
  const auto wanted = reinterpret_cast<std::uintptr_t>(address);
  std::ifstream maps("/proc/self/smaps");
  bool inside = false;
  for (std::string line; std::getline(maps, line);) {
    std::istringstream fields(line);
    std::uintptr_t first = 0;
    std::uintptr_t end = 0;
    char dash = 0;
    if (fields >> std::hex >> first >> dash >> end && dash == '-') {
      inside = wanted >= first && wanted < end;
    } else if (inside && line.starts_with("VmFlags:")) {
      return line;
    }
  }
  return "";
}

TEST(HeapPages, LargeBlocksLieInThem) {
  const int local = 0;
  if (!std::filesystem::exists("/sys/kernel/mm/transparent_hugepage") ||
      flags_of(&local).empty()) {
    GTEST_SKIP() << "This system does not tell about huge pages.";
  }
  constexpr std::size_t kBytes = 48 << 20;
  use_huge_pages();
  for (int i = 0; i < 3; ++i) {
    const auto block = std::make_unique<std::byte[]>(kBytes);
    std::memset(block.get(), i, kBytes);
    EXPECT_NE(flags_of(&block[kBytes / 2]).find(" hg"), std::string::npos)
        << flags_of(&block[kBytes / 2]);
  }
}

}  // namespace
}  // namespace gk::host
