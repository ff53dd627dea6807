#include "method_choice.h"

namespace gk {
namespace {

// The smallest odd size, the same for both axes, from which the fast method is
// the quicker one. Measured by `gk-bench --break-even`.
struct BreakEven {
  Component component;
  bool decoded;  // a tone step, so that pixels pass through the row codec
  int size;
};
constexpr BreakEven kBreakEvens[] = {
    {Component::kU8, false, 19},    {Component::kU8, true, 19},
    {Component::kU16, false, 19},   {Component::kU16, true, 19},
    {Component::kHalf, false, 19},  {Component::kHalf, true, 19},
    {Component::kFloat, false, 19}, {Component::kFloat, true, 19},
};

int break_even(const PixelFormat& format, ToneStep step) {
  const bool decoded = step != ToneStep::kKeep;
  for (const BreakEven& entry : kBreakEvens) {
    if (entry.component == format.component && entry.decoded == decoded) {
      return entry.size;
    }
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
