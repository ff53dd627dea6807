#include "tests/gegl/blur_graph.h"

#include <random>
#include <string_view>

#include "core/reference.h"

namespace gk {

BufferPointer Picture::buffer() const {
  BufferPointer buffer(gegl_buffer_new(&extent, format));
  gegl_buffer_set(buffer.get(), &extent, 0, format, bytes.data(),
                  GEGL_AUTO_ROWSTRIDE);
  return buffer;
}

Picture Picture::in(const Babl* other) const {
  Picture result{extent, other, {}};
  const std::size_t pixels =
      static_cast<std::size_t>(extent.width) * extent.height;
  result.bytes.resize(pixels * result.pixel_bytes());
  babl_process(babl_fish(format, other), bytes.data(), result.bytes.data(),
               static_cast<long>(pixels));
  return result;
}

Picture noise(GeglRectangle extent, const Babl* format, unsigned seed) {
  const bool alpha = babl_format_has_alpha(format) != 0;
  const Babl* space = babl_format_get_space(format);
  // Grey pictures must be noise in grey: RGB noise would be less of it.
  Picture floats{extent, babl_format_with_space("R'G'B'A float", space), {}};
  std::vector<float> values;
  std::mt19937 random(seed);
  std::uniform_real_distribution<float> uniform(0.0f, 1.0f);
  const bool grey = (babl_get_model_flags(babl_format_get_model(format)) &
                     BABL_MODEL_FLAG_GRAY) != 0;
  for (int i = 0; i < extent.width * extent.height; ++i) {
    const float first = uniform(random);
    for (int c = 0; c < 3; ++c) {
      values.push_back(grey ? first : uniform(random));
    }
    const float kind = uniform(random);
    values.push_back(!alpha || kind < 1 / 3.0f ? 1
                     : kind < 2 / 3.0f         ? 0
                                               : uniform(random));
  }
  const auto* bytes = reinterpret_cast<const std::byte*>(values.data());
  floats.bytes.assign(bytes, bytes + values.size() * sizeof(float));
  return floats.in(format);
}

Picture picture_of(GeglBuffer* buffer, const GeglRectangle& area) {
  Picture picture{area, gegl_buffer_get_format(buffer), {}};
  picture.bytes.resize(static_cast<std::size_t>(area.width) * area.height *
                       picture.pixel_bytes());
  gegl_buffer_get(buffer, &area, 1.0, picture.format, picture.bytes.data(),
                  GEGL_AUTO_ROWSTRIDE, GEGL_ABYSS_NONE);
  return picture;
}

BlurGraph::BlurGraph(GeglBuffer* input, const Settings& settings,
                     bool clip_extent)
    : graph_(gegl_node_new()) {
  source_ = gegl_node_new_child(graph_.get(), "operation", "gegl:buffer-source",
                                "buffer", input, nullptr);
  blur_ = gegl_node_new_child(graph_.get(), "operation",
                              parameters::kBlurOperation, nullptr);
  gegl_node_link(source_, blur_);
  set(settings, clip_extent);
}

void BlurGraph::set(const Settings& settings, bool clip_extent) {
  gegl_node_set(blur_, "size", settings.size, "sigma", settings.sigma, "size-y",
                settings.size_y, "sigma-y", settings.sigma_y, "abyss-policy",
                static_cast<int>(settings.border), "light",
                static_cast<int>(settings.light), "method",
                static_cast<int>(settings.method), "clip-extent", clip_extent,
                nullptr);
}

Picture BlurGraph::render(const GeglRectangle& region) const {
  GeglBuffer* sunk = nullptr;
  GeglNode* crop = gegl_node_new_child(
      graph_.get(), "operation", "gegl:crop", "x", double(region.x), "y",
      double(region.y), "width", double(region.width), "height",
      double(region.height), nullptr);
  GeglNode* sink = gegl_node_new_child(
      graph_.get(), "operation", "gegl:buffer-sink", "buffer", &sunk, nullptr);
  gegl_node_link_many(blur_, crop, sink, nullptr);
  gegl_node_process(sink);
  gegl_node_remove_child(graph_.get(), sink);
  gegl_node_remove_child(graph_.get(), crop);
  if (sunk == nullptr) return {};
  const BufferPointer buffer(sunk);
  return picture_of(sunk, region);
}

std::vector<double> exact_blur(const Picture& picture,
                               const PixelFormat& format, Light light,
                               const Settings& settings,
                               const GeglRectangle& region) {
  const PictureSource source(picture);
  return reference::convolve_exactly(
      horizontal_kernel(settings), vertical_kernel(settings), settings.border,
      format, light, source,
      {region.x - picture.extent.x, region.y - picture.extent.y, region.width,
       region.height});
}

}  // namespace gk
