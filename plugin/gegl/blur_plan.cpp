#include "plugin/gegl/blur_plan.h"

#include <algorithm>
#include <cstdint>
#include <new>

#include "plugin/gegl/buffer_pixels.h"
#include "plugin/gegl/image_frame.h"
#include "plugin/gegl/inks.h"

namespace gk {
namespace {

// Farther than the kernel reaches from any pixel inside the image or, where the
// result grows, beyond it.
Size reach_of(const Convolver& convolver) {
  return {2 * convolver.horizontal().size(), 2 * convolver.vertical().size()};
}

bool is_identity(const Settings& settings) {
  return horizontal_kernel(settings).is_identity() &&
         vertical_kernel(settings).is_identity();
}

PixelPath path_for(const BlurRequest& request) {
  PixelPath path = pixel_path(request.source, request.settings.light);
  // What is copied stays a palette.
  if (is_identity(request.settings) && request.clip_extent) {
    path.output = request.source;
  }
  return path;
}

Convolver convolver_for(const Settings& settings, const PixelFormat& format,
                        Light light) {
  return Convolver(horizontal_kernel(settings), vertical_kernel(settings),
                   settings.border, format, light, settings.method);
}

// The same blur as seen at 1 / 2^level of the size.
Settings scaled(Settings settings, int level) {
  const auto scale_size = [level](int size) {
    return size < 1 ? size : std::max(1, (size >> level) | 1);
  };
  const auto scale_sigma = [level](double sigma) {
    return sigma < 0 ? sigma : sigma / (1 << level);
  };
  settings.size = scale_size(settings.size);
  settings.size_y = scale_size(settings.size_y);
  settings.sigma = scale_sigma(settings.sigma);
  settings.sigma_y = scale_sigma(settings.sigma_y);
  return settings;
}

GeglRectangle scaled(const GeglRectangle& area, int level) {
  const auto shift = [level](int first, int length, int& out_length) {
    const std::int64_t end = std::int64_t{first} + length;
    const int start = first >> level;
    out_length = std::max(1, static_cast<int>(end >> level) - start);
    return start;
  };
  GeglRectangle result;
  result.x = shift(area.x, area.width, result.width);
  result.y = shift(area.y, area.height, result.height);
  return result;
}

}  // namespace

bool BlurRequest::operator==(const BlurRequest& other) const {
  return settings == other.settings && clip_extent == other.clip_extent &&
         source == other.source && gegl_rectangle_equal(&extent, &other.extent);
}

GeglRectangle bounding_box(const Settings& settings, bool clip_extent,
                           const GeglRectangle& extent) {
  if (clip_extent || gegl_rectangle_is_empty(&extent) ||
      gegl_rectangle_is_infinite_plane(&extent)) {
    return extent;
  }
  return grown(extent, {horizontal_kernel(settings).size() / 2,
                        vertical_kernel(settings).size() / 2});
}

BlurPlan::BlurPlan(const BlurRequest& request)
    : request_(request),
      path_(path_for(request)),
      convolver_(convolver_for(request.settings, path_.format, path_.light)) {
  if (path_.has_key) {
    key_convolver_ =
        convolver_for(request.settings, key_format(path_.format), path_.light);
  }
}

const Babl* BlurPlan::written_format(int level) const {
  const bool direct =
      level == 0 && path_.pixels == path_.output && !key_convolver_;
  return direct ? path_.output : nullptr;
}

GeglRectangle BlurPlan::defined() const {
  return bounding_box(request_.settings, request_.clip_extent, request_.extent);
}

bool BlurPlan::copies(const GeglRectangle& region) const {
  return convolver_.horizontal().is_identity() &&
         convolver_.vertical().is_identity() &&
         gegl_rectangle_contains(&request_.extent, &region);
}

GeglRectangle BlurPlan::required(const GeglRectangle& region) const {
  const GeglRectangle all = defined();
  GeglRectangle inside;
  if (!gegl_rectangle_intersect(&inside, &region, &all)) return {};
  if (copies(inside)) return inside;
  const auto frame =
      frame_around(request_.extent, inside, reach_of(convolver_));
  if (!frame) return request_.extent;
  return frame->to_gegl(
      convolver_.source_window(frame->to_core(inside), frame->size()));
}

GeglRectangle BlurPlan::invalidated(const GeglRectangle& changed) const {
  const GeglRectangle all = defined();
  GeglRectangle inside;
  if (!gegl_rectangle_intersect(&inside, &changed, &request_.extent)) return {};
  if (copies(request_.extent) && request_.clip_extent) return inside;
  const auto frame =
      frame_around(request_.extent, inside, reach_of(convolver_));
  if (!frame) return all;
  GeglRectangle affected = frame->to_gegl(
      convolver_.affected_window(frame->to_core(inside), frame->size()));
  gegl_rectangle_intersect(&affected, &affected, &all);
  return affected;
}

bool BlurPlan::run(GeglBuffer* input, const RegionBuffer& output,
                   const GeglRectangle& region, int level) const {
  if (level != 0) {
    try {
      BlurRequest request = request_;
      request.settings = scaled(request.settings, level);
      request.extent = scaled(request.extent, level);
      return BlurPlan(request).run_at(input, output, scaled(region, level),
                                      level);
    } catch (const std::bad_alloc&) {
      return false;
    }
  }
  return run_at(input, output, region, level);
}

bool BlurPlan::run_at(GeglBuffer* input, const RegionBuffer& output,
                      const GeglRectangle& region, int level) const {
  const auto frame =
      frame_around(request_.extent, region, reach_of(convolver_));
  if (!frame) return false;
  BufferSource source(input, *frame, path_.pixels, level);
  BufferDestination destination(output, *frame, path_.pixels, level);
  const Rect target = frame->to_core(region);
  if (key_convolver_) {
    return convolve_inks(convolver_, *key_convolver_,
                         path_.format.alpha != Alpha::kNone, source, target,
                         destination);
  }
  return convolver_.run(source, target, destination);
}

}  // namespace gk
