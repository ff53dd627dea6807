// Everything about a blur that depends only on properties, format and extent:
// decided once, then only read, by any number of threads.

#ifndef GK_PLUGIN_GEGL_BLUR_PLAN_H_
#define GK_PLUGIN_GEGL_BLUR_PLAN_H_

#include <gegl.h>

#include <optional>

#include "core/convolver.h"
#include "plugin/gegl/pixel_path.h"
#include "plugin/gegl/region_buffer.h"
#include "plugin/settings.h"

namespace gk {

struct BlurRequest {
  Settings settings;  // valid
  bool clip_extent = true;
  const Babl* source = nullptr;  // the input's format
  GeglRectangle extent{};        // of the input, not empty

  bool operator==(const BlurRequest& other) const;
};

// What the operation defines for an input of the given extent.
GeglRectangle bounding_box(const Settings& settings, bool clip_extent,
                           const GeglRectangle& extent);

class BlurPlan {
 public:
  // May throw std::invalid_argument or std::bad_alloc.
  explicit BlurPlan(const BlurRequest& request);

  const BlurRequest& request() const { return request_; }
  const Babl* input_format() const { return path_.pixels; }
  const Babl* output_format() const { return path_.output; }
  // The output's format if pixels are written in it, else null.
  const Babl* written_format(int level) const;
  GeglRectangle defined() const;

  // True if `region` of the result is the input as it is, bit for bit.
  bool copies(const GeglRectangle& region) const;

  // The part of the input that `region` of the result depends on.
  GeglRectangle required(const GeglRectangle& region) const;
  // The part of the result that depends on `changed` pixels of the input.
  GeglRectangle invalidated(const GeglRectangle& changed) const;

  // Computes `region`, a part of the output's, in pixels of level 0. False
  // without enough memory.
  bool run(GeglBuffer* input, const RegionBuffer& output,
           const GeglRectangle& region, int level) const;

 private:
  // `region` in pixels of `level`, as the request is.
  bool run_at(GeglBuffer* input, const RegionBuffer& output,
              const GeglRectangle& region, int level) const;

  BlurRequest request_;
  PixelPath path_;
  Convolver convolver_;
  std::optional<Convolver> key_convolver_;  // of black, where there is one
};

}  // namespace gk

#endif  // GK_PLUGIN_GEGL_BLUR_PLAN_H_
