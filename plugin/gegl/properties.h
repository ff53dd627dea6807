// The operations' GObject properties, made from the project's parameters.

#ifndef GK_PLUGIN_GEGL_PROPERTIES_H_
#define GK_PLUGIN_GEGL_PROPERTIES_H_

#include <gegl-plugin.h>

#include <cstddef>
#include <vector>

#include "plugin/parameters.h"
#include "plugin/settings.h"
#include "plugin/translation.h"

namespace gk {

// Ids of the properties that both operations have; an operation's own ones
// follow from kFirstOwnProperty.
enum KernelProperty : guint {
  kSizeProperty = 1,
  kSigmaProperty,
  kSizeYProperty,
  kSigmaYProperty,
  kFirstOwnProperty,
};

void install_kernel_properties(GObjectClass* object_class);

// False, and nothing done, if `id` is no KernelProperty. What is set becomes
// the nearest allowed value; NaN becomes 0.
bool set_kernel_property(Settings& settings, guint id, const GValue* value);
bool get_kernel_property(const Settings& settings, guint id, GValue* value);

// Lax: GObject moves a number outside its range to the nearest allowed one,
// where it would else keep the former value. Pad input: GEGL shows it as a
// property of the node.
inline constexpr auto kPropertyFlags =
    static_cast<GParamFlags>(G_PARAM_READWRITE | G_PARAM_CONSTRUCT |
                             G_PARAM_LAX_VALIDATION | GEGL_PARAM_PAD_INPUT);

// Registers a GEnum of `words`, named `type_name`; its labels are translated.
template <typename E, std::size_t N>
GType enum_type(const char* type_name, const parameters::Word<E> (&words)[N]) {
  if (const GType known = g_type_from_name(type_name)) return known;
  // GObject keeps the pointer for the life of the process.
  auto* values = g_new0(GEnumValue, N + 1);
  for (std::size_t i = 0; i < N; ++i) {
    values[i] = {static_cast<int>(words[i].value), g_strdup(_(words[i].label)),
                 words[i].nick};
  }
  return g_enum_register_static(type_name, values);
}

template <typename E, std::size_t N>
GParamSpec* enum_property(const char* type_name,
                          const parameters::Word<E> (&words)[N],
                          const char* name, const char* nick, const char* blurb,
                          E standard) {
  return gegl_param_spec_enum(name, nick, blurb, enum_type(type_name, words),
                              static_cast<int>(standard), kPropertyFlags);
}

}  // namespace gk

#endif  // GK_PLUGIN_GEGL_PROPERTIES_H_
