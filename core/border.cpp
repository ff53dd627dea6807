#include "border.h"

#include <algorithm>
#include <cassert>
#include <cstdint>

namespace gk {
namespace {

int modulo(std::int64_t value, std::int64_t length) {
  const std::int64_t remainder = value % length;
  return static_cast<int>(remainder < 0 ? remainder + length : remainder);
}

}  // namespace

int border_index(Border border, int position, int length) {
  assert(length >= 1);
  if (position >= 0 && position < length) return position;
  switch (border) {
    case Border::kClamp:
      return std::clamp(position, 0, length - 1);
    case Border::kLoop:
      return modulo(position, length);
    case Border::kMirror: {
      // 64 bits: twice the largest length does not fit an int.
      const std::int64_t period = 2 * static_cast<std::int64_t>(length);
      const std::int64_t remainder = position % period;
      const std::int64_t phase = remainder < 0 ? remainder + period : remainder;
      return static_cast<int>(phase < length ? phase : period - 1 - phase);
    }
    case Border::kNone:
    case Border::kBlack:
    case Border::kWhite:
      break;
  }
  return kOutside;
}

}  // namespace gk
