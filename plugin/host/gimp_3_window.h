// GIMP 3's own kind of window for a filter, with our Dialog in it.

#ifndef GK_PLUGIN_HOST_GIMP_3_WINDOW_H_
#define GK_PLUGIN_HOST_GIMP_3_WINDOW_H_

#include <libgimp/gimp.h>
#include <libgimp/gimpui.h>

#include "plugin/dialog/dialog.h"

namespace gk::host {

// GIMP's buttons (Reset, Load and Save Settings) work on `config`, ours on the
// Dialog: the window keeps both in step.
class Window {
 public:
  Window(GimpProcedure* procedure, GimpProcedureConfig* config)
      : procedure_(procedure), config_(config) {}
  Window(const Window&) = delete;
  Window& operator=(const Window&) = delete;

  // Until the user is done or close() is called. True for OK.
  bool run(Dialog& dialog, const char* title);
  void close();
  // The Dialog has changed.
  void adopt(const DialogState& state);

 private:
  // GIMP changes one value after another: the Dialog gets them all at once.
  static void config_changed(GObject*, GParamSpec*, gpointer self);
  static gboolean show_config(gpointer self);

  GimpProcedure* procedure_;
  GimpProcedureConfig* config_;
  GtkWidget* window_ = nullptr;
  Dialog* dialog_ = nullptr;
  bool is_closed_ = false;
  bool is_adopting_ = false;
  guint showing_ = 0;
};

}  // namespace gk::host

#endif  // GK_PLUGIN_HOST_GIMP_3_WINDOW_H_
