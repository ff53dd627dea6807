// A button that acts for as long as it is held down, by mouse or by keyboard.

#ifndef GK_PLUGIN_DIALOG_COMPARE_BUTTON_H_
#define GK_PLUGIN_DIALOG_COMPARE_BUTTON_H_

#include <gtk/gtk.h>

#include <functional>

#include "plugin/dialog/signal_links.h"

namespace gk {

class CompareButton {
 public:
  // `held` is called with true when the button goes down, with false when it
  // comes up, is left with the focus, or goes away.
  explicit CompareButton(std::function<void(bool)> held);

  GtkWidget* widget() const { return button_; }

 private:
  void set_down(bool down);

  std::function<void(bool)> held_;
  bool down_ = false;
  GtkWidget* button_;
  SignalLinks links_;  // the last member: gone before what handlers use
};

}  // namespace gk

#endif  // GK_PLUGIN_DIALOG_COMPARE_BUTTON_H_
