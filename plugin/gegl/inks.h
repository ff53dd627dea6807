// CMYK pixels, which have more channels than the core averages at once.

#ifndef GK_PLUGIN_GEGL_INKS_H_
#define GK_PLUGIN_GEGL_INKS_H_

#include "core/convolver.h"

namespace gk {

// Source and destination hold cyan, magenta, yellow, black and, if `alpha`,
// alpha, as floats. `colours` takes the first three (and alpha), `key` black
// (and alpha). False without enough memory.
bool convolve_inks(const Convolver& colours, const Convolver& key, bool alpha,
                   Source& source, Rect target,
                   Destination& destination) noexcept;

}  // namespace gk

#endif  // GK_PLUGIN_GEGL_INKS_H_
