#include "tests/bench/core_runs.h"

#include <time.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <random>
#include <thread>
#include <utility>

#include "core/reference.h"

namespace gk::bench {
namespace {

double milliseconds(clockid_t clock) {
  timespec now;
  clock_gettime(clock, &now);
  return 1e3 * now.tv_sec + 1e-6 * now.tv_nsec;
}

double unit(const PixelFormat& format) {
  return format.component == Component::kU8    ? 255
         : format.component == Component::kU16 ? 65535
                                               : 1;
}

}  // namespace

Cost cost_of(const std::function<void()>& work) {
  const double cpu = milliseconds(CLOCK_PROCESS_CPUTIME_ID);
  const double wall = milliseconds(CLOCK_MONOTONIC);
  work();
  return {milliseconds(CLOCK_PROCESS_CPUTIME_ID) - cpu,
          milliseconds(CLOCK_MONOTONIC) - wall};
}

Cost best_of(const Cost& a, const Cost& b) {
  return {std::min(a.cpu_ms, b.cpu_ms), std::min(a.wall_ms, b.wall_ms)};
}

const std::vector<NamedFormat>& formats() {
  static const std::vector<NamedFormat> kFormats = [] {
    constexpr std::pair<const char*, Component> kComponents[] = {
        {"u8", Component::kU8},
        {"u16", Component::kU16},
        {"f16", Component::kHalf},
        {"f32", Component::kFloat},
    };
    std::vector<NamedFormat> all;
    for (const auto& [name, component] : kComponents) {
      for (int channels = 1; channels <= 4; ++channels) {
        const Alpha alpha = channels % 2 == 0 ? Alpha::kStraight : Alpha::kNone;
        all.push_back({std::string(name) + "x" + std::to_string(channels),
                       {component, channels, alpha, ToneCurve::kSrgb}});
      }
    }
    return all;
  }();
  return kFormats;
}

void fill(support::MemoryImage& image, bool transparent) {
  const PixelFormat& format = image.format();
  const Rect area = image.area();
  std::mt19937 random(1);
  const int colours = format.channels - (format.alpha != Alpha::kNone);
  for (int y = 0; y < area.height; ++y) {
    for (int x = 0; x < area.width; ++x) {
      const double step = ((x / 97 + y / 61) % 2) * 0.4;
      const double gradient = 0.2 * (x + y) / (area.width + area.height);
      for (int c = 0; c < colours; ++c) {
        const double grain = 0.4 * (random() >> 8) * 0x1p-24;
        image.set(x, y, c, grain + step + gradient);
      }
      if (format.alpha == Alpha::kNone) continue;
      const int tile = (x / 200 + 3 * (y / 200)) % 5;
      const double alpha = tile == 0 ? 0 : tile == 1 ? (x % 200) / 199.0 : 1;
      image.set(x, y, colours, transparent ? alpha : 1);
    }
  }
}

void blur(const Convolver& convolver, const support::MemoryImage& from,
          support::MemoryImage& to, int threads) {
  const Rect area = from.area();
  const auto band = [&](int index) {
    const int first = static_cast<int>(static_cast<std::int64_t>(area.height) *
                                       index / threads);
    const int end = static_cast<int>(static_cast<std::int64_t>(area.height) *
                                     (index + 1) / threads);
    support::MemorySource source(from);
    support::MemoryDestination destination(to);
    if (!convolver.run(source, {0, first, area.width, end - first},
                       destination)) {
      std::fputs("gk-bench: no memory for scratch\n", stderr);
      std::abort();
    }
  };
  std::vector<std::thread> others;
  for (int i = 1; i < threads; ++i) others.emplace_back(band, i);
  band(0);
  for (std::thread& other : others) other.join();
}

double largest_error(const Kernel& kernel, Light light,
                     const support::MemoryImage& from,
                     const support::MemoryImage& to) {
  const PixelFormat& format = from.format();
  const Rect area = from.area();
  std::mt19937 random(2);
  // The definition costs size^2 for a pixel: about as long for every size.
  const double taps = static_cast<double>(kernel.size()) * kernel.size();
  const int pixels = static_cast<int>(std::clamp(2e7 / taps, 12.0, 400.0));
  double worst = 0;
  for (int i = 0; i < pixels; ++i) {
    int x = static_cast<int>(random() % area.width);
    int y = static_cast<int>(random() % area.height);
    if (i % 3 == 1) x = i % 2 ? 0 : area.width - 1;
    if (i % 6 == 2) y = i % 4 ? 0 : area.height - 1;
    const std::vector<double> exact = reference::convolve_exactly(
        kernel, kernel, Border::kClamp, format, light,
        support::MemorySource(from), {x, y, 1, 1});
    // Where nearly nothing is left, colours are what rounding makes of them.
    const bool faint = format.alpha == Alpha::kStraight && exact.back() < 0.01;
    for (int c = faint ? format.channels - 1 : 0; c < format.channels; ++c) {
      worst = std::max(worst, std::fabs(to.get(x, y, c) - exact[c]));
    }
  }
  return worst * unit(format);
}

}  // namespace gk::bench
