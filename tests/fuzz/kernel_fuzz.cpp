// Any size and sigma: a clear refusal, or a kernel that keeps its promises.

#include <cmath>
#include <numeric>
#include <stdexcept>
#include <string>

#include "core/kernel.h"
#include "tests/fuzz/fuzz_input.h"

namespace gk {
namespace {

using fuzz::require;

void check(const Kernel& kernel, int size, double sigma) {
  require(kernel.size() == size, "a kernel has the size asked for");
  require(kernel.sigma() == sigma, "a kernel has the sigma asked for");
  const auto weights = kernel.weights();
  const double sum = std::accumulate(weights.begin(), weights.end(), 0.0);
  require(std::fabs(sum - 1) < 1e-12, "weights sum to 1");
  for (int i = 0; i < size; ++i) {
    require(weights[i] >= 0 && weights[i] <= weights[kernel.anchor()],
            "no weight is above the peak or below 0");
    const int mirrored = 2 * kernel.anchor() - i;
    if (mirrored < size) {
      require(weights[i] == weights[mirrored], "weights are symmetric");
    }
  }
  require(kernel.coverage() >= 0 && kernel.coverage() <= 1,
          "coverage lies in 0 ... 1");
  require(std::isfinite(kernel.effective_sigma()) &&
              kernel.effective_sigma() <= kernel.anchor(),
          "effective sigma lies inside the window");
}

}  // namespace
}  // namespace gk

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes,
                                      std::size_t count) {
  using gk::Kernel;
  using gk::fuzz::require;
  gk::fuzz::Input input(bytes, count);
  const bool wild = input.take<std::uint8_t>() % 4 == 0;
  const int size = wild ? input.take<std::int32_t>() : input.between(-2, 8195);
  const double sigma =
      wild ? input.take<double>() : std::ldexp(input.between(0, 65535), -6) - 1;
  const bool valid = size >= Kernel::kMinSize && size <= Kernel::kMaxSize &&
                     sigma >= Kernel::kMinSigma && sigma <= Kernel::kMaxSigma;
  try {
    gk::check(Kernel::gaussian(size, sigma), size, sigma);
    require(valid, "what is out of range is refused");
  } catch (const std::invalid_argument& error) {
    require(!valid, "what is in range is accepted");
    const std::string text = error.what();
    require(text.find("size") != text.npos || text.find("sigma") != text.npos,
            "a refusal names the argument");
  }
  try {
    const int automatic = Kernel::automatic_size(sigma);
    require(automatic >= 1 && automatic <= Kernel::kMaxSize,
            "automatic sizes are allowed sizes");
    require(Kernel::gaussian(automatic, sigma).coverage() > 1 - 1e-4,
            "automatic sizes cut less than 1e-4");
  } catch (const std::invalid_argument&) {
    require(!(sigma >= Kernel::kMinSigma && sigma <= Kernel::kMaxSigma),
            "every sigma in range has an automatic size");
  }
  return 0;
}
