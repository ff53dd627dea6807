// The blurred picture on GIMP 3's canvas: a temporary layer effect.

#ifndef GK_PLUGIN_HOST_GIMP_3_PREVIEW_H_
#define GK_PLUGIN_HOST_GIMP_3_PREVIEW_H_

#include <libgimp/gimp.h>

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "plugin/host/host.h"

namespace gk::host {

// Why `drawables` can't have a preview, in the user's language; empty if they
// can.
std::string no_preview_reason(const std::vector<GimpDrawable*>& drawables);

// As Host::open_preview().
std::unique_ptr<Preview> open_effect_preview(
    GimpImage* image, const std::vector<GimpDrawable*>& drawables,
    std::function<void(const std::string& reason)> lost);

// Takes away what the previews of dead processes left in `image`.
void remove_stray_previews(GimpImage* image);

}  // namespace gk::host

#endif  // GK_PLUGIN_HOST_GIMP_3_PREVIEW_H_
