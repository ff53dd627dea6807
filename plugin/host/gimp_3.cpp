// The plug-in for GIMP 3: its procedures.

#include <cairo.h>
#include <libgimp/gimp.h>
#include <libgimp/gimpui.h>

#include <string>
#include <utility>
#include <vector>

#include "plugin/host/gimp_3_config.h"
#include "plugin/host/gimp_3_drawable.h"
#include "plugin/host/gimp_3_preview.h"
#include "plugin/host/gimp_3_window.h"
#include "plugin/host/plot.h"
#include "plugin/host/run.h"
#include "plugin/translation.h"

namespace gk::host {
namespace {

using namespace parameters;
using Status = Outcome::Status;

constexpr char kRole[] = "gaussian-kernel";
constexpr char kBlurTitle[] = N_("Gaussian Kernel Blur");
constexpr char kPlotTitle[] = N_("Gaussian Kernel Matrix");

// The part that both procedures share: windows and last values.
class Gimp3Host : public Host {
 public:
  Gimp3Host(GimpProcedure* procedure, GimpProcedureConfig* config,
            const char* title)
      : config_(config), title_(title), window_(procedure, config) {}

  DialogState last_state() const override {
    std::string wrong;
    return read_config(config_, wrong);
  }

  // GIMP itself keeps the config of a successful call.
  void remember(const DialogState& state) override {
    write_config(state, config_);
  }

  std::string start_interface() override {
    if (!gimp_display_name() && !g_getenv("DISPLAY") &&
        !g_getenv("WAYLAND_DISPLAY")) {
      return _("There is no display for a window: use RUN-NONINTERACTIVE.");
    }
    gimp_ui_init(kRole);
    return {};
  }

  bool run_window(Dialog& dialog) override {
    return window_.run(dialog, _(title_));
  }
  void close_window() override { window_.close(); }
  void state_changed(const DialogState& state) override {
    window_.adopt(state);
  }

 private:
  GimpProcedureConfig* config_;
  const char* title_;
  Window window_;
};

class BlurHost : public Gimp3Host {
 public:
  BlurHost(GimpProcedure* procedure, GimpProcedureConfig* config,
           GimpImage* image, GimpDrawable** drawables)
      : Gimp3Host(procedure, config, kBlurTitle), image_(image) {
    for (; drawables && *drawables; ++drawables) {
      drawables_.push_back(*drawables);
    }
  }

  std::string refusal() override {
    if (drawables_.empty()) {
      return _(
          "drawables is empty; at least one layer, mask or channel must "
          "be given.");
    }
    const std::string refusal = refusal_of_drawables();
    if (!refusal.empty()) return refusal;
    GimpDrawableFilter* trial = new_filter(drawables_[0], nullptr);
    if (!trial) return operation_missing();
    gimp_drawable_filter_delete(trial);
    return {};
  }

  std::string start_interface() override {
    const std::string reason = Gimp3Host::start_interface();
    if (reason.empty()) remove_stray_previews(image_);
    return reason;
  }

  DialogOptions options() const override {
    DialogOptions options;
    options.no_preview_reason = no_preview_reason(drawables_);
    options.light_matters = false;
    for (GimpDrawable* drawable : drawables_) {
      if (!holds_coverage(drawable)) options.light_matters = true;
      if (takes_effect(drawable) && !needs_effect(drawable)) {
        options.offer_keep_effect = true;
      }
    }
    return options;
  }

  std::unique_ptr<Preview> open_preview(
      std::function<void(const std::string& reason)> lost) override {
    return open_effect_preview(image_, drawables_, std::move(lost));
  }

  Outcome perform(const DialogState& state) override {
    const std::string refusal = refusal_of_drawables();
    if (!refusal.empty()) return {Status::kExecutionError, refusal};
    remove_stray_previews(image_);
    const Outcome outcome =
        blur(image_, drawables_, state.settings, state.keep_effect);
    gimp_displays_flush();
    return outcome;
  }

 private:
  // Also what has happened to them while the dialog was open.
  std::string refusal_of_drawables() const {
    for (GimpDrawable* drawable : drawables_) {
      const std::string refusal = refusal_of(image_, drawable);
      if (!refusal.empty()) return refusal;
    }
    return {};
  }

