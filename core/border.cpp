#include "border.h"

#include <algorithm>
#include <cassert>

namespace gk {
namespace {

std::int64_t modulo(std::int64_t value, std::int64_t divisor) {
  const std::int64_t remainder = value % divisor;
  return remainder < 0 ? remainder + divisor : remainder;
}

}  // namespace

int border_index(Border border, std::int64_t position, int length) {
  assert(length >= 1);
  if (position >= 0 && position < length) return static_cast<int>(position);
  switch (border) {
    case Border::kClamp:
      return position < 0 ? 0 : length - 1;
    case Border::kLoop:
      return static_cast<int>(modulo(position, length));
    case Border::kMirror: {
      const std::int64_t period = std::int64_t{2} * length;
      const std::int64_t phase = modulo(position, period);
      return static_cast<int>(std::min(phase, period - 1 - phase));
    }
    case Border::kNone:
    case Border::kBlack:
    case Border::kWhite:
      break;
  }
  return kOutside;
}

bool has_outside(Border border) {
  return border_index(border, -1, 1) == kOutside;
}

bool outside_is_nothing(Border border) { return border == Border::kNone; }

double outside_colour(Border border) {
  return border == Border::kWhite ? 1 : 0;
}

std::int64_t nearest_alike(Border border, std::int64_t position, int length) {
  if (has_outside(border)) {
    return std::clamp<std::int64_t>(position, -1, length);
  }
  if (border == Border::kClamp) {
    return std::clamp<std::int64_t>(position, 0, length - 1);
  }
  return position;
}

Span source_span(Border border, Span positions, int length) {
  if (positions.empty()) return {};
  const std::int64_t first = nearest_alike(border, positions.first, length);
  const std::int64_t end = nearest_alike(border, positions.end - 1, length) + 1;
  Span span{std::clamp<std::int64_t>(first, 0, length),
            std::clamp<std::int64_t>(end, 0, length)};
  if (span.empty()) span = {length, 0};
  const auto add = [&](std::int64_t from, std::int64_t to) {
    to = std::min(to, from + std::int64_t{2} * length);
    for (std::int64_t position = from; position < to; ++position) {
      const std::int64_t index = border_index(border, position, length);
      if (index == kOutside) continue;
      span.first = std::min(span.first, index);
      span.end = std::max(span.end, index + 1);
    }
  };
  add(first, std::min<std::int64_t>(end, 0));
  add(std::max<std::int64_t>(first, length), end);
  return span.empty() ? Span() : span;
}

Span showing_span(Border border, Span pixels, Span within, int length) {
  pixels.first = std::max<std::int64_t>(pixels.first, 0);
  pixels.end = std::min<std::int64_t>(pixels.end, length);
  if (pixels.empty()) return {};
  const auto shows = [&](std::int64_t position) {
    return pixels.contains(border_index(border, position, length));
  };
  // Positions inside the image show themselves: no need to ask.
  std::int64_t first = within.first;
  while (first < within.end && !shows(first)) {
    first = first == 0 ? pixels.first : first + 1;
  }
  if (first >= within.end) return {};
  std::int64_t last = within.end - 1;
  while (!shows(last)) last = last == length - 1 ? pixels.end - 1 : last - 1;
  return {first, last + 1};
}

}  // namespace gk
