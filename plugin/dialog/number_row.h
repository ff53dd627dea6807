// A number as label, slider and entry: the slider for its useful range, the
// entry for all of it.

#ifndef GK_PLUGIN_DIALOG_NUMBER_ROW_H_
#define GK_PLUGIN_DIALOG_NUMBER_ROW_H_

#include <gtk/gtk.h>

#include <functional>

#include "plugin/dialog/signal_links.h"

namespace gk {

struct NumberRange {
  const char* label;    // translated, with a mnemonic
  const char* tooltip;  // translated
  double minimum;
  double maximum;
  // No slider if these are equal.
  double slider_minimum;
  double slider_maximum;
  // The slider's value grows with this power of the way along it, >= 1.
  double slider_power;
  double step;
  double page;
  int decimals;  // at most; 0 for whole numbers
};

class NumberRow {
 public:
  // Fills `row` of a four-column `grid`. `changed` is called with what a user
  // sets, never from show().
  NumberRow(GtkWidget* grid, int row, const NumberRange& range,
            std::function<void(double)> changed);

  // `value` stays the number's value though the entry shows it rounded.
  void show(double value);
  void set_sensitive(bool sensitive);
  // Takes what is typed but not yet entered.
  void commit();

 private:
  double slider_value() const;
  double slider_way(double value) const;
  void take(double value);
  void write_text();

  NumberRange range_;
  std::function<void(double)> changed_;
  double value_ = 0;
  bool showing_ = false;
  GtkWidget* label_;
  GtkWidget* slider_ = nullptr;
  GtkWidget* entry_;
  SignalLinks links_;  // the last member: gone before what handlers use
};

}  // namespace gk

#endif  // GK_PLUGIN_DIALOG_NUMBER_ROW_H_
