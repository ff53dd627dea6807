// Runs a fuzz target without a fuzzer: on every file of the folders that are
// named, then on as many random inputs as the first argument says.

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes,
                                      std::size_t count);

int main(int argc, char** argv) {
  if (argc < 2) {
    std::fprintf(stderr, "usage: %s COUNT [FOLDER]...\n", argv[0]);
    return 2;
  }
  int files = 0;
  for (int i = 2; i < argc; ++i) {
    for (const auto& entry : std::filesystem::directory_iterator(argv[i])) {
      std::ifstream file(entry.path(), std::ios::binary);
      const std::vector<char> bytes{std::istreambuf_iterator<char>(file), {}};
      // Seen if the next line does not come.
      std::printf("%s\n", entry.path().filename().c_str());
      std::fflush(stdout);
      LLVMFuzzerTestOneInput(
          reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size());
      ++files;
    }
  }
  const int count = std::atoi(argv[1]);
  for (int i = 0; i < count; ++i) {
    std::minstd_rand random(static_cast<unsigned>(i) + 1);
    std::vector<std::uint8_t> bytes(random() % 64);
    for (std::uint8_t& byte : bytes) {
      byte = static_cast<std::uint8_t>(random() >> 8);
    }
    LLVMFuzzerTestOneInput(bytes.data(), bytes.size());
  }
  std::printf("%d files and %d random inputs replayed\n", files, count);
  return files + count > 0 ? 0 : 1;
}
