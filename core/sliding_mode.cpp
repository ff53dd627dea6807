#include "sliding_mode.h"

namespace gk {
namespace {

// How loops may sum pixels as they are stored; kLanes: not at all.
SampleKind stored_kind(const SlidingPlan& plan) {
  const PixelFormat& format = plan.format;
  if (plan.step != ToneStep::kKeep || outside_is_nothing(plan.border) ||
      format.alpha == Alpha::kPremultiplied) {
    return SampleKind::kLanes;
  }
  switch (format.component) {
    case Component::kU8:
      return SampleKind::kU8;
    case Component::kU16:
      return SampleKind::kU16;
    case Component::kFloat:
      return SampleKind::kFloat;
    case Component::kHalf:
      break;
  }
  return SampleKind::kLanes;
}

void decode_in_registers(const PixelFormat& format, ToneStep step, int down,
                         int along, SlidingLoops& loops) {
  switch (format.component) {
    case Component::kU8:
    case Component::kU16:
      return decode_codes_in_registers(format, step, down, along, loops);
    case Component::kHalf:
      return decode_halfs_in_registers(format, step, down, along, loops);
    case Component::kFloat:
      return decode_floats_in_registers(format, step, down, along, loops);
  }
}

SlidingMode mode_of(const SlidingPlan& plan, bool plain) {
  const bool weightless = outside_is_nothing(plan.border);
  PixelFormat format = plan.format;
  // A picture with nothing around it is not opaque as far as it is summed.
  if (plain && format.alpha == Alpha::kStraight && !weightless) {
    format.alpha = Alpha::kNone;
  }
  SampleKind kind = plain ? stored_kind(plan) : SampleKind::kLanes;
  bool stored = kind != SampleKind::kLanes;
  // Floats are lanes already, unless their alpha has to be looked at.
  if (kind == SampleKind::kFloat && plan.format.alpha == Alpha::kNone) {
    kind = SampleKind::kLanes;
  }
  const int down = plan.vertical.cosines;
  const int along = plan.horizontal.cosines;
  SlidingLoops loops =
      sliding_loops(kind, plan.columns * plan.lanes, down, along);
  // In registers, pixels without alpha weigh the same everywhere.
  if (!stored && !(weightless && format.alpha == Alpha::kNone)) {
    decode_in_registers(format, plan.step, down, along, loops);
    stored = loops.decodes && format.component == Component::kFloat &&
             format.alpha == Alpha::kPremultiplied;
  }
  // Columns of one float each are decoded as grey.
  format.channels /= plan.columns;
  return {plain, stored, loops, row_codec(format, plan.step, plan.border)};
}

}  // namespace

SlidingMode plain_mode(const SlidingPlan& plan) {
  // Premultiplied pixels are lanes as they are, opaque or not; beside nothing
  // all pixels are weighed.
  return mode_of(plan, plan.format.alpha != Alpha::kPremultiplied &&
                           !outside_is_nothing(plan.border));
}

SlidingMode weighted_mode(const SlidingPlan& plan) {
  return mode_of(plan, false);
}

}  // namespace gk
