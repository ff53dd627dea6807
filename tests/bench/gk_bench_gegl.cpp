// gk-bench-gegl: the operation inside GEGL beside gegl:gaussian-blur and a
// plain copy, interleaved in one run.

#include <gegl.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

#include "tests/bench/gegl_runs.h"

namespace gk::bench {
namespace {

struct Options {
  int width = 6000;
  int height = 4000;
  std::vector<std::string> formats = {"u8x3", "u8x4", "u8x4a", "u16x4",
                                      "f32x4"};
  std::vector<std::string> lights = {"linear", "perceptual"};
  std::vector<int> sizes = {5, 31, 61, 201, 601};
  std::vector<double> sigmas = {1, 5, 10, 33, 100};  // with automatic size
  std::vector<int> threads = {1, 2};
  int repeat = 3;
  std::string method = "auto";
  bool peers = true;   // gegl:gaussian-blur auto
  bool fir = false;    // and fir, up to size 61
  bool table = false;  // everything, with marks
  bool preview = false;
  bool errors = false;
  bool memory = false;
};

constexpr char kUsage[] =
    "gk-bench-gegl [--table] [--width W] [--height H] [--formats LIST]\n"
    "  [--lights LIST] [--sizes LIST] [--sigmas LIST] [--threads LIST]\n"
    "  [--repeat R] [--method auto|exact|fast] [--no-peers] [--fir]\n"
    "  [--errors] [--memory] [--preview]\n"
    "Lists are separated by commas and may be empty; --sigmas runs automatic\n"
    "sizes; sizes run with sigma = size / 6. --table adds errors, memory and\n"
    "preview and marks what misses the project's goals with \"!\". "
    "Milliseconds\n"
    "are the best of R runs, interleaved.\n";

template <typename T>
std::vector<T> list_of(const std::string& text) {
  std::vector<T> list;
  std::istringstream stream(text);
  std::string item;
  while (std::getline(stream, item, ',')) {
    T value;
    std::istringstream(item) >> value;
    list.push_back(value);
  }
  return list;
}

[[noreturn]] void fail(const std::string& message) {
  std::fprintf(stderr, "gk-bench-gegl: %s\n%s", message.c_str(), kUsage);
  std::exit(2);
}

Options parse(int argc, char** argv) {
  Options options;
  for (int i = 1; i < argc; ++i) {
    const std::string name = argv[i];
    const auto value = [&]() -> std::string {
      if (i + 1 >= argc) fail(name + " needs a value");
      return argv[++i];
    };
    if (name == "--table") {
      options.table = options.preview = options.errors = options.memory = true;
    } else if (name == "--width") {
      options.width = std::atoi(value().c_str());
    } else if (name == "--height") {
      options.height = std::atoi(value().c_str());
    } else if (name == "--formats") {
      options.formats = list_of<std::string>(value());
    } else if (name == "--lights") {
      options.lights = list_of<std::string>(value());
    } else if (name == "--sizes") {
      options.sizes = list_of<int>(value());
    } else if (name == "--sigmas") {
      options.sigmas = list_of<double>(value());
    } else if (name == "--threads") {
      options.threads = list_of<int>(value());
    } else if (name == "--repeat") {
      options.repeat = std::atoi(value().c_str());
    } else if (name == "--method") {
      options.method = value();
    } else if (name == "--no-peers") {
      options.peers = false;
    } else if (name == "--fir") {
      options.fir = true;
    } else if (name == "--errors") {
      options.errors = true;
    } else if (name == "--memory") {
      options.memory = true;
    } else if (name == "--preview") {
      options.preview = true;
    } else {
      fail("unknown argument " + name);
    }
  }
  if (options.width < 1 || options.height < 1 || options.repeat < 1) {
    fail("width, height and repeat must be at least 1");
  }
  for (const std::string& format : options.formats) {
    if (storage_named(format) == nullptr) {
      fail("format is " + format + ", allowed are " + storage_names());
    }
  }
  for (const std::string& light : options.lights) {
    if (!light_from_word(light)) fail(unknown_word("light", light));
  }
  if (!method_from_word(options.method)) {
    fail(unknown_word("method", options.method));
  }
  return options;
}

// gegl:gaussian-blur's CPU time divided by ours, at least; one thread, 24
// megapixels.
std::optional<double> goal(const std::string& format, Light light, int size) {
  struct Row {
    const char* format;
    Light light;
    double ratios[4];  // sizes 5, 31, 201, 601
  };
  constexpr Row kRows[] = {
      {"u8x4", Light::kPerceptual, {40, 23, 19, 14}},
      {"u8x4a", Light::kLinear, {20, 12, 11, 7.5}},
      {"u8x3", Light::kLinear, {12, 8, 7, 4.5}},
      {"f32x4", Light::kLinear, {8, 7, 7, 5}},
  };
  const int column = size == 5     ? 0
                     : size == 31  ? 1
                     : size == 201 ? 2
                     : size == 601 ? 3
                                   : -1;
  for (const Row& row : kRows) {
    if (column >= 0 && format == row.format && light == row.light) {
      return row.ratios[column];
    }
  }
  return std::nullopt;
}

const char* mark(bool missed) { return missed ? "!" : " "; }

std::vector<Settings> all_settings(const Options& options) {
  std::vector<Settings> all;
  for (const int size : options.sizes) {
    Settings settings;
    settings.size = size;
    settings.sigma = size / 6.0;
    all.push_back(settings);
  }
  for (const double sigma : options.sigmas) {
    Settings settings;
    settings.sigma = sigma;
    all.push_back(settings);
  }
  for (Settings& settings : all) {
    settings.method = *method_from_word(options.method);
  }
  return all;
}

// The memory of a run in a process of its own: runs this program again.
double memory_of(const char* program, const std::string& format,
                 const Options& options, const Settings& settings,
                 Operation operation) {
  std::ostringstream command;
  command << program << " --memory-of " << static_cast<int>(operation) << ' '
          << format << ' ' << options.width << ' ' << options.height << ' '
          << settings.size << ' ' << settings.sigma << ' '
          << word_for(settings.light) << ' ' << word_for(settings.method);
  char* output = nullptr;
  if (!g_spawn_command_line_sync(command.str().c_str(), &output, nullptr,
                                 nullptr, nullptr)) {
    return -1;
  }
  const double mb = g_ascii_strtod(output, nullptr);
  g_free(output);
  return mb;
}

int print_memory(char** arguments) {
  const Storage* storage = storage_named(arguments[1]);
  Settings settings;
  settings.size = std::atoi(arguments[4]);
  settings.sigma = g_ascii_strtod(arguments[5], nullptr);
  settings.light = *light_from_word(arguments[6]);
  settings.method = *method_from_word(arguments[7]);
  const BufferPointer input =
      make_picture(*storage, std::atoi(arguments[2]), std::atoi(arguments[3]));
  const auto operation = static_cast<Operation>(std::atoi(arguments[0]));
  // Loads what is loaded once per process.
  const BufferPointer small = make_picture(*storage, 64, 64);
  memory_beyond_output(operation, small.get(), settings);
  std::printf("%.1f\n", memory_beyond_output(operation, input.get(), settings));
  return 0;
}

void time_one(const char* program, const Options& options,
              const Storage& storage, GeglBuffer* input,
              const Settings& settings, int threads) {
  std::vector<Operation> operations = {Operation::kCopy, Operation::kOurs};
  if (options.peers) operations.push_back(Operation::kGeglAuto);
  if (options.fir && horizontal_kernel(settings).size() <= 61) {
    operations.push_back(Operation::kGeglFir);
  }
  std::vector<Cost> best(operations.size(), {1e300, 1e300});
  std::vector<std::optional<double>> errors(operations.size());
  // Each keeps its output: a new one costs more page faults than the blur.
  std::vector<BufferPointer> outputs;
  for (std::size_t i = 0; i < operations.size(); ++i) {
    outputs.emplace_back(gegl_buffer_new(gegl_buffer_get_extent(input),
                                         gegl_buffer_get_format(input)));
  }
  for (int r = 0; r < options.repeat; ++r) {
    for (std::size_t i = 0; i < operations.size(); ++i) {
      const Cost cost = run(operations[i], input, outputs[i].get(), settings);
      best[i].cpu_ms = std::min(best[i].cpu_ms, cost.cpu_ms);
      best[i].wall_ms = std::min(best[i].wall_ms, cost.wall_ms);
    }
  }
  for (std::size_t i = 1; options.errors && i < operations.size(); ++i) {
    errors[i] = largest_error(storage, input, outputs[i].get(), settings);
  }
  const double ours = best[1].cpu_ms;
  std::printf("%-6s %-10s %4d/%-5.4g %d", storage.name,
              word_for(settings.light), horizontal_kernel(settings).size(),
              settings.sigma, threads);
  std::printf(" | copy %6.1f | ours %7.1f cpu %7.1f wall", best[0].cpu_ms, ours,
              best[1].wall_ms);
  if (errors[1]) std::printf(" err %.3g", *errors[1]);
  for (std::size_t i = 2; i < operations.size(); ++i) {
    const double ratio = best[i].cpu_ms / ours;
    const auto wanted = goal(storage.name, settings.light, settings.size);
    const bool missed = operations[i] == Operation::kGeglAuto && wanted &&
                        threads == 1 && ratio < *wanted;
    std::printf(" | %s %8.1f = %5.1fx%s",
                operations[i] == Operation::kGeglAuto ? "auto" : "fir",
                best[i].cpu_ms, ratio, mark(options.table && missed));
    if (errors[i]) std::printf(" err %.3g", *errors[i]);
  }
  if (options.memory && threads == 1) {
    const double mb =
        memory_of(program, storage.name, options, settings, Operation::kOurs);
    const bool missed = storage.format.component == Component::kU8 &&
                        horizontal_kernel(settings).size() <= 201 && mb > 16;
    std::printf(" | +%.1f MB%s", mb, mark(missed));
    if (options.peers) {
      std::printf(" (auto +%.0f)", memory_of(program, storage.name, options,
                                             settings, Operation::kGeglAuto));
    }
  }
  std::printf("\n");
  std::fflush(stdout);
}

void preview_one(const Options& options, const Storage& storage,
                 GeglBuffer* input, const Settings& settings) {
  PreviewCost best{1e300, 1e300, 1e300};
  for (int r = 0; r < options.repeat; ++r) {
    const PreviewCost cost = preview(Operation::kOurs, input, settings);
    best.first_ms = std::min(best.first_ms, cost.first_ms);
    best.worst_ms = std::min(best.worst_ms, cost.worst_ms);
    best.all_ms = std::min(best.all_ms, cost.all_ms);
  }
  std::printf(
      "%-6s %-10s %4d/%-5.4g preview | first %.2f%s worst %.2f all %.1f%s ms\n",
      storage.name, word_for(settings.light),
      horizontal_kernel(settings).size(), settings.sigma, best.first_ms,
      mark(best.first_ms > 2), best.worst_ms, best.all_ms,
      mark(best.all_ms > 80));
  std::fflush(stdout);
}

int run_all(const char* program, const Options& options) {
  std::printf("%d x %d pixels, ms\n", options.width, options.height);
  for (const std::string& name : options.formats) {
    const Storage& storage = *storage_named(name);
    const BufferPointer input =
        make_picture(storage, options.width, options.height);
    for (const std::string& light : options.lights) {
      for (Settings settings : all_settings(options)) {
        settings.light = *light_from_word(light);
        for (const int threads : options.threads) {
          g_object_set(gegl_config(), "threads", threads, nullptr);
          time_one(program, options, storage, input.get(), settings, threads);
        }
        g_object_set(gegl_config(), "threads", 1, nullptr);
        if (options.preview) {
          preview_one(options, storage, input.get(), settings);
        }
      }
    }
  }
  return 0;
}

}  // namespace
}  // namespace gk::bench

int main(int argc, char** argv) {
  namespace bench = gk::bench;
  std::optional<bench::Options> options;
  const bool memory = argc == 10 && std::string(argv[1]) == "--memory-of";
  if (!memory) options = bench::parse(argc, argv);
  gegl_init(nullptr, nullptr);
  // Every buffer in memory, as in GIMP: a full tile cache looks for a tile to
  // drop at each new one, which costs more than a blur.
  constexpr guint64 kTileCache = guint64{8} << 30;
  g_object_set(gegl_config(), "threads", 1, "use-opencl", FALSE,
               "tile-cache-size", kTileCache, nullptr);
  if (!gegl_has_operation(gk::parameters::kBlurOperation)) {
    std::fprintf(stderr, "GEGL does not find %s; set GEGL_PATH\n",
                 gk::parameters::kBlurOperation);
    return 1;
  }
  const int result = memory ? bench::print_memory(argv + 2)
                            : bench::run_all(argv[0], *options);
  gegl_exit();
  return result;
}
