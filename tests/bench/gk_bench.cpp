// gk-bench: times the core on images in memory. `gk-bench --help` says how.

#include <getopt.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <stdexcept>
#include <string>
#include <string_view>

#include "core/simd_target.h"
#include "tests/bench/bench_table.h"
#include "tests/bench/core_runs.h"

namespace gk::bench {
namespace {

constexpr char kUsage[] =
    "usage: gk-bench [OPTION…]            one blur; the last line is JSON\n"
    "       gk-bench --table [OPTION…]    usual sizes, beside OpenCV and a "
    "copy\n"
    "       gk-bench --targets [OPTION…]  usual sizes on every CPU target\n"
    "       gk-bench --break-even [OPTION…]\n"
    "\n"
    "  --format u8|u16|f16|f32 with x1 … x4   (u8x4; in tables: u8x4, u8x3,\n"
    "                                         u16x4, f32x4, f32x1; in\n"
    "                                         --break-even: all)\n"
    "  --width W, --height H                  1 … 60000 (6000 x 4000)\n"
    "  --size N                               0 … 8191, 0 = automatic (31)\n"
    "  --sigma S                              0 … 1000 (5)\n"
    "  --method auto|exact|fast               (auto)\n"
    "  --light perceptual|linear              (perceptual: values as stored;\n"
    "                                         linear: they are sRGB)\n"
    "  --threads T                            1 … 64 (1)\n"
    "  --repeat R                             1 … 1000, the best counts (3)\n"
    "  --input RAW, --output RAW              rows without padding, native\n"
    "                                         byte order, straight alpha\n"
    "  --transparent                          made pictures have holes\n"
    "  --no-peers                             tables without OpenCV\n"
    "\n"
    "GK_SIMD_TARGET forces a CPU target.\n";

struct Options {
  enum class Task { kOne, kTable, kTargets, kBreakEven } task = Task::kOne;
  TableOptions table;
  int size = 31;
  double sigma = 5;
  Method method = Method::kAuto;
  Light light = Light::kPerceptual;
  std::string input;
  std::string output;
};

[[noreturn]] void refuse(const std::string& message) {
  throw std::invalid_argument(message);
}

long whole_number(const char* name, const char* text, long low, long high) {
  char* end = nullptr;
  errno = 0;
  const long value = std::strtol(text, &end, 10);
  if (*text == 0 || *end != 0 || errno != 0 || value < low || value > high) {
    refuse(std::string("--") + name + " is " + text + "; allowed are " +
           std::to_string(low) + " … " + std::to_string(high));
  }
  return value;
}

double number(const char* name, const char* text, double low, double high) {
  char* end = nullptr;
  const double value = std::strtod(text, &end);
  if (*text == 0 || *end != 0 || !(value >= low && value <= high)) {
    refuse(std::string("--") + name + " is " + text + "; allowed are " +
           std::to_string(low) + " … " + std::to_string(high));
  }
  return value;
}

const NamedFormat& format_named(const std::string& name) {
  std::string all;
  for (const NamedFormat& format : formats()) {
    if (name == format.name) return format;
    all += all.empty() ? "" : ", ";
    all += format.name;
  }
  refuse("--format is " + name + "; allowed are " + all);
}

Method method_named(const std::string& name) {
  if (name == "auto") return Method::kAuto;
  if (name == "exact") return Method::kExact;
  if (name == "fast") return Method::kFast;
  refuse("--method is " + name + "; allowed are auto, exact, fast");
}

Light light_named(const std::string& name) {
  if (name == "perceptual") return Light::kPerceptual;
  if (name == "linear") return Light::kLinear;
  refuse("--light is " + name + "; allowed are perceptual, linear");
}

// False after --help.
bool parse(int argc, char** argv, Options& options) {
  enum Id {
    kFormat = 256,
    kWidth,
    kHeight,
    kSize,
    kSigma,
    kThreads,
    kMethod,
    kLight,
    kInput,
    kOutput,
    kRepeat,
    kTable,
    kTargets,
    kBreakEven,
    kTransparent,
    kNoPeers,
    kHelp
  };
  static const option kOptions[] = {
      {"format", required_argument, nullptr, kFormat},
      {"width", required_argument, nullptr, kWidth},
      {"height", required_argument, nullptr, kHeight},
      {"size", required_argument, nullptr, kSize},
      {"sigma", required_argument, nullptr, kSigma},
      {"threads", required_argument, nullptr, kThreads},
      {"method", required_argument, nullptr, kMethod},
      {"light", required_argument, nullptr, kLight},
      {"input", required_argument, nullptr, kInput},
      {"output", required_argument, nullptr, kOutput},
      {"repeat", required_argument, nullptr, kRepeat},
      {"table", no_argument, nullptr, kTable},
      {"targets", no_argument, nullptr, kTargets},
      {"break-even", no_argument, nullptr, kBreakEven},
      {"transparent", no_argument, nullptr, kTransparent},
      {"no-peers", no_argument, nullptr, kNoPeers},
      {"help", no_argument, nullptr, kHelp},
      {nullptr, 0, nullptr, 0},
  };
  TableOptions& table = options.table;
  for (int id; (id = getopt_long(argc, argv, "", kOptions, nullptr)) != -1;) {
    switch (id) {
      case kFormat:
        table.format = format_named(optarg).name;
        break;
      case kWidth:
        table.width = whole_number("width", optarg, 1, 60000);
        break;
      case kHeight:
        table.height = whole_number("height", optarg, 1, 60000);
        break;
      case kSize:
        options.size = whole_number("size", optarg, 0, Kernel::kMaxSize);
        break;
      case kSigma:
        options.sigma =
            number("sigma", optarg, Kernel::kMinSigma, Kernel::kMaxSigma);
        break;
      case kThreads:
        table.threads = whole_number("threads", optarg, 1, 64);
        break;
      case kMethod:
        options.method = method_named(optarg);
        break;
      case kLight:
        options.light = light_named(optarg);
        break;
      case kInput:
        options.input = optarg;
        break;
      case kOutput:
        options.output = optarg;
        break;
      case kRepeat:
        table.repeat = whole_number("repeat", optarg, 1, 1000);
        break;
      case kTable:
        options.task = Options::Task::kTable;
        break;
      case kTargets:
        options.task = Options::Task::kTargets;
        break;
      case kBreakEven:
        options.task = Options::Task::kBreakEven;
        break;
      case kTransparent:
        table.transparent = true;
        break;
      case kNoPeers:
        table.peers = false;
        break;
      case kHelp:
        std::fputs(kUsage, stdout);
        return false;
      default:
        refuse("see gk-bench --help");
    }
  }
  if (optind < argc) refuse(std::string("what is \"") + argv[optind] + "\"?");
  return true;
}

void read_raw(const std::string& path, support::MemoryImage& image) {
  std::ifstream file(path, std::ios::binary | std::ios::ate);
  if (!file) refuse("--input: " + path + " can't be read");
  const auto bytes = static_cast<std::size_t>(file.tellg());
  if (bytes != image.bytes().size()) {
    refuse("--input: " + path + " has " + std::to_string(bytes) +
           " bytes; width x height x bytes per pixel is " +
           std::to_string(image.bytes().size()));
  }
  file.seekg(0);
  file.read(reinterpret_cast<char*>(image.bytes().data()), bytes);
  if (!file) refuse("--input: " + path + " can't be read");
}

void write_raw(const std::string& path, const support::MemoryImage& image) {
  std::ofstream file(path, std::ios::binary);
  file.write(reinterpret_cast<const char*>(image.bytes().data()),
             image.bytes().size());
  file.close();
  if (!file) refuse("--output: " + path + " can't be written");
}

void run_one(const Options& options) {
  const TableOptions& table = options.table;
  const std::string name = table.format.empty() ? "u8x4" : table.format;
  const NamedFormat& format = format_named(name);
  const Rect area{0, 0, table.width, table.height};
  support::MemoryImage from(format.format, area);
  support::MemoryImage to(format.format, area);
  if (options.input.empty()) {
    fill(from, table.transparent);
  } else {
    read_raw(options.input, from);
  }
  const int size =
      options.size == 0 ? Kernel::automatic_size(options.sigma) : options.size;
  const Kernel kernel = Kernel::gaussian(size, options.sigma);
  const Convolver convolver(kernel, kernel, Border::kClamp, format.format,
                            options.light, options.method);
  Cost best{1e30, 1e30};
  for (int i = 0; i < table.repeat; ++i) {
    best = best_of(best,
                   cost_of([&] { blur(convolver, from, to, table.threads); }));
  }
  if (!options.output.empty()) write_raw(options.output, to);
  std::printf(
      "{\"cpu_ms\": %.3f, \"wall_ms\": %.3f, \"method\": \"%s\", "
      "\"format\": \"%s\", \"width\": %d, \"height\": %d, \"size\": %d, "
      "\"sigma\": %.10g, \"threads\": %d, \"simd_target\": \"%s\"}\n",
      best.cpu_ms, best.wall_ms,
      convolver.method() == Method::kFast ? "fast" : "exact",
      format.name.c_str(), table.width, table.height, size, options.sigma,
      table.threads, std::string(simd_target_in_force()).c_str());
}

void force_target_from_environment() {
  const char* name = std::getenv(kSimdTargetVariable);
  if (name == nullptr || force_simd_target(name)) return;
  std::fprintf(stderr, "gk-bench: %s is %s; this machine has",
               kSimdTargetVariable, name);
  for (const std::string_view target : simd_targets()) {
    std::fprintf(stderr, " %s", std::string(target).c_str());
  }
  std::fputs("; the best is taken\n", stderr);
}

int run(int argc, char** argv) {
  Options options;
  if (!parse(argc, argv, options)) return 0;
  force_target_from_environment();
  switch (options.task) {
    case Options::Task::kOne:
      run_one(options);
      break;
    case Options::Task::kTable:
      print_table(options.table);
      break;
    case Options::Task::kTargets:
      print_targets(options.table);
      break;
    case Options::Task::kBreakEven:
      print_break_even(options.table);
      break;
  }
  return 0;
}

}  // namespace
}  // namespace gk::bench

int main(int argc, char** argv) {
  try {
    return gk::bench::run(argc, argv);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "gk-bench: %s\n", error.what());
    return 2;
  }
}
