#include "plugin/settings.h"

#include <algorithm>
#include <cmath>
#include <iterator>

#include "plugin/translation.h"

namespace gk {
namespace {

using namespace parameters;

template <typename T>
bool allowed(const Range<T>& range, T value) {
  return value >= range.minimum && value <= range.maximum;  // NaN fails
}

std::string out_of_range(const Range<int>& range, int value) {
  return format_text(_("%s is %d; allowed are %d … %d."), range.name, value,
                     range.minimum, range.maximum);
}

std::string out_of_range(const Range<double>& range, double value) {
  // Numbers as a script would write them, whatever the locale.
  return format_text(_("%s is %s; allowed are %s … %s."), range.name,
                     script_number(value).c_str(),
                     script_number(range.minimum).c_str(),
                     script_number(range.maximum).c_str());
}

template <typename T>
T nearest(const Range<T>& range, T value) {
  if (value != value) return T{};  // NaN
  return std::clamp(value, range.minimum, range.maximum);
}

template <typename E, std::size_t N>
std::optional<E> from_word(const Word<E> (&words)[N], std::string_view word) {
  for (const Word<E>& known : words) {
    if (word == known.nick) return known.value;
  }
  return std::nullopt;
}

template <typename E, std::size_t N>
const char* nick_of(const Word<E> (&words)[N], E value) {
  for (const Word<E>& known : words) {
    if (value == known.value) return known.nick;
  }
  return words[0].nick;
}

template <typename E, std::size_t N>
std::string list_of(const Word<E> (&words)[N]) {
  std::string list;
  for (const Word<E>& known : words) {
    if (!list.empty()) list += ", ";
    list += known.nick;
  }
  return list;
}

Kernel resolved_kernel(int size, double sigma) {
  return Kernel::gaussian(
      size == kAutomaticSize ? Kernel::automatic_size(sigma) : size, sigma);
}

}  // namespace

std::string validate(const Settings& settings) {
  if (!allowed(kSize, settings.size)) {
    return out_of_range(kSize, settings.size);
  }
  if (!allowed(kSigma, settings.sigma)) {
    return out_of_range(kSigma, settings.sigma);
  }
  if (!allowed(kSizeY, settings.size_y)) {
    return out_of_range(kSizeY, settings.size_y);
  }
  if (!allowed(kSigmaY, settings.sigma_y)) {
    return out_of_range(kSigmaY, settings.sigma_y);
  }
  return {};
}

Settings nearest_valid(Settings settings) {
  settings.size = nearest(kSize, settings.size);
  settings.sigma = nearest(kSigma, settings.sigma);
  settings.size_y = nearest(kSizeY, settings.size_y);
  settings.sigma_y = nearest(kSigmaY, settings.sigma_y);
  return settings;
}

Kernel horizontal_kernel(const Settings& settings) {
  return resolved_kernel(settings.size, settings.sigma);
}

Kernel vertical_kernel(const Settings& settings) {
  return resolved_kernel(
      settings.size_y < 0 ? settings.size : settings.size_y,
      settings.sigma_y < 0 ? settings.sigma : settings.sigma_y);
}

std::optional<Border> border_from_word(std::string_view word) {
  return from_word(kBorders, word);
}
std::optional<Light> light_from_word(std::string_view word) {
  return from_word(kLights, word);
}
std::optional<Method> method_from_word(std::string_view word) {
  return from_word(kMethods, word);
}
const char* word_for(Border border) { return nick_of(kBorders, border); }
const char* word_for(Light light) { return nick_of(kLights, light); }
const char* word_for(Method method) { return nick_of(kMethods, method); }

std::string unknown_word(std::string_view argument, std::string_view word) {
  const std::string list = argument == kBorderName  ? list_of(kBorders)
                           : argument == kLightName ? list_of(kLights)
                                                    : list_of(kMethods);
  return format_text(_("%s is \"%s\"; allowed are: %s."),
                     std::string(argument).c_str(), std::string(word).c_str(),
                     list.c_str());
}

}  // namespace gk
