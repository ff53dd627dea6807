// The matrix's row and column through its peak as curves.

#ifndef GK_PLUGIN_DIALOG_PROFILE_H_
#define GK_PLUGIN_DIALOG_PROFILE_H_

#include <cairo.h>

#include "core/kernel.h"
#include "plugin/dialog/heat_map.h"
#include "plugin/dialog/lettering.h"
#include "plugin/dialog/viridis.h"

namespace gk {

// Fills `area` with the row, solid, and where it differs the column, dashed:
// positions from the anchor across, weights from 0 at the bottom to the peak at
// the top. Labels stand below, as far as they have room.
void draw_profile(cairo_t* cairo, const Kernel& horizontal,
                  const Kernel& vertical, Box area, const Lettering& lettering,
                  const Colour& text);

}  // namespace gk

#endif  // GK_PLUGIN_DIALOG_PROFILE_H_
