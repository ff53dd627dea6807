// Text on a cairo surface, in one size and colour.

#ifndef GK_PLUGIN_DIALOG_LETTERING_H_
#define GK_PLUGIN_DIALOG_LETTERING_H_

#include <cairo.h>
#include <pango/pangocairo.h>

#include <memory>
#include <string>

#include "plugin/dialog/viridis.h"

namespace gk {

class Lettering {
 public:
  // `size` in user space units.
  Lettering(cairo_t* cairo, double size);

  double size() const { return size_; }
  void set_size(double size);

  double width_of(const std::string& text) const;
  double height() const;

  // Puts the point (part_x, part_y) of the text's box, in parts of its width
  // and height (0 … 1), onto (x, y).
  void draw(const std::string& text, double x, double y, double part_x,
            double part_y, const Colour& colour) const;
  // The same, read from the bottom up.
  void draw_upwards(const std::string& text, double x, double y, double part_x,
                    double part_y, const Colour& colour) const;

 private:
  struct Free {
    void operator()(PangoLayout* layout) const { g_object_unref(layout); }
  };

  cairo_t* cairo_;
  std::unique_ptr<PangoLayout, Free> layout_;
  double size_ = 0;
};

}  // namespace gk

#endif  // GK_PLUGIN_DIALOG_LETTERING_H_
