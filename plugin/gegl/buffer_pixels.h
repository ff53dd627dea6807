// GEGL buffers as the core's Source and Destination.

#ifndef GK_PLUGIN_GEGL_BUFFER_PIXELS_H_
#define GK_PLUGIN_GEGL_BUFFER_PIXELS_H_

#include <gegl.h>

#include "core/convolver.h"
#include "plugin/gegl/image_frame.h"
#include "plugin/gegl/region_buffer.h"

namespace gk {

// Reads `buffer` at mipmap level `level`, whose coordinates `frame` is in.
class BufferSource : public Source {
 public:
  BufferSource(GeglBuffer* buffer, const ImageFrame& frame, const Babl* format,
               int level)
      : buffer_(buffer), frame_(frame), format_(format), level_(level) {}

  Size image() const override { return frame_.size(); }

  void read(Rect area, std::byte* pixels, std::ptrdiff_t stride) override {
    const GeglRectangle region = frame_.to_gegl(area);
    gegl_buffer_get(buffer_, &region, 1.0 / (1 << level_), format_, pixels,
                    static_cast<int>(stride), GEGL_ABYSS_NONE);
  }

 private:
  GeglBuffer* buffer_;
  ImageFrame frame_;
  const Babl* format_;
  int level_;
};

class BufferDestination : public Destination {
 public:
  BufferDestination(const RegionBuffer& buffer, const ImageFrame& frame,
                    const Babl* format, int level)
      : buffer_(buffer), frame_(frame), format_(format), level_(level) {}

  std::byte* row(int y) override {
    if (buffer_.pixels() == nullptr) return nullptr;
    const Rect region = frame_.to_core(buffer_.region());
    return buffer_.pixels() + (y - region.y) * buffer_.stride() -
           region.x * pixel_bytes_;
  }

  void write(Rect area, const std::byte* pixels,
             std::ptrdiff_t stride) override {
    const GeglRectangle region = frame_.to_gegl(area);
    gegl_buffer_set(buffer_.tiles(), &region, level_, format_, pixels,
                    static_cast<int>(stride));
  }

 private:
  const RegionBuffer& buffer_;
  ImageFrame frame_;
  const Babl* format_;
  std::ptrdiff_t pixel_bytes_ = babl_format_get_bytes_per_pixel(format_);
  int level_;
};

}  // namespace gk

#endif  // GK_PLUGIN_GEGL_BUFFER_PIXELS_H_
