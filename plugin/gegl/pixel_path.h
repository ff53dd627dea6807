// Which pixels the core is handed for a picture in a given babl format.

#ifndef GK_PLUGIN_GEGL_PIXEL_PATH_H_
#define GK_PLUGIN_GEGL_PIXEL_PATH_H_

#include <babl/babl.h>

#include "core/pixel_format.h"

namespace gk {

struct PixelPath {
  const Babl* pixels;  // read from the input and written to the output
  PixelFormat format;  // what the core takes them for
  Light light;         // and which light it is to average
  const Babl* output;  // what the result is stored in
  // CMYK: `format` is that of cyan, magenta and yellow; `pixels` have black as
  // well, the fourth channel, to be averaged the same way.
  bool has_key = false;
};

// The format of black, with the alpha of `format` if it has one.
PixelFormat key_format(PixelFormat format);

// `source` itself where the core knows its components and its tone curve: no
// conversion then. Else float components of the light that is asked for, in the
// source's space, and the result goes back to `source`; palettes, which could
// not hold it, become float. Inks are averaged as inks, whatever the light.
PixelPath pixel_path(const Babl* source, Light light);

}  // namespace gk

#endif  // GK_PLUGIN_GEGL_PIXEL_PATH_H_
