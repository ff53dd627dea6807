#include "plugin/host/gimp_3_config.h"

#include "plugin/host/gimp_3_drawable.h"
#include "plugin/host/run.h"
#include "plugin/translation.h"

namespace gk::host {
namespace {

using namespace parameters;

constexpr char kKeepEffectName[] = "keep-effect";
// Remembered by the dialog, no arguments for scripts.
constexpr char kLinkName[] = "link";
constexpr char kPreviewName[] = "preview";

// Every number is let through: GIMP would put the default in the place of one
// outside a declared range, where validate() says what is wrong with it.
void add_number(GimpProcedure* procedure, const Range<int>& range) {
  const std::string blurb =
      format_text("%s (%d … %d)", _(range.blurb), range.minimum, range.maximum);
  gimp_procedure_add_int_argument(procedure, range.name, _(range.nick),
                                  blurb.c_str(), G_MININT, G_MAXINT,
                                  range.standard, G_PARAM_READWRITE);
}

void add_number(GimpProcedure* procedure, const Range<double>& range) {
  const std::string blurb = format_text("%s (%s … %s)", _(range.blurb),
                                        script_number(range.minimum).c_str(),
                                        script_number(range.maximum).c_str());
  gimp_procedure_add_double_argument(procedure, range.name, _(range.nick),
                                     blurb.c_str(), -G_MAXDOUBLE, G_MAXDOUBLE,
                                     range.standard, G_PARAM_READWRITE);
}

void add_numbers(GimpProcedure* procedure) {
  add_number(procedure, kSize);
  add_number(procedure, kSigma);
  add_number(procedure, kSizeY);
  add_number(procedure, kSigmaY);
}

void add_link(GimpProcedure* procedure) {
  gimp_procedure_add_int_aux_argument(
      procedure, kLinkName, kLinkName, nullptr,
      static_cast<int>(Link::kSizeFollowsSigma), static_cast<int>(Link::kFree),
      static_cast<int>(DialogState{}.link), G_PARAM_READWRITE);
}

// A string: GIMP's own choice arguments swallow unknown words.
template <typename E, std::size_t N>
void add_word(GimpProcedure* procedure, const char* name, const char* nick,
              const Word<E> (&words)[N], E standard) {
  std::string list;
  for (const Word<E>& word : words) {
    if (!list.empty()) list += ", ";
    list += format_text("\"%s\" (%s)", word.nick, _(word.label));
  }
  gimp_procedure_add_string_argument(procedure, name, nick, list.c_str(),
                                     word_for(standard), G_PARAM_READWRITE);
}

bool has(GimpProcedureConfig* config, const char* name) {
  return g_object_class_find_property(G_OBJECT_GET_CLASS(config), name);
}

std::string read_words_of(GimpProcedureConfig* config, Settings& settings) {
  char *border = nullptr, *light = nullptr, *method = nullptr;
  g_object_get(config, kBorderName, &border, kLightName, &light, kMethodName,
               &method, nullptr);
  const Array<char> owners[] = {Array<char>(border), Array<char>(light),
                                Array<char>(method)};
  return read_words(border, light, method, settings);
}

}  // namespace

void add_blur_arguments(GimpProcedure* procedure) {
  const DialogState standard;
  add_numbers(procedure);
  add_word(procedure, kBorderName, _("_Borders"), kBorders, kStandardBorder);
  add_word(procedure, kLightName, _("L_ight"), kLights, kStandardLight);
  add_word(procedure, kMethodName, _("Me_thod"), kMethods, kStandardMethod);
  gimp_procedure_add_boolean_argument(
      procedure, kKeepEffectName, _("_Keep as layer effect"),
      _("Leave an effect that can be edited later instead of changing the "
        "pixels; groups, texts, links and vectors always get one"),
      standard.keep_effect, G_PARAM_READWRITE);
  add_link(procedure);
  gimp_procedure_add_boolean_aux_argument(procedure, kPreviewName, kPreviewName,
                                          nullptr, standard.preview,
                                          G_PARAM_READWRITE);
}

void add_plot_arguments(GimpProcedure* procedure) {
  gimp_procedure_add_enum_argument(procedure, "run-mode", _("Run mode"),
                                   _("The run mode"), GIMP_TYPE_RUN_MODE,
                                   GIMP_RUN_NONINTERACTIVE, G_PARAM_READWRITE);
  add_numbers(procedure);
  add_number(procedure, kPlotWidth);
  add_link(procedure);
  gimp_procedure_add_image_return_value(procedure, "image", _("Image"),
                                        _("The new image"), FALSE,
                                        G_PARAM_READWRITE);
}

DialogState read_config(GimpProcedureConfig* config, std::string& wrong) {
  DialogState state;
  Settings& settings = state.settings;
  int link = 0;
  g_object_get(config, kSize.name, &settings.size, kSigma.name, &settings.sigma,
               kSizeY.name, &settings.size_y, kSigmaY.name, &settings.sigma_y,
               kLinkName, &link, nullptr);
  state.link = static_cast<Link>(link);
  wrong.clear();
  if (has(config, kPlotWidth.name)) {
    g_object_get(config, kPlotWidth.name, &state.plot_width, nullptr);
  } else {
    gboolean preview = FALSE, keep_effect = FALSE;
    g_object_get(config, kPreviewName, &preview, kKeepEffectName, &keep_effect,
                 nullptr);
    state.preview = preview;
    state.keep_effect = keep_effect;
    wrong = read_words_of(config, settings);
  }
  return state;
}

void write_config(const DialogState& state, GimpProcedureConfig* config) {
  const Settings& settings = state.settings;
  g_object_set(config, kSize.name, settings.size, kSigma.name, settings.sigma,
               kSizeY.name, settings.size_y, kSigmaY.name, settings.sigma_y,
               kLinkName, static_cast<int>(state.link), nullptr);
  if (has(config, kPlotWidth.name)) {
    g_object_set(config, kPlotWidth.name, state.plot_width, nullptr);
  } else {
    g_object_set(config, kBorderName, word_for(settings.border), kLightName,
                 word_for(settings.light), kMethodName,
                 word_for(settings.method), kPreviewName,
                 static_cast<gboolean>(state.preview), kKeepEffectName,
                 static_cast<gboolean>(state.keep_effect), nullptr);
  }
}

}  // namespace gk::host
