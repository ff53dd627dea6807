// The order in which a preview draws: cells of the picture, the middle first.

#ifndef GK_PLUGIN_HOST_PREVIEW_CELLS_H_
#define GK_PLUGIN_HOST_PREVIEW_CELLS_H_

#include <gegl.h>

#include <vector>

#include "core/image_view.h"

namespace gk::host {

// Width and height of the tiles that GIMP keeps its pixels in.
inline constexpr int kPreviewTile = 128;

// Cells that lie inside `area` and cover it, for a kernel of `kernel` pixels. A
// small one in the very middle comes first; the others, which cover all of
// `area` without overlap, come in order of their distance from the middle. None
// for an empty area.
std::vector<GeglRectangle> preview_cells(const GeglRectangle& area,
                                         Size kernel);

}  // namespace gk::host

#endif  // GK_PLUGIN_HOST_PREVIEW_CELLS_H_
