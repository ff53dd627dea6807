#include "plugin/gegl/image_frame.h"

#include <algorithm>
#include <cstdint>
#include <limits>

namespace gk {
namespace {

struct Span {
  int first;
  int length;
};

std::optional<Span> frame_span(Span extent, Span region, int reach) {
  const std::int64_t end = std::int64_t{extent.first} + extent.length;
  const std::int64_t region_end = std::int64_t{region.first} + region.length;
  if (extent.length < 1 || region.length < 1) return std::nullopt;
  if (region.first < -2 * kFarAway || region_end > 2 * std::int64_t{kFarAway}) {
    return std::nullopt;
  }
  if (extent.first >= -kFarAway && end <= kFarAway) return extent;
  const std::int64_t first = std::int64_t{region.first} - reach;
  const std::int64_t length = std::int64_t{region.length} + 2 * reach;
  if (first < std::numeric_limits<int>::min() ||
      length > std::numeric_limits<int>::max()) {
    return std::nullopt;
  }
  return Span{static_cast<int>(first), static_cast<int>(length)};
}

Span grown_span(Span span, int margin) {
  constexpr std::int64_t kLowest = std::numeric_limits<int>::min();
  constexpr std::int64_t kHighest = std::numeric_limits<int>::max();
  const std::int64_t first =
      std::max(std::int64_t{span.first} - margin, kLowest);
  const std::int64_t length =
      std::min(std::int64_t{span.length} + 2 * std::int64_t{margin}, kHighest);
  return {static_cast<int>(first), static_cast<int>(length)};
}

}  // namespace

std::optional<ImageFrame> frame_around(const GeglRectangle& extent,
                                       const GeglRectangle& region,
                                       Size reach) {
  const auto x = frame_span({extent.x, extent.width}, {region.x, region.width},
                            reach.width);
  const auto y = frame_span({extent.y, extent.height},
                            {region.y, region.height}, reach.height);
  if (!x || !y) return std::nullopt;
  return ImageFrame{{x->first, y->first, x->length, y->length}};
}

GeglRectangle grown(const GeglRectangle& area, Size margin) {
  const Span x = grown_span({area.x, area.width}, margin.width);
  const Span y = grown_span({area.y, area.height}, margin.height);
  return {x.first, y.first, x.length, y.length};
}

}  // namespace gk
