// The project's catalogue, and texts with numbers in them.

#ifndef GK_PLUGIN_TRANSLATION_H_
#define GK_PLUGIN_TRANSLATION_H_

#include <glib.h>

#include <string>

#include "plugin/parameters.h"

// Translates from the project's own text domain.
#define _(text) g_dgettext(gk::parameters::kTextDomain, text)
// Marks a text that is translated where it is used.
#define N_(text) text

namespace gk {

template <typename... Arguments>
std::string format_text(const char* format, Arguments... arguments) {
  char* text = g_strdup_printf(format, arguments...);
  std::string result = text;
  g_free(text);
  return result;
}

// `value` with a decimal point in every locale, as short as it can be.
inline std::string script_number(double value) {
  char buffer[G_ASCII_DTOSTR_BUF_SIZE];
  return g_ascii_formatd(buffer, sizeof buffer, "%.10g", value);
}

}  // namespace gk

#endif  // GK_PLUGIN_TRANSLATION_H_
