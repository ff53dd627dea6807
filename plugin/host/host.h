// What the plug-in needs from a GIMP: one file beside this one for each GIMP
// generation.

#ifndef GK_PLUGIN_HOST_HOST_H_
#define GK_PLUGIN_HOST_HOST_H_

#include <functional>
#include <memory>
#include <string>

#include "plugin/dialog/dialog.h"

namespace gk::host {

struct Outcome {
  enum class Status {
    kSuccess,
    kCancelled,
    kCallingError,    // the caller asked for what can't be
    kExecutionError,  // the host failed
  };
  Status status = Status::kSuccess;
  std::string message;  // in the user's language; empty unless an error
};

// The result on the canvas while the dialog is open. Leaves no undo step, and
// no dirty mark unless the image was saved meanwhile: the file holds the
// preview then.
class Preview {
 public:
  // Takes the preview away.
  virtual ~Preview() = default;

  // Starts to draw anew and returns at once; drawing goes on from GTK's main
  // loop. `settings` must be valid.
  virtual void show(const Settings& settings) = 0;
  // Shows the picture as it was, until the next show().
  virtual void hide() = 0;
};

// One call of one procedure. Nothing in here throws.
class Host {
 public:
  virtual ~Host() = default;

  // Why the procedure can't do its work on what it was given, in the user's
  // language; empty if it can. The first call, before all others; changes
  // nothing.
  virtual std::string refusal() = 0;

  virtual DialogState last_state() const = 0;
  virtual void remember(const DialogState& state) = 0;

  // Interactive calls only, in this order: start_interface(), then options(),
  // then the others as often as need be.
  // Why no window can be shown, in the user's language; empty if one can.
  virtual std::string start_interface() = 0;
  virtual DialogOptions options() const = 0;
  // Shows `dialog` in this GIMP's own kind of window, titled after the
  // procedure, with Help, Reset, Cancel and OK, until the user is done or
  // close_window() is called. True for OK.
  virtual bool run_window(Dialog& dialog) = 0;
  // Ends run_window() as Cancel does.
  virtual void close_window() = 0;
  // Every change of the dialog, for hosts that keep presets.
  virtual void state_changed(const DialogState& /*state*/) {}
  // Calls `lost` at most once, from GTK's main loop, with the reason in the
  // user's language, when the target is gone. nullptr where options() gives a
  // reason for no preview.
  virtual std::unique_ptr<Preview> open_preview(
      std::function<void(const std::string& reason)> lost) = 0;

  // Does the work: exactly one undo step. If it fails, nothing, or what that
  // step takes back. `state` must hold valid settings; any Preview must be
  // gone.
  virtual Outcome perform(const DialogState& state) = 0;
};

}  // namespace gk::host

#endif  // GK_PLUGIN_HOST_HOST_H_
