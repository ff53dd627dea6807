#include "plugin/dialog/number_row.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

#include "plugin/dialog/accessible.h"
#include "plugin/dialog/gtk_compat.h"
#include "plugin/translation.h"

namespace gk {
namespace {

// The slider's way runs from 0 to 1.
constexpr double kWayStep = 0.01;
constexpr double kWayPage = 0.1;

// Decimals that a slider gives, and that an entry shows at least.
constexpr int kCoarseDecimals = 2;

double rounded(double value, int decimals) {
  const double scale = std::pow(10.0, decimals);
  return std::round(value * scale) / scale;
}

// As many decimals as it takes, at least two for numbers that may have some.
std::string number_text(double value, int decimals) {
  int shown = std::min(decimals, kCoarseDecimals);
  while (shown < decimals &&
         rounded(value, shown) != rounded(value, decimals)) {
    ++shown;
  }
  return format_text("%.*f", shown, value);
}

}  // namespace

NumberRow::NumberRow(GtkWidget* grid, int row, const NumberRange& range,
                     std::function<void(double)> changed)
    : range_(range), changed_(std::move(changed)) {
  label_ = gtk_label_new_with_mnemonic(range.label);
  gtk::align_start(label_);
  gtk::attach(grid, label_, 0, row, 1, false);
  const char* name = gtk_label_get_text(GTK_LABEL(label_));

  const bool with_slider = range.slider_maximum > range.slider_minimum;
  if (with_slider) {
    slider_ = gtk::new_slider(
        GTK_ADJUSTMENT(gtk_adjustment_new(0, 0, 1, kWayStep, kWayPage, 0)));
    gtk_scale_set_draw_value(GTK_SCALE(slider_), FALSE);
    gtk_widget_set_tooltip_text(slider_, range.tooltip);
    gtk_widget_set_size_request(slider_, 160, -1);
    describe(slider_, name, range.tooltip);
    gtk::attach(grid, slider_, 1, row, 2, true);
    links_.connect(slider_, "value-changed",
                   G_CALLBACK(+[](GtkRange*, NumberRow* self) {
                     if (!self->showing_) self->take(self->slider_value());
                   }),
                   this);
  }

  entry_ =
      gtk_spin_button_new_with_range(range.minimum, range.maximum, range.step);
  gtk_spin_button_set_increments(GTK_SPIN_BUTTON(entry_), range.step,
                                 range.page);
  gtk_spin_button_set_digits(GTK_SPIN_BUTTON(entry_), range.decimals);
  gtk_spin_button_set_numeric(GTK_SPIN_BUTTON(entry_), FALSE);
  gtk::keep_readable_when_insensitive(entry_);
  gtk_entry_set_width_chars(GTK_ENTRY(entry_), 7);
  gtk_entry_set_alignment(GTK_ENTRY(entry_), 1);
  gtk_entry_set_activates_default(GTK_ENTRY(entry_), TRUE);
  gtk_widget_set_tooltip_text(entry_, range.tooltip);
  gtk_label_set_mnemonic_widget(GTK_LABEL(label_), entry_);
  describe(entry_, name, range.tooltip);
  gtk::attach(grid, entry_, 3, row, 1, false);
  links_.connect(entry_, "output",
                 G_CALLBACK(+[](GtkSpinButton*, NumberRow* self) {
                   self->write_text();
                   return gboolean{TRUE};
                 }),
                 this);
  links_.connect(entry_, "value-changed",
                 G_CALLBACK(+[](GtkSpinButton* entry, NumberRow* self) {
                   if (self->showing_) return;
                   const double value = gtk_spin_button_get_value(entry);
                   // An entry that loses the focus reads its own rounded text.
                   if (std::abs(value - self->value_) >
                       0.51 * std::pow(10.0, -self->range_.decimals)) {
                     self->take(value);
                   }
                 }),
                 this);
}

void NumberRow::show(double value) {
  value_ = value;
  showing_ = true;
  if (slider_) gtk_range_set_value(GTK_RANGE(slider_), slider_way(value));
  gtk_spin_button_set_value(GTK_SPIN_BUTTON(entry_), value);
  write_text();
  showing_ = false;
}

void NumberRow::set_sensitive(bool sensitive) {
  gtk::set_label_sensitive(label_, sensitive);
  for (GtkWidget* widget : {slider_, entry_}) {
    if (widget) gtk_widget_set_sensitive(widget, sensitive);
  }
}

void NumberRow::commit() { gtk_spin_button_update(GTK_SPIN_BUTTON(entry_)); }

double NumberRow::slider_value() const {
  const double way = gtk_range_get_value(GTK_RANGE(slider_));
  const double value =
      range_.slider_minimum + (range_.slider_maximum - range_.slider_minimum) *
                                  std::pow(way, range_.slider_power);
  return rounded(value, std::min(range_.decimals, kCoarseDecimals));
}

double NumberRow::slider_way(double value) const {
  const double part = (value - range_.slider_minimum) /
                      (range_.slider_maximum - range_.slider_minimum);
  return std::pow(std::clamp(part, 0.0, 1.0), 1 / range_.slider_power);
}

void NumberRow::take(double value) {
  value_ = value;
  changed_(value);
}

void NumberRow::write_text() {
  const std::string text = number_text(
      gtk_spin_button_get_value(GTK_SPIN_BUTTON(entry_)), range_.decimals);
  if (text != gtk_entry_get_text(GTK_ENTRY(entry_))) {
    gtk_entry_set_text(GTK_ENTRY(entry_), text.c_str());
  }
}

}  // namespace gk