  GimpImage* const image_;
  std::vector<GimpDrawable*> drawables_;
};

class PlotHost : public Gimp3Host {
 public:
  PlotHost(GimpProcedure* procedure, GimpProcedureConfig* config,
           bool show_image)
      : Gimp3Host(procedure, config, kPlotTitle), show_image_(show_image) {}

  std::string refusal() override { return {}; }

  DialogOptions options() const override {
    DialogOptions options;
    options.kind = DialogOptions::Kind::kPlot;
    return options;
  }

  std::unique_ptr<Preview> open_preview(
      std::function<void(const std::string& reason)> /*lost*/) override {
    return nullptr;
  }

  Outcome perform(const DialogState& state) override {
    return plot(state, [this](cairo_surface_t* surface, int width, int height) {
      open_image(surface, width, height);
    });
  }

  GimpImage* image() const { return image_; }

 private:
  void open_image(cairo_surface_t* surface, int width, int height) {
    image_ = gimp_image_new(width, height, GIMP_RGB);
    gimp_image_undo_disable(image_);
    GimpLayer* layer =
        gimp_layer_new_from_surface(image_, _(kPlotTitle), surface, 0, 1);
    gimp_image_insert_layer(image_, layer, nullptr, 0);
    gimp_image_undo_enable(image_);
    if (show_image_) {
      gimp_display_new(image_);
      gimp_displays_flush();
    }
  }

  const bool show_image_;
  GimpImage* image_ = nullptr;
};

RunMode run_mode_of(GimpRunMode mode) {
  switch (mode) {
    case GIMP_RUN_INTERACTIVE:
      return RunMode::kInteractive;
    case GIMP_RUN_WITH_LAST_VALS:
      return RunMode::kLastValues;
    case GIMP_RUN_NONINTERACTIVE:
      break;
  }
  return RunMode::kNonInteractive;
}

GimpPDBStatusType status_of(Status status) {
  switch (status) {
    case Status::kSuccess:
      return GIMP_PDB_SUCCESS;
    case Status::kCancelled:
      return GIMP_PDB_CANCEL;
    case Status::kCallingError:
      return GIMP_PDB_CALLING_ERROR;
    case Status::kExecutionError:
      break;
  }
  return GIMP_PDB_EXECUTION_ERROR;
}

GimpValueArray* answer(GimpProcedure* procedure, const Outcome& outcome) {
  GError* error =
      outcome.message.empty()
          ? nullptr
          : g_error_new_literal(GIMP_PLUG_IN_ERROR, 0, outcome.message.c_str());
  return gimp_procedure_new_return_values(procedure, status_of(outcome.status),
                                          error);
}

// A word that a script got wrong ends the call; one that was remembered wrong
// gives way to the standard.
Outcome run_with(Host& host, GimpRunMode gimp_mode,
                 GimpProcedureConfig* config) {
  const RunMode mode = run_mode_of(gimp_mode);
  std::string wrong;
  const DialogState given = read_config(config, wrong);
  if (!wrong.empty() && mode == RunMode::kNonInteractive) {
    return {Status::kCallingError, wrong};
  }
  return run(host, mode, given);
}

GimpValueArray* call_blur(GimpProcedure* procedure, GimpRunMode mode,
                          GimpImage* image, GimpDrawable** drawables,
                          GimpProcedureConfig* config, gpointer /*data*/) {
  BlurHost host(procedure, config, image, drawables);
  return answer(procedure, run_with(host, mode, config));
}

GimpValueArray* call_plot(GimpProcedure* procedure, GimpProcedureConfig* config,
                          gpointer /*data*/) {
  GimpRunMode mode = GIMP_RUN_NONINTERACTIVE;
  g_object_get(config, "run-mode", &mode, nullptr);
  PlotHost host(procedure, config, mode != GIMP_RUN_NONINTERACTIVE);
  const Outcome outcome = run_with(host, mode, config);
  GimpValueArray* values = answer(procedure, outcome);
  if (outcome.status == Status::kSuccess) {
    GIMP_VALUES_SET_IMAGE(values, 1, host.image());
  }
  return values;
}

GimpProcedure* new_blur_procedure(GimpPlugIn* plug_in) {
  GimpProcedure* procedure = gimp_image_procedure_new(
      plug_in, kBlurProcedure, GIMP_PDB_PROC_TYPE_PLUGIN, call_blur, nullptr,
      nullptr);
  gimp_procedure_set_image_types(procedure, "RGB*, GRAY*");
  gimp_procedure_set_sensitivity_mask(
      procedure,
      GIMP_PROCEDURE_SENSITIVE_DRAWABLE | GIMP_PROCEDURE_SENSITIVE_DRAWABLES);
  gimp_procedure_set_menu_label(procedure, _("Gaussian _Kernel Blur..."));
  gimp_procedure_add_menu_path(procedure, "<Image>/Filters/Blur");
  gimp_procedure_set_documentation(
      procedure,
      _("Blur with exactly the Gaussian kernel that size and sigma give"),
      _("Convolves the drawables with the Gaussian matrix of the given size "
        "and standard deviation. Groups, texts, links and vectors always keep "
        "it as a layer effect, masks and channels never."),
      kBlurProcedure);
  add_blur_arguments(procedure);
  return procedure;
}

GimpProcedure* new_plot_procedure(GimpPlugIn* plug_in) {
  GimpProcedure* procedure =
      gimp_procedure_new(plug_in, kPlotProcedure, GIMP_PDB_PROC_TYPE_PLUGIN,
                         call_plot, nullptr, nullptr);
  gimp_procedure_set_sensitivity_mask(procedure,
                                      GIMP_PROCEDURE_SENSITIVE_ALWAYS);
  gimp_procedure_set_menu_label(procedure, _("Gaussian Kernel _Matrix..."));
  gimp_procedure_add_menu_path(procedure, "<Image>/Filters/Render");
  gimp_procedure_set_documentation(
      procedure, _("Draw the matrix of a Gaussian kernel into a new image"),
      _("Renders the matrix of the given size and standard deviation as a "
        "heat map with a title, axes and a colour bar."),
      kPlotProcedure);
  add_plot_arguments(procedure);
  return procedure;
}

}  // namespace
}  // namespace gk::host

