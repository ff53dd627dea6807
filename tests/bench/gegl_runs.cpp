#include "tests/bench/gegl_runs.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <ctime>
#include <fstream>
#include <random>

#include "core/reference.h"

namespace gk::bench {
namespace {

constexpr Storage kStorages[] = {
    {"u8x3",
     "R'G'B' u8",
     {Component::kU8, 3, Alpha::kNone, ToneCurve::kSrgb},
     false},
    {"u8x4",
     "R'G'B'A u8",
     {Component::kU8, 4, Alpha::kStraight, ToneCurve::kSrgb},
     false},
    {"u8x4a",
     "R'G'B'A u8",
     {Component::kU8, 4, Alpha::kStraight, ToneCurve::kSrgb},
     true},
    {"u16x4",
     "R'G'B'A u16",
     {Component::kU16, 4, Alpha::kStraight, ToneCurve::kSrgb},
     false},
    {"f32x4",
     "RaGaBaA float",
     {Component::kFloat, 4, Alpha::kPremultiplied, ToneCurve::kLinear},
     false},
    {"f32x1",
     "Y float",
     {Component::kFloat, 1, Alpha::kNone, ToneCurve::kLinear},
     false},
};

double cpu_now() {
  timespec time{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return time.tv_sec * 1e3 + time.tv_nsec * 1e-6;
}

double wall_now() {
  return std::chrono::duration<double, std::milli>(
             std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

// A cheap hash of a position: grain that costs no table.
std::uint32_t grain(std::uint32_t x, std::uint32_t y) {
  std::uint32_t h = x * 0x9e3779b1u ^ y * 0x85ebca6bu;
  h = (h ^ (h >> 15)) * 0x2c1b3c6du;
  return h ^ (h >> 13);
}

GeglNode* add_operation(GeglNode* graph, Operation operation,
                        const Settings& settings) {
  switch (operation) {
    case Operation::kCopy:
      return gegl_node_new_child(graph, "operation", "gegl:nop", nullptr);
    case Operation::kOurs:
      return gegl_node_new_child(graph, "operation", parameters::kBlurOperation,
                                 "size", settings.size, "sigma", settings.sigma,
                                 "abyss-policy",
                                 static_cast<int>(settings.border), "light",
                                 static_cast<int>(settings.light), "method",
                                 static_cast<int>(settings.method), nullptr);
    case Operation::kGeglAuto:
    case Operation::kGeglFir:
      break;
  }
  GParamSpec* filter =
      gegl_operation_find_property("gegl:gaussian-blur", "filter");
  const GEnumValue* word = g_enum_get_value_by_nick(
      G_PARAM_SPEC_ENUM(filter)->enum_class,
      operation == Operation::kGeglFir ? "fir" : "auto");
  return gegl_node_new_child(graph, "operation", "gegl:gaussian-blur",
                             "std-dev-x", settings.sigma, "std-dev-y",
                             settings.sigma, "filter", word->value, nullptr);
}

long status_kb(const std::string& name) {
  std::ifstream status("/proc/self/status");
  std::string word;
  while (status >> word) {
    if (word == name + ":") {
      long kb = 0;
      status >> kb;
      return kb;
    }
  }
  return 0;
}

// What a buffer's pixels take once each of its tiles is written: tiles at its
// edges are whole ones.
double tile_bytes(GeglBuffer* buffer) {
  int width = 0;
  int height = 0;
  g_object_get(buffer, "tile-width", &width, "tile-height", &height, nullptr);
  const GeglRectangle& extent = *gegl_buffer_get_extent(buffer);
  const double columns = std::ceil(static_cast<double>(extent.width) / width);
  const double rows = std::ceil(static_cast<double>(extent.height) / height);
  return columns * width * rows * height *
         babl_format_get_bytes_per_pixel(gegl_buffer_get_format(buffer));
}

}  // namespace

const Storage* storage_named(const std::string& name) {
  for (const Storage& storage : kStorages) {
    if (name == storage.name) return &storage;
  }
  return nullptr;
}

std::string storage_names() {
  std::string names;
  for (const Storage& storage : kStorages) {
    if (!names.empty()) names += ", ";
    names += storage.name;
  }
  return names;
}

BufferPointer make_picture(const Storage& storage, int width, int height) {
  const GeglRectangle extent{0, 0, width, height};
  BufferPointer buffer(gegl_buffer_new(&extent, babl_format(storage.encoding)));
  const Babl* format = babl_format("R'G'B'A u16");
  std::vector<std::uint16_t> row(static_cast<std::size_t>(width) * 4);
  for (int y = 0; y < height; ++y) {
    const double across = std::sin(y * 0.004);
    for (int x = 0; x < width; ++x) {
      const std::uint32_t noise = grain(x, y);
      const double shape =
          0.5 + 0.22 * std::sin(x * 0.011 + across * 3) + 0.2 * across;
      for (int c = 0; c < 3; ++c) {
        const double light =
            shape + (((noise >> (10 * c)) & 1023) / 1023.0 - 0.5) * 0.1;
        row[x * 4 + c] =
            static_cast<std::uint16_t>(std::clamp(light, 0.0, 1.0) * 65535);
      }
      const double hole = 0.8 + std::sin(x * 0.013) * std::cos(y * 0.017);
      row[x * 4 + 3] =
          storage.transparent
              ? static_cast<std::uint16_t>(std::clamp(hole, 0.0, 1.0) * 65535)
              : 65535;
    }
    const GeglRectangle line{0, y, width, 1};
    gegl_buffer_set(buffer.get(), &line, 0, format, row.data(),
                    GEGL_AUTO_ROWSTRIDE);
  }
  return buffer;
}

const char* name_of(Operation operation) {
  switch (operation) {
    case Operation::kCopy:
      return "copy";
    case Operation::kOurs:
      return "gaussian-kernel:blur";
    case Operation::kGeglAuto:
      return "gegl:gaussian-blur auto";
    case Operation::kGeglFir:
      break;
  }
  return "gegl:gaussian-blur fir";
}

Cost run(Operation operation, GeglBuffer* input, GeglBuffer* output,
         const Settings& settings) {
  const NodePointer graph(gegl_node_new());
  GeglNode* source = gegl_node_new_child(
      graph.get(), "operation", "gegl:buffer-source", "buffer", input, nullptr);
  GeglNode* blur = add_operation(graph.get(), operation, settings);
  GeglNode* sink = gegl_node_new_child(
      graph.get(), "operation", "gegl:write-buffer", "buffer", output, nullptr);
  gegl_node_link_many(source, blur, sink, nullptr);
  const double cpu = cpu_now();
  const double wall = wall_now();
  gegl_node_process(sink);
  return {cpu_now() - cpu, wall_now() - wall};
}

PreviewCost preview(Operation operation, GeglBuffer* input,
                    const Settings& settings) {
  const GeglRectangle extent = *gegl_buffer_get_extent(input);
  const GeglRectangle view{std::max(0, (extent.width - 1920) / 2),
                           std::max(0, (extent.height - 1080) / 2),
                           std::min(1920, extent.width),
                           std::min(1080, extent.height)};
  const BufferPointer output(
      gegl_buffer_new(&view, gegl_buffer_get_format(input)));
  const NodePointer graph(gegl_node_new());
  GeglNode* source = gegl_node_new_child(
      graph.get(), "operation", "gegl:buffer-source", "buffer", input, nullptr);
  GeglNode* blur = add_operation(graph.get(), operation, settings);
  gegl_node_link(source, blur);

  // GIMP's regions grow from small ones; rows of regions fill the view.
  constexpr int kRegions[][2] = {{64, 64}, {128, 64}, {256, 128}, {512, 128}};
  PreviewCost cost;
  std::size_t count = 0;
  int y = view.y;
  while (y < view.y + view.height) {
    int x = view.x;
    int height = 128;
    while (x < view.x + view.width) {
      GeglRectangle region{x, y, 896, 128};
      if (count < std::size(kRegions)) {
        region.width = kRegions[count][0];
        region.height = kRegions[count][1];
        if (count == 0) height = region.height;
      }
      region.height = std::min(height, view.y + view.height - y);
      region.width = std::min(region.width, view.x + view.width - x);
      const double start = wall_now();
      gegl_node_blit_buffer(blur, output.get(), &region, 0, GEGL_ABYSS_NONE);
      const double took = wall_now() - start;
      if (count == 0) cost.first_ms = took;
      cost.worst_ms = std::max(cost.worst_ms, took);
      cost.all_ms += took;
      ++count;
      x += region.width;
    }
    y += height;
  }
  return cost;
}

namespace {

// The few rows of a picture that a pixel depends on, in memory.
class WindowSource : public Source {
 public:
  WindowSource(GeglBuffer* buffer, const Storage& storage, Rect window)
      : extent_(*gegl_buffer_get_extent(buffer)),
        window_(window),
        pixel_(bytes_per_pixel(storage.format)),
        pixels_(static_cast<std::size_t>(window.width) * window.height *
                pixel_) {
    const GeglRectangle area{window.x, window.y, window.width, window.height};
    gegl_buffer_get(buffer, &area, 1.0, babl_format(storage.encoding),
                    pixels_.data(), GEGL_AUTO_ROWSTRIDE, GEGL_ABYSS_NONE);
  }
  Size image() const override { return {extent_.width, extent_.height}; }
  const std::byte* row(int y) const override {
    return pixels_.data() +
           (static_cast<std::ptrdiff_t>(y - window_.y) * window_.width -
            window_.x) *
               pixel_;
  }
  void read(Rect, std::byte*, std::ptrdiff_t) override {}

 private:
  GeglRectangle extent_;
  Rect window_;
  int pixel_;
  std::vector<std::byte> pixels_;
};

}  // namespace

std::optional<double> largest_error(const Storage& storage, GeglBuffer* input,
                                    GeglBuffer* output,
                                    const Settings& settings) {
  if (storage.format.alpha == Alpha::kPremultiplied &&
      tone_step(storage.format, settings.light) != ToneStep::kKeep) {
    return std::nullopt;
  }
  const GeglRectangle extent = *gegl_buffer_get_extent(input);
  const Kernel horizontal = horizontal_kernel(settings);
  const Kernel vertical = vertical_kernel(settings);
  const Convolver windows(horizontal, vertical, settings.border, storage.format,
                          settings.light, Method::kExact);
  const double taps = static_cast<double>(horizontal.size()) * vertical.size();
  const int points = std::clamp(static_cast<int>(4e6 / taps), 12, 300);
  const double scale = storage.format.component == Component::kU8    ? 255
                       : storage.format.component == Component::kU16 ? 65535
                                                                     : 1;
  std::mt19937 random(1);
  double worst = 0;
  for (int i = 0; i < points; ++i) {
    // Four corners first.
    const int x = i < 4 ? (i % 2) * (extent.width - 1)
                        : static_cast<int>(random() % extent.width);
    const int y = i < 4 ? (i / 2) * (extent.height - 1)
                        : static_cast<int>(random() % extent.height);
    const Rect target{x, y, 1, 1};
    const WindowSource source(
        input, storage,
        windows.source_window(target, {extent.width, extent.height}));
    const auto exact = reference::convolve_exactly(
        horizontal, vertical, settings.border, storage.format, settings.light,
        source, target);
    std::byte stored[16];
    const GeglRectangle pixel{x, y, 1, 1};
    gegl_buffer_get(output, &pixel, 1.0, babl_format(storage.encoding), stored,
                    GEGL_AUTO_ROWSTRIDE, GEGL_ABYSS_NONE);
    const int bytes = bytes_per_component(storage.format.component);
    const bool straight = storage.format.alpha == Alpha::kStraight;
    for (std::size_t c = 0; c < exact.size(); ++c) {
      const double value =
          load_component(storage.format.component, stored + c * bytes);
      const double weight =
          straight && c + 1 < exact.size() ? exact.back() : 1.0;
      worst = std::max(worst, std::fabs(value - exact[c]) * weight * scale);
    }
  }
  return worst;
}

double memory_beyond_output(Operation operation, GeglBuffer* input,
                            const Settings& settings) {
  const GeglRectangle extent = *gegl_buffer_get_extent(input);
  const Babl* format = gegl_buffer_get_format(input);
  const BufferPointer output(gegl_buffer_new(&extent, format));
  // Restarts the peak from what is resident now.
  std::ofstream("/proc/self/clear_refs") << "5";
  const long before = status_kb("VmRSS");
  run(operation, input, output.get(), settings);
  const double grown = (status_kb("VmHWM") - before) / 1024.0;
  return grown - tile_bytes(output.get()) / 1048576.0;
}

}  // namespace gk::bench
