// The kernel view as a widget, with its one line of text beneath.

#ifndef GK_PLUGIN_DIALOG_KERNEL_PANEL_H_
#define GK_PLUGIN_DIALOG_KERNEL_PANEL_H_

#include <gtk/gtk.h>

#include <optional>

#include "core/kernel.h"
#include "plugin/dialog/signal_links.h"

namespace gk {

class KernelPanel {
 public:
  KernelPanel();

  GtkWidget* widget() const { return column_; }
  void show(Kernel horizontal, Kernel vertical);

 private:
  void draw(GtkWidget* area, cairo_t* cairo) const;
  void write();

  std::optional<Kernel> horizontal_;
  std::optional<Kernel> vertical_;
  GtkWidget* column_;
  GtkWidget* area_;
  GtkWidget* summary_;
  GtkWidget* warning_;
  GtkWidget* notes_;
  SignalLinks links_;  // the last member: gone before what handlers use
};

}  // namespace gk

#endif  // GK_PLUGIN_DIALOG_KERNEL_PANEL_H_
