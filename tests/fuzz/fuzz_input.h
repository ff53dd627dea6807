// Takes a fuzzer's bytes apart into numbers; when they run out, zeros follow.

#ifndef GK_TESTS_FUZZ_FUZZ_INPUT_H_
#define GK_TESTS_FUZZ_FUZZ_INPUT_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace gk::fuzz {

class Input {
 public:
  Input(const std::uint8_t* bytes, std::size_t size)
      : bytes_(bytes), left_(size) {}

  template <typename T>
  T take() {
    T value{};
    const std::size_t count = std::min(sizeof value, left_);
    if (count > 0) std::memcpy(&value, bytes_, count);
    bytes_ += count;
    left_ -= count;
    return value;
  }
  // low … high; from one byte if the range allows it.
  int between(int low, int high) {
    const unsigned span = static_cast<unsigned>(high - low) + 1;
    const unsigned value =
        span <= 256 ? take<std::uint8_t>() : take<std::uint16_t>();
    return low + static_cast<int>(value % span);
  }

 private:
  const std::uint8_t* bytes_;
  std::size_t left_;
};

// What a fuzzer notices, in every build type.
inline void require(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "does not hold: %s\n", what);
  std::abort();
}

}  // namespace gk::fuzz

#endif  // GK_TESTS_FUZZ_FUZZ_INPUT_H_
