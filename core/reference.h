// The definition, evaluated in double: a direct two-dimensional sum. Slow and
// obvious, for tests only.

#ifndef GK_CORE_REFERENCE_H_
#define GK_CORE_REFERENCE_H_

#include <vector>

#include "border.h"
#include "convolver.h"
#include "image_view.h"
#include "kernel.h"
#include "pixel_format.h"

namespace gk::reference {

// The exact colour (and alpha) of every pixel of `target`, row by row,
// format.channels doubles a pixel, integers in 0 … 1: what would be stored if
// storing did not round. The arguments mean what they mean for
// Convolver::run(); `source` must give its rows in place.
std::vector<double> convolve_exactly(const Kernel& horizontal,
                                     const Kernel& vertical, Border border,
                                     const PixelFormat& format, Light light,
                                     const Source& source, Rect target);

// The same, stored in `format`.
void convolve(const Kernel& horizontal, const Kernel& vertical, Border border,
              const PixelFormat& format, Light light, const Source& source,
              Rect target, Destination& destination);

}  // namespace gk::reference

#endif  // GK_CORE_REFERENCE_H_
