// The content of the plug-in's windows: plain GTK, no GIMP, no GEGL.

#ifndef GK_PLUGIN_DIALOG_DIALOG_H_
#define GK_PLUGIN_DIALOG_DIALOG_H_

#include <gtk/gtk.h>

#include <functional>
#include <memory>
#include <string>

#include "plugin/settings.h"

namespace gk {

// Which of size and sigma follows the other.
enum class Link { kSizeFollowsSigma, kSigmaFollowsSize, kFree };

// Everything that the controls show. `settings` is what will be applied.
struct DialogState {
  Settings settings;
  Link link = Link::kSizeFollowsSigma;
  bool preview = true;
  int plot_width = 800;      // pixels, the plot dialog only
  bool keep_effect = false;  // GIMP 3 only

  friend bool operator==(const DialogState&, const DialogState&) = default;
};

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
  Dialog(const DialogState& state, const DialogOptions& options,
         DialogEvents events);
  ~Dialog();
  Dialog(const Dialog&) = delete;
  Dialog& operator=(const Dialog&) = delete;

  // To be packed into the host's window, which then owns it. Outlives the
  // Dialog safely: a widget whose Dialog is gone does nothing.
  GtkWidget* widget() const;

  const DialogState& state() const;
  // Shows `state` (Reset, presets); calls `changed` once if it differs.
  void set_state(const DialogState& state);

 private:
  struct Controls;
  std::unique_ptr<Controls> controls_;
};

}  // namespace gk

#endif  // GK_PLUGIN_DIALOG_DIALOG_H_
