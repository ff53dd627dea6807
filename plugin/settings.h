// What a user asks for, and the one place that judges it.

#ifndef GK_PLUGIN_SETTINGS_H_
#define GK_PLUGIN_SETTINGS_H_

#include <optional>
#include <string>
#include <string_view>

#include "plugin/parameters.h"

namespace gk {

// As typed: 0 and negative values still carry their meanings.
struct Settings {
  int size = parameters::kSize.standard;
  double sigma = parameters::kSigma.standard;
  int size_y = parameters::kSizeY.standard;
  double sigma_y = parameters::kSigmaY.standard;
  Border border = parameters::kStandardBorder;
  Light light = parameters::kStandardLight;
  Method method = parameters::kStandardMethod;

  friend bool operator==(const Settings&, const Settings&) = default;
};

// What is wrong with the numbers in `settings`, in the user's language: the
// argument, what was given, what is allowed. Empty if they may be used.
std::string validate(const Settings& settings);

// `settings` with every number outside its range moved to the nearest allowed
// one; NaN becomes 0.
Settings nearest_valid(Settings settings);

// The kernels that valid settings stand for, automatic size and "as the other
// axis" resolved.
Kernel horizontal_kernel(const Settings& settings);
Kernel vertical_kernel(const Settings& settings);

// The value that `word` names, or nothing.
std::optional<Border> border_from_word(std::string_view word);
std::optional<Light> light_from_word(std::string_view word);
std::optional<Method> method_from_word(std::string_view word);
const char* word_for(Border border);
const char* word_for(Light light);
const char* word_for(Method method);

// What to tell a user who gave `word` for `argument` ("abyss-policy", "light"
// or "method"): lists the valid ones.
std::string unknown_word(std::string_view argument, std::string_view word);

}  // namespace gk

#endif  // GK_PLUGIN_SETTINGS_H_
