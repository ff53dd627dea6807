// A GIMP 2.10 drawable and the blur of its pixels.

#ifndef GK_PLUGIN_HOST_GIMP_2_10_DRAWABLE_H_
#define GK_PLUGIN_HOST_GIMP_2_10_DRAWABLE_H_

#include <gegl.h>
#include <libgimp/gimp.h>

#include <memory>
#include <string>

#include "plugin/settings.h"

namespace gk::host {

struct Unreference {
  void operator()(gpointer object) const { g_object_unref(object); }
};
template <typename T>
using Reference = std::unique_ptr<T, Unreference>;

// Call once per process, before any pixel is touched.
void start_gegl();

// Why `drawable` can't be blurred, in the user's language; empty if it can.
std::string refusal_of(gint32 drawable);

// Masks, channels and the selection: they hold coverage, not light.
bool holds_coverage(gint32 drawable);

// The part of `drawable` that the selection lets change; nothing if none.
bool changeable_area(gint32 drawable, GeglRectangle& area);

// The pixels of `drawable` and what they mean: a buffer of a 2.10 plug-in
// always claims sRGB, whatever the image's profile says.
Reference<GeglBuffer> open_pixels(gint32 drawable);
Reference<GeglBuffer> open_shadow(gint32 drawable);

// The pixels of a drawable blurred, computed where they are asked for.
class BlurGraph {
 public:
  // `source` as open_pixels(drawable) gave it.
  BlurGraph(gint32 drawable, GeglBuffer* source);

  void set(const Settings& settings);
  GeglNode* result() const { return blur_; }
  GeglNode* root() const { return root_.get(); }

 private:
  Reference<GeglNode> root_;
  GeglNode* blur_;  // belongs to root_
  bool is_light_;
};

// Blurs `drawable` in one undo step, with progress. What went wrong, in the
// user's language; empty if nothing did.
std::string blur(gint32 drawable, const Settings& settings);

}  // namespace gk::host

#endif  // GK_PLUGIN_HOST_GIMP_2_10_DRAWABLE_H_
