#include "plugin/host/run.h"

#include <glib.h>

#include <exception>
#include <utility>

#include "plugin/translation.h"

namespace gk::host {
namespace {

using Status = Outcome::Status;

std::string judge(const DialogState& state) {
  const std::string wrong = validate(state.settings);
  if (!wrong.empty()) return wrong;
  constexpr parameters::Range<int> kWidth = parameters::kPlotWidth;
  if (state.plot_width < kWidth.minimum || state.plot_width > kWidth.maximum) {
    return format_text(_("%s is %d; allowed are %d … %d."), kWidth.name,
                       state.plot_width, kWidth.minimum, kWidth.maximum);
  }
  return {};
}

// Keeps the canvas in step with the dialog.
class Canvas {
 public:
  Canvas(Host& host, bool possible,
         std::function<void(const std::string&)> lost)
      : host_(host), possible_(possible), lost_(std::move(lost)) {}

  void show(const DialogState& state) {
    state_ = state;
    update();
  }
  void compare(bool before) {
    before_ = before;
    update();
  }
  void clear() {
    possible_ = false;
    preview_.reset();
  }

 private:
  void update() {
    if (!possible_) return;
    if (!state_.preview || before_) {
      if (preview_) preview_->hide();
      return;
    }
    if (!preview_) preview_ = host_.open_preview(lost_);
    if (preview_) preview_->show(state_.settings);
  }

  Host& host_;
  bool possible_;
  bool before_ = false;
  DialogState state_;
  std::function<void(const std::string&)> lost_;
  std::unique_ptr<Preview> preview_;
};

// kSuccess with the user's choice in `state`, or why there is none.
Outcome ask(Host& host, DialogState& state) {
  const std::string no_window = host.start_interface();
  if (!no_window.empty()) return {Status::kCallingError, no_window};
  const DialogOptions options = host.options();

  std::string lost;
  Canvas canvas(host,
                options.kind == DialogOptions::Kind::kBlur &&
                    options.no_preview_reason.empty(),
                [&](const std::string& reason) {
                  lost = reason;
                  host.close_window();
                });
  DialogEvents events;
  events.changed = [&](const DialogState& changed) {
    canvas.show(changed);
    host.state_changed(changed);
  };
  events.compare = [&](bool before) { canvas.compare(before); };

  Dialog dialog(state, options, events);
  canvas.show(dialog.state());
  const bool accepted = host.run_window(dialog);
  canvas.clear();
  if (!lost.empty()) return {Status::kExecutionError, lost};
  if (!accepted) return {Status::kCancelled, {}};
  state = dialog.state();
  return {};
}

Outcome run_steps(Host& host, RunMode mode, const DialogState& given) {
  const std::string refusal = host.refusal();
  if (!refusal.empty()) return {Status::kCallingError, refusal};

  DialogState state =
      mode == RunMode::kNonInteractive ? given : host.last_state();
  if (mode == RunMode::kInteractive) {
    if (!judge(state).empty()) state = DialogState{};
    const Outcome asked = ask(host, state);
    if (asked.status != Status::kSuccess) return asked;
  }
  const std::string wrong = judge(state);
  if (!wrong.empty()) return {Status::kCallingError, wrong};

  const Outcome outcome = host.perform(state);
  if (outcome.status == Status::kSuccess && mode == RunMode::kInteractive) {
    host.remember(state);
  }
  return outcome;
}

}  // namespace

Outcome run(Host& host, RunMode mode, const DialogState& given) noexcept {
  try {
    return run_steps(host, mode, given);
  } catch (const std::exception& error) {
    return {Status::kExecutionError, error.what()};
  }
}

std::string read_words(const char* border, const char* light,
                       const char* method, Settings& settings) {
  const auto text = [](const char* word) { return word ? word : ""; };
  const auto known_border = border_from_word(text(border));
  if (!known_border) {
    return unknown_word(parameters::kBorderName, text(border));
  }
  const auto known_light = light_from_word(text(light));
  if (!known_light) return unknown_word(parameters::kLightName, text(light));
  const auto known_method = method_from_word(text(method));
  if (!known_method) return unknown_word(parameters::kMethodName, text(method));
  settings.border = *known_border;
  settings.light = *known_light;
  settings.method = *known_method;
  return {};
}

std::string operation_missing() {
  char* user_folder =
      g_build_filename(g_get_user_data_dir(), "gegl-0.4", "plug-ins", nullptr);
  const std::string user = user_folder;
  g_free(user_folder);
  const char* path = g_getenv("GEGL_PATH");
  if (path) {
    return format_text(
        _("The operation %s is not installed. GEGL looked only in GEGL_PATH, "
          "which is %s. Install gaussian-kernel.so there, or unset GEGL_PATH "
          "and install it in %s."),
        parameters::kBlurOperation, path, user.c_str());
  }
  return format_text(_("The operation %s is not installed. GEGL looked in %s "
                       "and %s. Install gaussian-kernel.so in one of them."),
                     parameters::kBlurOperation, GK_GEGL_MODULE_FOLDER,
                     user.c_str());
}

}  // namespace gk::host
