#include "plugin/gegl/properties.h"

#include <algorithm>
#include <string>

namespace gk {
namespace {

// GEGL's hosts show nicks without mnemonics.
std::string plain(std::string label) {
  std::erase(label, '_');
  return label;
}

void install(GObjectClass* object_class, guint id,
             const parameters::Range<int>& range) {
  g_object_class_install_property(
      object_class, id,
      gegl_param_spec_int(range.name, plain(_(range.nick)).c_str(),
                          _(range.blurb), range.minimum, range.maximum,
                          range.standard, range.slider_minimum,
                          range.slider_maximum, 1.0, kPropertyFlags));
}

void install(GObjectClass* object_class, guint id,
             const parameters::Range<double>& range) {
  g_object_class_install_property(
      object_class, id,
      gegl_param_spec_double(range.name, plain(_(range.nick)).c_str(),
                             _(range.blurb), range.minimum, range.maximum,
                             range.standard, range.slider_minimum,
                             range.slider_maximum, 1.0, kPropertyFlags));
}

}  // namespace

void install_kernel_properties(GObjectClass* object_class) {
  install(object_class, kSizeProperty, parameters::kSize);
  install(object_class, kSigmaProperty, parameters::kSigma);
  install(object_class, kSizeYProperty, parameters::kSizeY);
  install(object_class, kSigmaYProperty, parameters::kSigmaY);
}

bool set_kernel_property(Settings& settings, guint id, const GValue* value) {
  switch (id) {
    case kSizeProperty:
      settings.size = g_value_get_int(value);
      break;
    case kSigmaProperty:
      settings.sigma = g_value_get_double(value);
      break;
    case kSizeYProperty:
      settings.size_y = g_value_get_int(value);
      break;
    case kSigmaYProperty:
      settings.sigma_y = g_value_get_double(value);
      break;
    default:
      return false;
  }
  // GObject's own clamping lets NaN through.
  settings = nearest_valid(settings);
  return true;
}

bool get_kernel_property(const Settings& settings, guint id, GValue* value) {
  switch (id) {
    case kSizeProperty:
      g_value_set_int(value, settings.size);
      return true;
    case kSigmaProperty:
      g_value_set_double(value, settings.sigma);
      return true;
    case kSizeYProperty:
      g_value_set_int(value, settings.size_y);
      return true;
    case kSigmaYProperty:
      g_value_set_double(value, settings.sigma_y);
      return true;
    default:
      return false;
  }
}

}  // namespace gk
