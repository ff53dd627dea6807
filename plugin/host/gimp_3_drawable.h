// A GIMP 3 drawable and the filter that blurs it, computed inside GIMP.

#ifndef GK_PLUGIN_HOST_GIMP_3_DRAWABLE_H_
#define GK_PLUGIN_HOST_GIMP_3_DRAWABLE_H_

#include <libgimp/gimp.h>

#include <memory>
#include <string>
#include <vector>

#include "plugin/host/host.h"

namespace gk::host {

// What GIMP hands out as a list belongs to the caller, its elements do not.
struct FreeArray {
  template <typename T>
  void operator()(T* array) const {
    g_free(array);
  }
};
template <typename T>
using Array = std::unique_ptr<T, FreeArray>;

// Why `drawable` of `image` can't be blurred, in the user's language; empty if
// it can.
std::string refusal_of(GimpImage* image, GimpDrawable* drawable);

// Whether `drawable` has been deleted: GIMP still calls a layer valid while the
// undo history holds it.
bool is_gone(GimpImage* image, GimpDrawable* drawable);

// Masks, channels and the selection: they hold coverage, not light.
bool holds_coverage(GimpDrawable* drawable);

// Whether the selection lets any pixel of `drawable` change. GIMP resizes a
// layer that it doesn't touch when a filter is applied to it.
bool has_changeable_area(GimpDrawable* drawable);

// Whether the blur of `drawable` can be kept as a layer effect, and whether
// GIMP can do nothing else with it: the pixels of groups, texts, links and
// vectors are drawn by GIMP anew at each change.
bool takes_effect(GimpDrawable* drawable);
bool needs_effect(GimpDrawable* drawable);

// A filter of our operation for `drawable`, not yet part of it; nullptr if
// GIMP does not know the operation.
GimpDrawableFilter* new_filter(GimpDrawable* drawable, const char* name);
// Sets what the next append, merge or update sends to GIMP.
void set_filter(GimpDrawableFilter* filter, GimpDrawable* drawable,
                const Settings& settings);

// Blurs all `drawables` of `image` in one undo step. After an error that step
// takes back those that were changed before it.
Outcome blur(GimpImage* image, const std::vector<GimpDrawable*>& drawables,
             const Settings& settings, bool keep_effect);

}  // namespace gk::host

#endif  // GK_PLUGIN_HOST_GIMP_3_DRAWABLE_H_
