// The viridis colour map: equal steps look equal, in grey and to colour-blind
// eyes too.

#ifndef GK_PLUGIN_DIALOG_VIRIDIS_H_
#define GK_PLUGIN_DIALOG_VIRIDIS_H_

namespace gk {

// sRGB, each 0 … 1.
struct Colour {
  double red = 0, green = 0, blue = 0;

  friend bool operator==(const Colour&, const Colour&) = default;
};

// The colour for `value` in 0 … 1, the nearest of 256; values outside count as
// the nearer end, NaN as 0.
Colour viridis(double value);

// How bright a colour looks, 0 … 1: enough to choose text that stands out.
double luminance(const Colour& colour);

}  // namespace gk

#endif  // GK_PLUGIN_DIALOG_VIRIDIS_H_
