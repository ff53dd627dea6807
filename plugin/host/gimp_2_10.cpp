// The plug-in for GIMP 2.10: its procedures and its windows.

#include <babl/babl.h>
#include <cairo.h>
#include <gegl.h>
#include <libgimp/gimp.h>
#include <libgimp/gimpui.h>
#include <libintl.h>

#include <cstring>
#include <exception>
#include <iterator>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "plugin/host/gimp_2_10_drawable.h"
#include "plugin/host/gimp_2_10_preview.h"
#include "plugin/host/plot.h"
#include "plugin/host/run.h"
#include "plugin/translation.h"

namespace gk::host {
namespace {

using namespace parameters;

constexpr char kRole[] = "gaussian-kernel";
constexpr char kBlurTitle[] = N_("Gaussian Kernel Blur");
constexpr char kPlotTitle[] = N_("Gaussian Kernel Matrix");

// A file that was installed beside the plug-in.
std::string beside_plug_in(const char* name) {
  char* folder = g_path_get_dirname(gimp_get_progname());
  char* path = g_build_filename(folder, name, nullptr);
  const std::string result = path;
  g_free(path);
  g_free(folder);
  return result;
}

void show_help(const gchar* /*help_id*/, gpointer /*data*/) {
  const std::string path = beside_plug_in("help.html");
  char* address = g_filename_to_uri(path.c_str(), nullptr, nullptr);
  GError* error = nullptr;
  if (!address || !gtk_show_uri(nullptr, address, GDK_CURRENT_TIME, &error)) {
    g_message(_("The help page %s could not be opened: %s"), path.c_str(),
              error ? error->message : "");
  }
  g_clear_error(&error);
  g_free(address);
}

// The Help button is GIMP's own, the one that gives no response. Its word comes
// from a catalogue that lacks it in some languages.
void translate_help(GtkDialog* window) {
  GList* buttons = gtk_container_get_children(
      GTK_CONTAINER(gtk_dialog_get_action_area(window)));
  for (const GList* link = buttons; link; link = link->next) {
    auto* button = static_cast<GtkWidget*>(link->data);
    if (GTK_IS_BUTTON(button) && gtk_dialog_get_response_for_widget(
                                     window, button) == GTK_RESPONSE_NONE) {
      gtk_button_set_label(GTK_BUTTON(button), _("_Help"));
    }
  }
  g_list_free(buttons);
}

// The part that both procedures share: windows and last values.
class Gimp210Host : public Host {
 public:
  Gimp210Host(const char* procedure, const char* title)
      : procedure_(procedure), title_(title) {}

  DialogState last_state() const override {
    // A session's own memory: written and read by the same program.
    Remembered remembered;
    if (gimp_get_data_size(procedure_) != sizeof remembered ||
        !gimp_get_data(procedure_, &remembered) ||
        remembered.version != Remembered::kVersion) {
      return {};
    }
    return remembered.state;
  }

  void remember(const DialogState& state) override {
    Remembered remembered;
    remembered.state = state;
    gimp_set_data(procedure_, &remembered, sizeof remembered);
  }

  std::string start_interface() override {
    if (!gtk_init_check(nullptr, nullptr)) {
      return _("There is no display for a window: use RUN-NONINTERACTIVE.");
    }
    gimp_ui_init(kRole, TRUE);
    return {};
  }

  bool run_window(Dialog& dialog) override {
    window_ = gimp_dialog_new(
        _(title_), kRole, nullptr, static_cast<GtkDialogFlags>(0), show_help,
        procedure_, _("_Reset"), kReset, _("_Cancel"), GTK_RESPONSE_CANCEL,
        _("_OK"), GTK_RESPONSE_OK, nullptr);
    translate_help(GTK_DIALOG(window_));
    gtk_dialog_set_alternative_button_order(
        GTK_DIALOG(window_), GTK_RESPONSE_OK, kReset, GTK_RESPONSE_CANCEL, -1);
    gtk_dialog_set_default_response(GTK_DIALOG(window_), GTK_RESPONSE_OK);
    gtk_box_pack_start(
        GTK_BOX(gtk_dialog_get_content_area(GTK_DIALOG(window_))),
        dialog.widget(), TRUE, TRUE, 0);
    gimp_window_set_transient(GTK_WINDOW(window_));
    gtk_widget_show(dialog.widget());

    int response = kReset;
    while (response == kReset) {
      response = is_closed_ ? static_cast<int>(GTK_RESPONSE_CANCEL)
                            : gimp_dialog_run(GIMP_DIALOG(window_));
      if (response == kReset) dialog.set_state(DialogState{});
    }
    gtk_widget_destroy(std::exchange(window_, nullptr));
    // The window goes before the work begins. What is still to be drawn of a
    // preview is not waited for.
    gdk_flush();
    return response == GTK_RESPONSE_OK;
  }