#define GK_TYPE_PLUG_IN (gaussian_kernel_plug_in_get_type())
G_DECLARE_FINAL_TYPE(GaussianKernelPlugIn, gaussian_kernel_plug_in, GK, PLUG_IN,
                     GimpPlugIn)

struct _GaussianKernelPlugIn {
  GimpPlugIn parent_instance;
};

G_DEFINE_TYPE(GaussianKernelPlugIn, gaussian_kernel_plug_in, GIMP_TYPE_PLUG_IN)

static GList* query_procedures(GimpPlugIn* /*plug_in*/) {
  GList* names =
      g_list_append(nullptr, g_strdup(gk::parameters::kBlurProcedure));
  return g_list_append(names, g_strdup(gk::parameters::kPlotProcedure));
}

static GimpProcedure* create_procedure(GimpPlugIn* plug_in, const gchar* name) {
  GimpProcedure* procedure =
      g_strcmp0(name, gk::parameters::kPlotProcedure) == 0
          ? gk::host::new_plot_procedure(plug_in)
          : gk::host::new_blur_procedure(plug_in);
  gimp_procedure_set_attribution(procedure, "Gaussian Kernel",
                                 "Gaussian Kernel", "2026");
  return procedure;
}

// GIMP complains about a catalogue folder that is not there.
static gboolean set_i18n(GimpPlugIn* /*plug_in*/, const gchar* /*procedure*/,
                         gchar** domain, gchar** folder) {
  char* here = g_path_get_dirname(gimp_get_progname());
  char* locale = g_build_filename(here, "locale", nullptr);
  const gboolean is_there = g_file_test(locale, G_FILE_TEST_IS_DIR);
  g_free(locale);
  g_free(here);
  *domain = g_strdup(gk::parameters::kTextDomain);
  *folder = nullptr;
  return is_there;
}

static void gaussian_kernel_plug_in_class_init(
    GaussianKernelPlugInClass* type) {
  GimpPlugInClass* plug_in = GIMP_PLUG_IN_CLASS(type);
  plug_in->query_procedures = query_procedures;
  plug_in->create_procedure = create_procedure;
  plug_in->set_i18n = set_i18n;
}

static void gaussian_kernel_plug_in_init(GaussianKernelPlugIn* /*plug_in*/) {}

GIMP_MAIN(GK_TYPE_PLUG_IN)
