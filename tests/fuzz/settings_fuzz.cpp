// Any numbers from a script: what is refused can be mended, what is accepted
// has kernels.

#include <string>
#include <string_view>

#include "plugin/settings.h"
#include "tests/fuzz/fuzz_input.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes,
                                      std::size_t count) {
  using gk::fuzz::require;
  gk::fuzz::Input input(bytes, count);
  gk::Settings settings;
  settings.size = input.take<std::int32_t>();
  settings.sigma = input.take<double>();
  settings.size_y = input.take<std::int32_t>();
  settings.sigma_y = input.take<double>();
  if (!validate(settings).empty()) {
    require(!(nearest_valid(settings) == settings), "what is refused is moved");
    settings = nearest_valid(settings);
  }
  require(validate(settings).empty(), "what was moved is accepted");
  require(nearest_valid(settings) == settings, "what is accepted stays");
  require(horizontal_kernel(settings).size() >= 1, "there is a kernel");
  require(vertical_kernel(settings).size() >= 1, "there is a vertical kernel");

  const auto* letters = reinterpret_cast<const char*>(bytes);
  const std::string_view word(count > 0 ? letters : "", count);
  if (const auto border = gk::border_from_word(word)) {
    require(gk::word_for(*border) == word, "border words go both ways");
  }
  if (const auto light = gk::light_from_word(word)) {
    require(gk::word_for(*light) == word, "light words go both ways");
  }
  if (const auto method = gk::method_from_word(word)) {
    require(gk::word_for(*method) == word, "method words go both ways");
  }
  require(!gk::unknown_word("light", word).empty(), "unknown words are named");
  return 0;
}
