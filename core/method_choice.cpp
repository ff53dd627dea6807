#include "method_choice.h"

namespace gk {
namespace {

// The smallest odd sizes, the same for both axes, from which the fast method is
// the quicker one: where `gk-bench --break-even` says so, with AVX-512 and
// opaque pixels, on a Zen 5; where it said less on a Xeon, between the two.
// Where a tone step makes every pixel pass through the row codec, the exact
// method decodes it once and the fast one twice or more.
struct BreakEven {
  Component component;
  bool decoded;
  int grey;  // with alpha or without
  int rgb;
  int rgba;
};
constexpr BreakEven kBreakEvens[] = {
    {Component::kU8, false, 17, 19, 19},
    {Component::kU8, true, 29, 27, 23},
    {Component::kU16, false, 19, 19, 19},
    {Component::kU16, true, 37, 35, 25},
    {Component::kHalf, false, 19, 19, 19},
    {Component::kHalf, true, 33, 29, 27},
    {Component::kFloat, false, 19, 19, 19},
    {Component::kFloat, true, 31, 35, 23},
};

int break_even(const PixelFormat& format, ToneStep step) {
  const bool decoded = step != ToneStep::kKeep;
  for (const BreakEven& entry : kBreakEvens) {
    if (entry.component != format.component || entry.decoded != decoded) {
      continue;
    }
    return format.channels < 3    ? entry.grey
           : format.channels == 3 ? entry.rgb
                                  : entry.rgba;
  }
  return Kernel::kMaxSize;
}

}  // namespace

Method choose_method(Method asked, bool sliding, const Kernel& horizontal,
                     const Kernel& vertical, const PixelFormat& format,
                     ToneStep step) {
  if (asked == Method::kExact || !sliding) return Method::kExact;
  if (asked == Method::kFast) return Method::kFast;
  // The exact method's cost grows with the taps of both axes together.
  const int taps = horizontal.size() + vertical.size();
  return taps >= 2 * break_even(format, step) ? Method::kFast : Method::kExact;
}

}  // namespace gk
