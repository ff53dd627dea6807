// Where the core's image, which starts at 0, 0, lies in GEGL's coordinates.

#ifndef GK_PLUGIN_GEGL_IMAGE_FRAME_H_
#define GK_PLUGIN_GEGL_IMAGE_FRAME_H_

#include <gegl.h>

#include <optional>

#include "core/image_view.h"

namespace gk {

// Farther from the origin than this no image is, only GEGL's infinite planes.
inline constexpr int kFarAway = 1 << 29;

struct ImageFrame {
  GeglRectangle image;  // not empty

  Size size() const { return {image.width, image.height}; }
  Rect to_core(const GeglRectangle& area) const {
    return {area.x - image.x, area.y - image.y, area.width, area.height};
  }
  GeglRectangle to_gegl(const Rect& area) const {
    return {area.x + image.x, area.y + image.y, area.width, area.height};
  }
};

// The frame of the image with the given `extent` as far as a kernel that
// reaches `reach` pixels can see it from `region`: along an axis where the
// extent leads farther than kFarAway no border is ever met. Nothing if extent
// or region are empty, or if the region itself leads farther than 2 kFarAway.
std::optional<ImageFrame> frame_around(const GeglRectangle& extent,
                                       const GeglRectangle& region, Size reach);

// `area` with `margin` more on each side, as far as integers go.
GeglRectangle grown(const GeglRectangle& area, Size margin);

}  // namespace gk

#endif  // GK_PLUGIN_GEGL_IMAGE_FRAME_H_
