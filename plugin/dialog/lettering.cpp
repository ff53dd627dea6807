#include "plugin/dialog/lettering.h"

#include <numbers>

namespace gk {

Lettering::Lettering(cairo_t* cairo, double size)
    : cairo_(cairo), layout_(pango_cairo_create_layout(cairo)) {
  set_size(size);
}

void Lettering::set_size(double size) {
  size_ = size;
  PangoFontDescription* font = pango_font_description_from_string("Sans");
  pango_font_description_set_absolute_size(font, size * PANGO_SCALE);
  pango_layout_set_font_description(layout_.get(), font);
  pango_font_description_free(font);
}

double Lettering::width_of(const std::string& text) const {
  pango_layout_set_text(layout_.get(), text.c_str(), -1);
  int width = 0;
  pango_layout_get_size(layout_.get(), &width, nullptr);
  return static_cast<double>(width) / PANGO_SCALE;
}

double Lettering::height() const {
  pango_layout_set_text(layout_.get(), "0", -1);
  int height = 0;
  pango_layout_get_size(layout_.get(), nullptr, &height);
  return static_cast<double>(height) / PANGO_SCALE;
}

void Lettering::draw(const std::string& text, double x, double y, double part_x,
                     double part_y, const Colour& colour) const {
  const double width = width_of(text);
  cairo_move_to(cairo_, x - part_x * width, y - part_y * height());
  pango_layout_set_text(layout_.get(), text.c_str(), -1);
  cairo_set_source_rgb(cairo_, colour.red, colour.green, colour.blue);
  pango_cairo_show_layout(cairo_, layout_.get());
}

void Lettering::draw_upwards(const std::string& text, double x, double y,
                             double part_x, double part_y,
                             const Colour& colour) const {
  cairo_save(cairo_);
  cairo_translate(cairo_, x, y);
  cairo_rotate(cairo_, -std::numbers::pi / 2);
  draw(text, 0, 0, part_x, part_y, colour);
  cairo_restore(cairo_);
}

}  // namespace gk
