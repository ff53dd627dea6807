// The blurred picture on GIMP 2.10's canvas: a temporary layer above the one
// to be blurred.

#ifndef GK_PLUGIN_HOST_GIMP_2_10_PREVIEW_H_
#define GK_PLUGIN_HOST_GIMP_2_10_PREVIEW_H_

#include <libgimp/gimp.h>

#include <functional>
#include <memory>
#include <string>

#include "plugin/host/host.h"

namespace gk::host {

// Why `drawable` can't have a preview, in the user's language; empty if it can.
std::string no_preview_reason(gint32 drawable);

// As Host::open_preview().
std::unique_ptr<Preview> open_layer_preview(
    gint32 drawable, std::function<void(const std::string& reason)> lost);

// Takes away what the previews of dead processes left in `image` and shows the
// layers that they had hidden, in one undo step. `target`, and what a user made
// of such a layer, become ordinary layers instead.
void remove_stray_previews(gint32 image, gint32 target);

}  // namespace gk::host

#endif  // GK_PLUGIN_HOST_GIMP_2_10_PREVIEW_H_
