#include "tests/bench/bench_table.h"

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <functional>
#include <iterator>
#include <string_view>
#include <utility>
#include <vector>

#include "core/simd_target.h"
#include "tests/bench/core_runs.h"

namespace gk::bench {
namespace {

using support::MemoryImage;

struct KernelSize {
  int size;
  double sigma;
};

std::vector<KernelSize> usual_sizes() {
  std::vector<KernelSize> sizes = {{3, 0.8}, {5, 1},    {9, 1.5},  {31, 5},
                                   {61, 10}, {201, 33}, {601, 100}};
  for (const double sigma : {1.0, 5.0, 10.0, 33.0, 100.0}) {
    sizes.push_back({Kernel::automatic_size(sigma), sigma});
  }
  return sizes;
}

// OpenCV's time divided by ours, on a machine with AVX-512, opaque pixels.
struct Goal {
  std::string_view format;
  Method method;
  double ratio[7];  // for the first seven usual sizes
};
constexpr Goal kGoals[] = {
    {"f32x4", Method::kExact, {2.0, 2.2, 3.4, 4.5, 9.5, 14, 28}},
    {"f32x4", Method::kAuto, {2.0, 2.2, 3.4, 5.2, 15, 60, 300}},
    {"u8x4", Method::kAuto, {2.6, 2.5, 2.5, 2.9, 6.5, 32, 240}},
    {"u16x4", Method::kAuto, {12, 18, 5, 7, 15, 70, 500}},
    {"f32x1", Method::kAuto, {1.7, 1.9, 2.5, 3.5, 9, 35, 120}},
};

double goal_of(std::string_view format, Method method, Light light,
               std::size_t index) {
  if (light != Light::kPerceptual || index >= std::size(kGoals[0].ratio)) {
    return 0;
  }
  for (const Goal& goal : kGoals) {
    if (goal.format == format && goal.method == method) {
      return goal.ratio[index];
    }
  }
  return 0;
}

// Several things timed in turn, the best time of each.
class Turns {
 public:
  void add(std::function<void()> work) { works_.push_back(std::move(work)); }
  std::vector<double> cpu_ms(int repeat) {
    std::vector<double> best(works_.size(), 1e30);
    for (int turn = 0; turn < repeat; ++turn) {
      for (std::size_t i = 0; i < works_.size(); ++i) {
        // What takes many seconds is not noisy.
        if (turn > 0 && best[i] > 4000) continue;
        best[i] = std::min(best[i], cost_of(works_[i]).cpu_ms);
      }
    }
    return best;
  }

