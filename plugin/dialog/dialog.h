// The content of the plug-in's windows: plain GTK, no GIMP, no GEGL.

#ifndef GK_PLUGIN_DIALOG_DIALOG_H_
#define GK_PLUGIN_DIALOG_DIALOG_H_

#include <gtk/gtk.h>

#include <functional>
#include <memory>
#include <string>

#include "plugin/dialog/dialog_state.h"

namespace gk {

// Called from GTK's main loop. Any may be empty.
struct DialogEvents {
  // A control changed; `state` holds valid settings.
  std::function<void(const DialogState& state)> changed;
  // True while Compare is held down: show the picture as it was.
  std::function<void(bool before)> compare;
};

struct DialogOptions {
  enum class Kind { kBlur, kPlot };
  Kind kind = Kind::kBlur;
  // Why there is no preview on the canvas, in the user's language; empty if
  // there is one.
  std::string no_preview_reason;
  bool offer_keep_effect = false;
  // False for masks and channels: their stored values are blurred.
  bool light_matters = true;
};

class Dialog {
 public:
  // Shows `state` as consistent() makes it.
  Dialog(const DialogState& state, const DialogOptions& options,
         DialogEvents events);
  ~Dialog();
  Dialog(const Dialog&) = delete;
  Dialog& operator=(const Dialog&) = delete;

  // To be packed into the host's window, which then owns it. Outlives the
  // Dialog safely: a widget whose Dialog is gone does nothing.
  GtkWidget* widget() const;

  // Takes what is typed but not yet entered, which may call `changed`.
  const DialogState& state() const;
  // Shows `state` as consistent() makes it (Reset, presets); calls `changed`
  // once if it differs.
  void set_state(const DialogState& state);

 private:
  struct Controls;
  std::unique_ptr<Controls> controls_;
};

}  // namespace gk

#endif  // GK_PLUGIN_DIALOG_DIALOG_H_