  void close_window() override {
    is_closed_ = true;
    if (window_) gtk_dialog_response(GTK_DIALOG(window_), GTK_RESPONSE_CANCEL);
  }

 private:
  static constexpr int kReset = 1;

  struct Remembered {
    static constexpr int kVersion = 1;
    int version = kVersion;
    DialogState state;
  };
  static_assert(std::is_trivially_copyable_v<Remembered>);

  const char* procedure_;
  const char* title_;
  GtkWidget* window_ = nullptr;
  bool is_closed_ = false;
};

class BlurHost : public Gimp210Host {
 public:
  explicit BlurHost(gint32 drawable)
      : Gimp210Host(kBlurProcedure, kBlurTitle), drawable_(drawable) {}

  std::string refusal() override {
    const std::string refusal = refusal_of(drawable_);
    if (!refusal.empty()) return refusal;
    start_gegl();
    return gegl_has_operation(kBlurOperation) ? "" : operation_missing();
  }

  std::string start_interface() override {
    const std::string reason = Gimp210Host::start_interface();
    if (reason.empty()) clean_up();
    return reason;
  }

  DialogOptions options() const override {
    DialogOptions options;
    options.no_preview_reason = no_preview_reason(drawable_);
    options.light_matters = !holds_coverage(drawable_);
    return options;
  }

  std::unique_ptr<Preview> open_preview(
      std::function<void(const std::string& reason)> lost) override {
    return open_layer_preview(drawable_, std::move(lost));
  }

  Outcome perform(const DialogState& state) override {
    if (!gimp_item_is_valid(drawable_)) {
      return {Outcome::Status::kExecutionError,
              _("The layer is gone. Nothing was blurred.")};
    }
    // What has happened to it while the dialog was open.
    const std::string refusal = refusal_of(drawable_);
    if (!refusal.empty()) return {Outcome::Status::kExecutionError, refusal};
    clean_up();
    const std::string failure = blur(drawable_, state.settings);
    gimp_displays_flush();
    if (failure.empty()) return {};
    return {Outcome::Status::kExecutionError, failure};
  }

 private:
  void clean_up() {
    remove_stray_previews(gimp_item_get_image(drawable_), drawable_);
  }

  const gint32 drawable_;
};

class PlotHost : public Gimp210Host {
 public:
  explicit PlotHost(bool show_image)
      : Gimp210Host(kPlotProcedure, kPlotTitle), show_image_(show_image) {}

  std::string refusal() override {
    start_gegl();
    return {};
  }

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

  gint32 image() const { return image_; }

 private:
  void open_image(cairo_surface_t* surface, int width, int height) {
    image_ = gimp_image_new(width, height, GIMP_RGB);
    const gint32 layer =
        gimp_layer_new(image_, _(kPlotTitle), width, height, GIMP_RGB_IMAGE,
                       100, gimp_image_get_default_new_layer_mode(image_));
    gimp_image_undo_disable(image_);
    gimp_image_insert_layer(image_, layer, -1, 0);
    {
      const Reference<GeglBuffer> pixels(gimp_drawable_get_buffer(layer));
      gegl_buffer_set(pixels.get(), nullptr, 0, babl_format("cairo-RGB24"),
                      cairo_image_surface_get_data(surface),
                      cairo_image_surface_get_stride(surface));
      gegl_buffer_flush(pixels.get());
    }
    gimp_drawable_update(layer, 0, 0, width, height);
    gimp_image_undo_enable(image_);
    if (show_image_) {
      gimp_display_new(image_);
      gimp_displays_flush();
    }
  }