 private:
  std::vector<std::function<void()>> works_;
};

struct Row {
  const NamedFormat& format;
  Light light;
  Method method;
};

// What tables show if no format is asked for.
constexpr std::string_view kUsualFormats[] = {"u8x4", "u8x3", "u16x4", "f32x4",
                                              "f32x1"};

std::vector<Row> rows_of(const TableOptions& options) {
  std::vector<Row> rows;
  for (const NamedFormat& format : formats()) {
    const bool asked = options.format == format.name;
    const bool usual =
        options.format.empty() &&
        std::find(std::begin(kUsualFormats), std::end(kUsualFormats),
                  format.name) != std::end(kUsualFormats);
    if (!asked && !usual) continue;
    if (format.format.component == Component::kFloat) {
      rows.push_back({format, Light::kPerceptual, Method::kExact});
    }
    rows.push_back({format, Light::kPerceptual, Method::kAuto});
    if (asked || format.format.component != Component::kFloat) {
      rows.push_back({format, Light::kLinear, Method::kAuto});
    }
  }
  return rows;
}

const char* word(Light light) {
  return light == Light::kLinear ? "linear" : "perceptual";
}
const char* word(Method method) {
  return method == Method::kAuto    ? "auto"
         : method == Method::kExact ? "exact"
                                    : "fast";
}

Convolver make_convolver(const Row& row, KernelSize size) {
  const Kernel kernel = Kernel::gaussian(size.size, size.sigma);
  return Convolver(kernel, kernel, Border::kClamp, row.format.format, row.light,
                   row.method);
}

void print_head(const TableOptions& options) {
  std::printf("%d x %d pixels, %s, %d thread%s, CPU ms, best of %d, on %s\n",
              options.width, options.height,
              options.transparent ? "alpha varies" : "opaque", options.threads,
              options.threads == 1 ? "" : "s", options.repeat,
              std::string(simd_target_in_force()).c_str());
}

}  // namespace

void print_table(const TableOptions& options) {
  print_head(options);
  std::printf("%-6s %-10s %-5s %5s %6s %-6s %8s %8s %8s %8s %7s %7s %6s %9s\n",
              "format", "light", "asked", "size", "sigma", "method", "ours",
              "copy", "opencv", "sepflt", "cv/our", "goal", "", "error");
  const Rect area{0, 0, options.width, options.height};
  for (const Row& row : rows_of(options)) {
    MemoryImage from(row.format.format, area);
    MemoryImage to(row.format.format, area);
    fill(from, options.transparent);
    const std::vector<KernelSize> sizes = usual_sizes();
    for (std::size_t i = 0; i < sizes.size(); ++i) {
      const KernelSize size = sizes[i];
      const Convolver convolver = make_convolver(row, size);
      const bool peers = options.peers && has_peers() &&
                         row.light == Light::kPerceptual && i < 7;
      Turns turns;
      turns.add([&] {
        std::memcpy(to.bytes().data(), from.bytes().data(),
                    from.bytes().size());
      });
      if (peers) {
        for (const Peer peer : {Peer::kGaussianBlur, Peer::kSepFilter2D}) {
          turns.add(
              [&, peer] { run_peer(peer, size.size, size.sigma, from, to); });
        }
      }
      turns.add([&] { blur(convolver, from, to, options.threads); });
      const std::vector<double> cpu = turns.cpu_ms(options.repeat);
      const double ours = cpu.back();
      blur(convolver, from, to, options.threads);
      const double error =
          largest_error(convolver.horizontal(), row.light, from, to);
      std::printf("%-6s %-10s %-5s %5d %6g %-6s %8.1f %8.1f ",
                  row.format.name.c_str(), word(row.light), word(row.method),
                  size.size, size.sigma, word(convolver.method()), ours,
                  cpu[0]);
      if (peers) {
        const double ratio = cpu[1] / ours;
        const double goal = goal_of(row.format.name, row.method, row.light, i);
        std::printf("%8.1f %8.1f %7.2f ", cpu[1], cpu[2], ratio);
        if (goal > 0) {
          std::printf("%7g %6s ", goal, ratio < goal ? "MISSED" : "");
        } else {
          std::printf("%7s %6s ", "", "");
        }
      } else {
        std::printf("%8s %8s %7s %7s %6s ", "", "", "", "", "");
      }
      std::printf("%9.2g\n", error);
      std::fflush(stdout);
    }
  }
}

void print_targets(const TableOptions& options) {
  print_head(options);
  const std::vector<std::string_view> targets = simd_targets();
  std::printf("%-6s %-10s %-5s %5s %6s", "format", "light", "asked", "size",
              "sigma");
  for (const std::string_view target : targets) {
    std::printf(" %8s %9s", std::string(target).c_str(), "error");
  }
  std::printf("\n");
  const Rect area{0, 0, options.width, options.height};
  for (const Row& row : rows_of(options)) {
    MemoryImage from(row.format.format, area);
    MemoryImage to(row.format.format, area);
    fill(from, options.transparent);
    for (const KernelSize size : usual_sizes()) {
      std::printf("%-6s %-10s %-5s %5d %6g", row.format.name.c_str(),
                  word(row.light), word(row.method), size.size, size.sigma);
      for (const std::string_view target : targets) {
        force_simd_target(target);
        const Convolver convolver = make_convolver(row, size);
        Turns turns;
        turns.add([&] { blur(convolver, from, to, options.threads); });
        const double cpu = turns.cpu_ms(options.repeat)[0];
        std::printf(" %8.1f %9.2g", cpu,
                    largest_error(convolver.horizontal(), row.light, from, to));
        std::fflush(stdout);
      }
      force_simd_target({});
      std::printf("\n");
    }
  }
}

void print_break_even(const TableOptions& options) {
  print_head(options);
  std::printf("%-6s %-10s %5s %8s %8s\n", "format", "light", "size", "exact",
              "fast");
  const Rect area{0, 0, options.width, options.height};
  for (const NamedFormat& format : formats()) {
    if (!options.format.empty() && options.format != format.name) continue;
    MemoryImage from(format.format, area);
    MemoryImage to(format.format, area);
    fill(from, options.transparent);
    for (const Light light : {Light::kPerceptual, Light::kLinear}) {
      for (int size = 9; size <= 65; size += 2) {
        const KernelSize kernel{size, size / 8.0};
        const Convolver exact =
            make_convolver({format, light, Method::kExact}, kernel);
        const Convolver fast =
            make_convolver({format, light, Method::kFast}, kernel);
        if (fast.method() != Method::kFast) continue;
        Turns turns;
        turns.add([&] { blur(exact, from, to, options.threads); });
        turns.add([&] { blur(fast, from, to, options.threads); });
        const std::vector<double> cpu = turns.cpu_ms(options.repeat);
        std::printf("%-6s %-10s %5d %8.1f %8.1f %s\n", format.name.c_str(),
                    word(light), size, cpu[0], cpu[1],
                    cpu[1] < cpu[0] ? "fast" : "exact");
        std::fflush(stdout);
      }
    }
  }
}

}  // namespace gk::bench
