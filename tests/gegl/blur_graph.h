// Pictures of known pixels, blurred by the operation inside GEGL.

#ifndef GK_TESTS_GEGL_BLUR_GRAPH_H_
#define GK_TESTS_GEGL_BLUR_GRAPH_H_

#include <gegl.h>

#include <cstddef>
#include <memory>
#include <vector>

#include "core/convolver.h"
#include "plugin/settings.h"

namespace gk {

struct Unref {
  void operator()(gpointer object) const { g_object_unref(object); }
};
using BufferPointer = std::unique_ptr<GeglBuffer, Unref>;
using NodePointer = std::unique_ptr<GeglNode, Unref>;

// Stored pixels of `format`, rows without padding.
struct Picture {
  GeglRectangle extent{};
  const Babl* format = nullptr;
  std::vector<std::byte> bytes;

  int pixel_bytes() const { return babl_format_get_bytes_per_pixel(format); }
  BufferPointer buffer() const;
  // The same picture in another format, through babl.
  Picture in(const Babl* other) const;
};

// Random pixels in 0 … 1. A third of each kind where there is alpha: clear,
// opaque, anything.
Picture noise(GeglRectangle extent, const Babl* format, unsigned seed);

// The pixels of `buffer` inside `area`, in its own format.
Picture picture_of(GeglBuffer* buffer, const GeglRectangle& area);

// buffer-source -> gaussian-kernel:blur.
class BlurGraph {
 public:
  BlurGraph(GeglBuffer* input, const Settings& settings,
            bool clip_extent = true);
  GeglNode* source() const { return source_; }
  GeglNode* blur() const { return blur_; }
  void set(const Settings& settings, bool clip_extent = true);
  GeglRectangle bounding_box() const {
    return gegl_node_get_bounding_box(blur_);
  }
  // In the format that the operation gives, pulled as one region.
  Picture render(const GeglRectangle& region) const;
  Picture render() const { return render(bounding_box()); }

 private:
  NodePointer graph_;
  GeglNode* source_;
  GeglNode* blur_;
};

// A Picture's rows as the reference wants them; coordinates are the core's.
class PictureSource : public Source {
 public:
  explicit PictureSource(const Picture& picture) : picture_(picture) {}
  Size image() const override {
    return {picture_.extent.width, picture_.extent.height};
  }
  const std::byte* row(int y) const override {
    return picture_.bytes.data() + static_cast<std::ptrdiff_t>(y) *
                                       picture_.extent.width *
                                       picture_.pixel_bytes();
  }
  void read(Rect, std::byte*, std::ptrdiff_t) override {}

 private:
  const Picture& picture_;
};

// What the definition gives for `region` of a blurred picture whose bytes the
// core takes for `format`.
std::vector<double> exact_blur(const Picture& picture,
                               const PixelFormat& format, Light light,
                               const Settings& settings,
                               const GeglRectangle& region);

}  // namespace gk

#endif  // GK_TESTS_GEGL_BLUR_GRAPH_H_
