// Which method `auto` takes: the measured break-evens, in one table.

#ifndef GK_CORE_METHOD_CHOICE_H_
#define GK_CORE_METHOD_CHOICE_H_

#include "convolver.h"
#include "kernel.h"
#include "pixel_format.h"

namespace gk {

// `sliding` says whether the fast method holds its bound for these kernels.
// Returns kExact or kFast.
Method choose_method(Method asked, bool sliding, const Kernel& horizontal,
                     const Kernel& vertical, const PixelFormat& format,
                     ToneStep step);

}  // namespace gk

#endif  // GK_CORE_METHOD_CHOICE_H_