  const bool show_image_;
  gint32 image_ = -1;
};

GimpParamDef definition(GimpPDBArgType type, const char* name,
                        std::string description) {
  return {type, g_strdup(name), g_strdup(description.c_str())};
}

GimpParamDef definition(const Range<int>& range) {
  return definition(
      GIMP_PDB_INT32, range.name,
      format_text("%s (%d … %d)", range.blurb, range.minimum, range.maximum));
}

GimpParamDef definition(const Range<double>& range) {
  return definition(GIMP_PDB_FLOAT, range.name,
                    format_text("%s (%s … %s)", range.blurb,
                                script_number(range.minimum).c_str(),
                                script_number(range.maximum).c_str()));
}

template <typename E, std::size_t N>
GimpParamDef definition(const char* name, const Word<E> (&words)[N]) {
  std::string list;
  for (const Word<E>& word : words) {
    if (!list.empty()) list += ", ";
    list += std::string("\"") + word.nick + "\"";
  }
  return definition(GIMP_PDB_STRING, name, list);
}

GimpParamDef run_mode_definition() {
  return definition(GIMP_PDB_INT32, "run-mode",
                    "The run mode { RUN-INTERACTIVE (0), RUN-NONINTERACTIVE "
                    "(1), RUN-WITH-LAST-VALS (2) }");
}

void install(const char* procedure, const char* blurb, const char* help,
             const char* label, const char* image_types, const char* menu,
             const std::vector<GimpParamDef>& arguments,
             const std::vector<GimpParamDef>& results) {
  gimp_install_procedure(
      procedure, blurb, help, "Gaussian Kernel", "Gaussian Kernel", "2026",
      label, image_types, GIMP_PLUGIN, static_cast<gint>(arguments.size()),
      static_cast<gint>(results.size()), arguments.data(), results.data());
  gimp_plugin_menu_register(procedure, menu);
}

void query() {
  gimp_plugin_domain_register(kTextDomain, beside_plug_in("locale").c_str());
  install(
      kBlurProcedure,
      N_("Blur with exactly the Gaussian kernel that size and sigma give"),
      "Convolves the drawable with the Gaussian matrix of the given size "
      "and standard deviation. A selection limits where pixels change; the "
      "kernel still reads the pixels outside it.",
      N_("Gaussian _Kernel Blur..."), "RGB*, GRAY*", "<Image>/Filters/Blur",
      {run_mode_definition(), definition(GIMP_PDB_IMAGE, "image", "The image"),
       definition(GIMP_PDB_DRAWABLE, "drawable",
                  "The layer, mask or channel to blur"),
       definition(kSize), definition(kSigma), definition(kSizeY),
       definition(kSigmaY), definition(kBorderName, kBorders),
       definition(kLightName, kLights), definition(kMethodName, kMethods)},
      {});
  install(kPlotProcedure,
          N_("Draw the matrix of a Gaussian kernel into a new image"),
          "Renders the matrix of the given size and standard deviation as a "
          "heat map with a title, axes and a colour bar.",
          N_("Gaussian Kernel _Matrix..."), nullptr, "<Image>/Filters/Render",
          {run_mode_definition(), definition(kSize), definition(kSigma),
           definition(kSizeY), definition(kSigmaY), definition(kPlotWidth)},
          {definition(GIMP_PDB_IMAGE, "image", "The new image")});
}

constexpr int kBlurArguments = 10;
constexpr int kPlotArguments = 6;

// The four numbers from `values` on.
void read_numbers(const GimpParam* values, Settings& settings) {
  settings.size = values[0].data.d_int32;
  settings.sigma = values[1].data.d_float;
  settings.size_y = values[2].data.d_int32;
  settings.sigma_y = values[3].data.d_float;
}

Outcome wrong_count(const char* procedure, int expected, int given) {
  return {Outcome::Status::kCallingError,
          format_text(_("%s takes %d arguments; %d were given."), procedure,
                      expected, given)};
}

std::optional<RunMode> run_mode(int count, const GimpParam* values) {
  if (count < 1) return std::nullopt;
  switch (values[0].data.d_int32) {
    case GIMP_RUN_INTERACTIVE:
      return RunMode::kInteractive;
    case GIMP_RUN_NONINTERACTIVE:
      return RunMode::kNonInteractive;
    case GIMP_RUN_WITH_LAST_VALS:
      return RunMode::kLastValues;
  }
  return std::nullopt;
}

Outcome unknown_run_mode(int count, const GimpParam* values) {
  return {Outcome::Status::kCallingError,
          format_text(_("%s is %d; allowed are %d … %d."), "run-mode",
                      count < 1 ? -1 : values[0].data.d_int32,
                      static_cast<int>(GIMP_RUN_INTERACTIVE),
                      static_cast<int>(GIMP_RUN_WITH_LAST_VALS))};
}

Outcome call_blur(int count, const GimpParam* values) {
  const auto mode = run_mode(count, values);
  if (!mode) return unknown_run_mode(count, values);
  // From the menu GIMP gives the first three alone.
  constexpr int kTargetArguments = 3;
  if (*mode == RunMode::kNonInteractive ? count != kBlurArguments
                                        : count < kTargetArguments) {
    return wrong_count(kBlurProcedure, kBlurArguments, count);
  }
  DialogState given;
  if (*mode == RunMode::kNonInteractive) {
    read_numbers(values + 3, given.settings);
    const std::string wrong =
        read_words(values[7].data.d_string, values[8].data.d_string,
                   values[9].data.d_string, given.settings);
    if (!wrong.empty()) return {Outcome::Status::kCallingError, wrong};
  }
  BlurHost host(values[2].data.d_drawable);
  return run(host, *mode, given);
}

Outcome call_plot(int count, const GimpParam* values, gint32& image) {
  const auto mode = run_mode(count, values);
  if (!mode) return unknown_run_mode(count, values);
  DialogState given;
  if (*mode == RunMode::kNonInteractive) {
    if (count != kPlotArguments) {
      return wrong_count(kPlotProcedure, kPlotArguments, count);
    }
    read_numbers(values + 1, given.settings);
    given.plot_width = values[5].data.d_int32;
  }
  PlotHost host(*mode != RunMode::kNonInteractive);
  const Outcome outcome = run(host, *mode, given);
  image = host.image();
  return outcome;
}

GimpPDBStatusType status_of(Outcome::Status status) {
  switch (status) {
    case Outcome::Status::kSuccess:
      return GIMP_PDB_SUCCESS;
    case Outcome::Status::kCancelled:
      return GIMP_PDB_CANCEL;
    case Outcome::Status::kCallingError:
      return GIMP_PDB_CALLING_ERROR;
    case Outcome::Status::kExecutionError:
      break;
  }
  return GIMP_PDB_EXECUTION_ERROR;
}

void answer_call(const gchar* name, gint count, const GimpParam* values,
                 gint* result_count, GimpParam** results) {
  // GIMP reads these after the call.
  static GimpParam answer[2];
  static std::string message;

  const std::string locale = beside_plug_in("locale");
  bindtextdomain(kTextDomain, locale.c_str());
  bind_textdomain_codeset(kTextDomain, "UTF-8");

  const bool is_plot = std::strcmp(name, kPlotProcedure) == 0;
  gint32 image = -1;
  Outcome outcome;
  try {
    outcome =
        is_plot ? call_plot(count, values, image) : call_blur(count, values);
  } catch (const std::exception& error) {
    outcome = {Outcome::Status::kExecutionError, error.what()};
  }

  *results = answer;
  *result_count = 1;
  answer[0].type = GIMP_PDB_STATUS;
  answer[0].data.d_status = status_of(outcome.status);
  if (outcome.status == Outcome::Status::kSuccess) {
    if (!is_plot) return;
    *result_count = 2;
    answer[1].type = GIMP_PDB_IMAGE;
    answer[1].data.d_image = image;
  } else if (!outcome.message.empty()) {
    message = outcome.message;
    *result_count = 2;
    answer[1].type = GIMP_PDB_STRING;
    answer[1].data.d_string = message.data();
  }
}

constexpr GimpPlugInInfo kPlugIn = {nullptr, nullptr, query, answer_call};

}  // namespace
}  // namespace gk::host

int main(int argc, char* argv[]) {
  return gimp_main(&gk::host::kPlugIn, argc, argv);
}
