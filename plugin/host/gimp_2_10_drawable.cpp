#include "plugin/host/gimp_2_10_drawable.h"

#include "plugin/host/heap_pages.h"
#include "plugin/host/run.h"
#include "plugin/translation.h"

namespace gk::host {
namespace {

// The space whose tone curve the pixels of `image` are on; nullptr for sRGB.
const Babl* space_of(gint32 image) {
  const Reference<GimpColorProfile> profile(
      gimp_image_get_effective_color_profile(image));
  if (!profile) return nullptr;
  // GIMP's own profiles stand for sRGB; their linear twins would say that the
  // image has no tone curve.
  using MakeProfile = GimpColorProfile* (*)();
  for (const MakeProfile make :
       {gimp_color_profile_new_rgb_srgb, gimp_color_profile_new_rgb_srgb_linear,
        gimp_color_profile_new_d65_gray_srgb_trc,
        gimp_color_profile_new_d65_gray_linear}) {
    const Reference<GimpColorProfile> own(make());
    if (gimp_color_profile_is_equal(profile.get(), own.get())) return nullptr;
  }
  // A profile that is no matrix and curve has no space: sRGB stands in.
  return gimp_color_profile_get_space(
      profile.get(), GIMP_COLOR_RENDERING_INTENT_RELATIVE_COLORIMETRIC,
      nullptr);
}

void state_meaning(GeglBuffer* buffer, gint32 drawable) {
  const Babl* stored = gegl_buffer_get_format(buffer);
  const Babl* meant = nullptr;
  if (holds_coverage(drawable)) {
    const std::string type = babl_get_name(babl_format_get_type(stored, 0));
    meant = babl_format(("Y " + type).c_str());
  } else {
    const Babl* space = space_of(gimp_item_get_image(drawable));
    if (!space) return;
    meant = babl_format_with_space(babl_format_get_encoding(stored), space);
  }
  gegl_buffer_set_format(buffer, meant);
}

void set_word(GeglNode* node, const char* property, const char* nick) {
  GParamSpec* specification = gegl_node_find_property(node, property);
  if (!specification || !G_IS_PARAM_SPEC_ENUM(specification)) return;
  const GEnumValue* value = g_enum_get_value_by_nick(
      G_PARAM_SPEC_ENUM(specification)->enum_class, nick);
  if (value) gegl_node_set(node, property, value->value, nullptr);
}

std::string gimp_error() {
  const char* reason = gimp_get_pdb_error();
  return format_text(_("GIMP could not change the layer: %s"),
                     reason ? reason : _("no reason given"));
}

bool is_locked(gint32 item) {
  for (; item != -1; item = gimp_item_get_parent(item)) {
    if (gimp_item_get_lock_content(item)) return true;
  }
  return false;
}

}  // namespace

void start_gegl() {
  use_huge_pages();
  gegl_init(nullptr, nullptr);
  gimp_plugin_enable_precision();
}

std::string refusal_of(gint32 drawable) {
  if (!gimp_item_is_valid(drawable) || !gimp_item_is_drawable(drawable)) {
    return format_text(_("drawable is %d, which is no layer, mask or channel."),
                       drawable);
  }
  char* name_text = gimp_item_get_name(drawable);
  const std::string name = name_text ? name_text : "";
  g_free(name_text);
  if (gimp_item_is_group(drawable)) {
    return format_text(_("drawable is the layer group \"%s\", which has no "
                         "pixels of its own: choose a layer in it, or merge "
                         "it first."),
                       name.c_str());
  }
  if (gimp_drawable_is_indexed(drawable)) {
    return format_text(_("drawable \"%s\" has indexed colours: convert the "
                         "image to RGB or greyscale first (Image › Mode)."),
                       name.c_str());
  }
  if (is_locked(drawable)) {
    return format_text(_("drawable \"%s\" is locked: unlock its pixels first."),
                       name.c_str());
  }
  return {};
}

bool holds_coverage(gint32 drawable) { return !gimp_item_is_layer(drawable); }

bool changeable_area(gint32 drawable, GeglRectangle& area) {
  return gimp_drawable_mask_intersect(drawable, &area.x, &area.y, &area.width,
                                      &area.height);
}

Reference<GeglBuffer> open_pixels(gint32 drawable) {
  Reference<GeglBuffer> buffer(gimp_drawable_get_buffer(drawable));
  if (buffer) state_meaning(buffer.get(), drawable);
  return buffer;
}

Reference<GeglBuffer> open_shadow(gint32 drawable) {
  Reference<GeglBuffer> buffer(gimp_drawable_get_shadow_buffer(drawable));
  if (buffer) state_meaning(buffer.get(), drawable);
  return buffer;
}

BlurGraph::BlurGraph(gint32 drawable, GeglBuffer* source)
    : root_(gegl_node_new()), is_light_(!holds_coverage(drawable)) {
  GeglNode* pixels =
      gegl_node_new_child(root_.get(), "operation", "gegl:buffer-source",
                          "buffer", source, nullptr);
  blur_ = gegl_node_new_child(root_.get(), "operation",
                              parameters::kBlurOperation, nullptr);
  gegl_node_link(pixels, blur_);
}

void BlurGraph::set(const Settings& settings) {
  gegl_node_set(blur_, parameters::kSize.name, settings.size,
                parameters::kSigma.name, settings.sigma,
                parameters::kSizeY.name, settings.size_y,
                parameters::kSigmaY.name, settings.sigma_y, nullptr);
  set_word(blur_, parameters::kBorderName, word_for(settings.border));
  // state_meaning() calls coverage linear, so that it is averaged as stored.
  set_word(blur_, parameters::kLightName,
           word_for(is_light_ ? settings.light : Light::kLinear));
  set_word(blur_, parameters::kMethodName, word_for(settings.method));
}

std::string blur(gint32 drawable, const Settings& settings) {
  GeglRectangle area;
  if (!changeable_area(drawable, area)) return {};

  Reference<GeglBuffer> source = open_pixels(drawable);
  Reference<GeglBuffer> shadow = open_shadow(drawable);
  if (!source || !shadow) return gimp_error();
  gimp_progress_init(_("Gaussian Kernel Blur"));
  {
    BlurGraph graph(drawable, source.get());
    graph.set(settings);
    GeglNode* sink =
        gegl_node_new_child(graph.root(), "operation", "gegl:write-buffer",
                            "buffer", shadow.get(), nullptr);
    gegl_node_link(graph.result(), sink);
    const Reference<GeglProcessor> processor(
        gegl_node_new_processor(sink, &area));
    double progress = 0;
    while (gegl_processor_work(processor.get(), &progress)) {
      gimp_progress_update(progress);
    }
  }
  gegl_buffer_flush(shadow.get());
  // GIMP merges what it was sent: the buffers must be closed by then.
  shadow.reset();
  source.reset();
  const bool merged = gimp_drawable_merge_shadow(drawable, TRUE);
  gimp_progress_end();
  if (!merged) return gimp_error();
  gimp_drawable_update(drawable, area.x, area.y, area.width, area.height);
  return {};
}

}  // namespace gk::host
