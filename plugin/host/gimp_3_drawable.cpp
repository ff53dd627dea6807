#include "plugin/host/gimp_3_drawable.h"

#include <babl/babl.h>

#include "plugin/host/run.h"
#include "plugin/translation.h"

namespace gk::host {
namespace {

using Status = Outcome::Status;

bool is_locked(GimpItem* item) {
  for (; item; item = gimp_item_get_parent(item)) {
    if (gimp_item_get_lock_content(item)) return true;
  }
  return false;
}

// Texts, links and vectors. GIMP 3.0 knows only the first, by another name.
bool is_drawn_by_gimp(GimpItem* item) {
  const GType rasterizable = g_type_from_name("GimpRasterizable");
  return gimp_item_is_text_layer(item) ||
         (rasterizable && g_type_is_a(G_OBJECT_TYPE(item), rasterizable));
}

// The light that stands for the values of `drawable` as they are stored.
Light stored_light(GimpDrawable* drawable) {
  const BablModelFlag flags =
      babl_get_model_flags(gimp_drawable_get_format(drawable));
  return flags & BABL_MODEL_FLAG_LINEAR ? Light::kLinear : Light::kPerceptual;
}

Outcome gimp_error() {
  const char* reason = gimp_pdb_get_last_error(gimp_get_pdb());
  return {Status::kExecutionError,
          format_text(_("GIMP could not change the layer: %s"),
                      reason ? reason : _("no reason given"))};
}

bool last_call_failed() {
  return gimp_pdb_get_last_status(gimp_get_pdb()) != GIMP_PDB_SUCCESS;
}

}  // namespace

std::string refusal_of(GimpImage* image, GimpDrawable* drawable) {
  GimpItem* item = GIMP_ITEM(drawable);
  if (is_gone(image, drawable)) {
    return _("The layer is gone. Nothing was blurred.");
  }
  const Array<char> name(gimp_item_get_name(item));
  if (gimp_drawable_is_indexed(drawable)) {
    return format_text(_("drawable \"%s\" has indexed colours: convert the "
                         "image to RGB or greyscale first (Image › Mode)."),
                       name.get());
  }
  if (is_locked(item)) {
    return format_text(_("drawable \"%s\" is locked: unlock its pixels first."),
                       name.get());
  }
  return {};
}

bool is_gone(GimpImage* image, GimpDrawable* drawable) {
  GimpItem* item = GIMP_ITEM(drawable);
  if (!gimp_item_is_valid(item)) return true;
  if (holds_coverage(drawable)) return false;
  while (GimpItem* parent = gimp_item_get_parent(item)) item = parent;
  const Array<GimpLayer*> layers(gimp_image_get_layers(image));
  for (GimpLayer* const* layer = layers.get(); layer && *layer; ++layer) {
    if (GIMP_ITEM(*layer) == item) return false;
  }
  return true;
}

bool holds_coverage(GimpDrawable* drawable) {
  return !gimp_item_is_layer(GIMP_ITEM(drawable));
}

bool has_changeable_area(GimpDrawable* drawable) {
  gint x = 0, y = 0, width = 0, height = 0;
  return gimp_drawable_mask_intersect(drawable, &x, &y, &width, &height);
}

bool takes_effect(GimpDrawable* drawable) {
  return !holds_coverage(drawable) &&
         !gimp_layer_is_floating_sel(GIMP_LAYER(drawable));
}

bool needs_effect(GimpDrawable* drawable) {
  GimpItem* item = GIMP_ITEM(drawable);
  return gimp_item_is_group(item) || is_drawn_by_gimp(item);
}

GimpDrawableFilter* new_filter(GimpDrawable* drawable, const char* name) {
  return gimp_drawable_filter_new(drawable, parameters::kBlurOperation, name);
}

void set_filter(GimpDrawableFilter* filter, GimpDrawable* drawable,
                const Settings& settings) {
  const Light light =
      holds_coverage(drawable) ? stored_light(drawable) : settings.light;
  g_object_set(gimp_drawable_filter_get_config(filter), parameters::kSize.name,
               settings.size, parameters::kSigma.name, settings.sigma,
               parameters::kSizeY.name, settings.size_y,
               parameters::kSigmaY.name, settings.sigma_y,
               parameters::kBorderName, word_for(settings.border),
               parameters::kLightName, word_for(light), parameters::kMethodName,
               word_for(settings.method), nullptr);
}

Outcome blur(GimpImage* image, const std::vector<GimpDrawable*>& drawables,
             const Settings& settings, bool keep_effect) {
  struct Work {
    GimpDrawable* drawable;
    GimpDrawableFilter* filter;
  };
  // What is likely to fail comes before the first change.
  std::vector<Work> works;
  for (GimpDrawable* drawable : drawables) {
    if (!has_changeable_area(drawable)) continue;
    GimpDrawableFilter* filter = new_filter(drawable, _("Gaussian Kernel"));
    if (!filter) {
      for (const Work& work : works) gimp_drawable_filter_delete(work.filter);
      return {Status::kExecutionError, operation_missing()};
    }
    set_filter(filter, drawable, settings);
    works.push_back({drawable, filter});
  }

  Outcome outcome;
  const bool groups_steps = works.size() > 1;
  if (groups_steps) gimp_image_undo_group_start(image);
  for (const auto& [drawable, filter] : works) {
    if (outcome.status != Status::kSuccess) {
      gimp_drawable_filter_delete(filter);
      continue;
    }
    if (needs_effect(drawable) || (keep_effect && takes_effect(drawable))) {
      gimp_drawable_append_filter(drawable, filter);
    } else {
      gimp_drawable_merge_filter(drawable, filter);
    }
    if (last_call_failed()) outcome = gimp_error();
  }
  if (groups_steps) gimp_image_undo_group_end(image);
  return outcome;
}

}  // namespace gk::host
