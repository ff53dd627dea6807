// gaussian-kernel:blur: an area filter around the core's Convolver.

#include <gegl-plugin.h>

#include <atomic>
#include <exception>
#include <memory>
#include <mutex>
#include <utility>

#include "plugin/gegl/blur_plan.h"
#include "plugin/gegl/operation_type.h"
#include "plugin/gegl/operation_types.h"
#include "plugin/gegl/properties.h"
#include "plugin/gegl/region_buffer.h"
#include "plugin/settings.h"
#include "plugin/translation.h"

namespace gk {
namespace {

enum : guint {
  kBorderProperty = kFirstOwnProperty,
  kLightProperty,
  kMethodProperty,
  kClipExtentProperty,
};

using SharedPlan = std::shared_ptr<const BlurPlan>;

// A render keeps the plan that its input was requested by: a property that
// changes meanwhile makes GEGL prepare a new one at once.
struct State {
  std::mutex mutex;
  Settings settings;
  bool clip_extent = true;
  SharedPlan plan;       // of the properties as they are
  SharedPlan requested;  // of the render that comes next
  const std::shared_ptr<RegionMemory> memory = std::make_shared<RegionMemory>();

  bool set_property(guint id, const GValue* value);
  bool get_property(guint id, GValue* value) const;
};

bool State::set_property(guint id, const GValue* value) {
  switch (id) {
    case kBorderProperty:
      settings.border = static_cast<Border>(g_value_get_enum(value));
      return true;
    case kLightProperty:
      settings.light = static_cast<Light>(g_value_get_enum(value));
      return true;
    case kMethodProperty:
      settings.method = static_cast<Method>(g_value_get_enum(value));
      return true;
    case kClipExtentProperty:
      clip_extent = g_value_get_boolean(value) != FALSE;
      return true;
    default:
      return false;
  }
}

bool State::get_property(guint id, GValue* value) const {
  switch (id) {
    case kBorderProperty:
      g_value_set_enum(value, static_cast<int>(settings.border));
      return true;
    case kLightProperty:
      g_value_set_enum(value, static_cast<int>(settings.light));
      return true;
    case kMethodProperty:
      g_value_set_enum(value, static_cast<int>(settings.method));
      return true;
    case kClipExtentProperty:
      g_value_set_boolean(value, clip_extent);
      return true;
    default:
      return false;
  }
}

using BlurType =
    OperationType<GeglOperationAreaFilter, GeglOperationAreaFilterClass, State>;

State& state_of(gpointer operation) { return BlurType::state_of(operation); }

SharedPlan plan_of(gpointer object) {
  State& state = state_of(object);
  const std::lock_guard lock(state.mutex);
  return state.plan;
}

// The plan of the render that starts now.
SharedPlan take_requested(State& state) {
  const std::lock_guard lock(state.mutex);
  const SharedPlan requested = std::exchange(state.requested, nullptr);
  return requested != nullptr ? requested : state.plan;
}

GeglRectangle input_extent(GeglOperation* operation) {
  const GeglRectangle* extent =
      gegl_operation_source_get_bounding_box(operation, "input");
  return extent != nullptr ? *extent : GeglRectangle{};
}

void prepare(GeglOperation* operation) {
  State& state = state_of(operation);
  const std::lock_guard lock(state.mutex);
  const BlurRequest request{
      state.settings, state.clip_extent,
      gegl_operation_get_source_format(operation, "input"),
      input_extent(operation)};
  if (request.source == nullptr || gegl_rectangle_is_empty(&request.extent)) {
    state.plan = nullptr;
  } else if (state.plan == nullptr || !(state.plan->request() == request)) {
    try {
      state.plan = std::make_shared<const BlurPlan>(request);
    } catch (const std::exception& error) {
      state.plan = nullptr;
      g_warning("%s: %s", parameters::kBlurOperation, error.what());
    }
  }
  const Babl* untouched =
      request.source != nullptr ? request.source : babl_format("RGBA float");
  gegl_operation_set_format(
      operation, "input",
      state.plan != nullptr ? state.plan->input_format() : untouched);
  gegl_operation_set_format(
      operation, "output",
      state.plan != nullptr ? state.plan->output_format() : untouched);
}

GeglRectangle get_bounding_box(GeglOperation* operation) {
  State& state = state_of(operation);
  const std::lock_guard lock(state.mutex);
  return bounding_box(state.settings, state.clip_extent,
                      input_extent(operation));
}

GeglRectangle get_required_for_output(GeglOperation* operation, const gchar*,
                                      const GeglRectangle* region) {
  State& state = state_of(operation);
  SharedPlan plan;
  {
    const std::lock_guard lock(state.mutex);
    plan = state.requested = state.plan;
  }
  return plan != nullptr ? plan->required(*region) : *region;
}

GeglRectangle get_invalidated_by_change(GeglOperation* operation, const gchar*,
                                        const GeglRectangle* changed) {
  const GeglRectangle now = input_extent(operation);
  const auto plan = plan_of(operation);
  // An extent that changes moves the borders; before the first prepare()
  // nothing is known.
  if (plan == nullptr || !gegl_rectangle_equal(&plan->request().extent, &now)) {
    return gegl_rectangle_infinite_plane();
  }
  return plan->invalidated(*changed);
}

GeglAbyssPolicy get_abyss_policy(GeglOperation* operation, const gchar*) {
  State& state = state_of(operation);
  const std::lock_guard lock(state.mutex);
  switch (state.settings.border) {
    case Border::kClamp:
      return GEGL_ABYSS_CLAMP;
    case Border::kLoop:
      return GEGL_ABYSS_LOOP;
    case Border::kBlack:
      return GEGL_ABYSS_BLACK;
    case Border::kWhite:
      return GEGL_ABYSS_WHITE;
    case Border::kNone:
    case Border::kMirror:  // GEGL knows no such policy
      break;
  }
  return GEGL_ABYSS_NONE;
}

// What computes a part of a region, on any thread.
struct Job {
  const BlurPlan& plan;
  GeglBuffer* input;
  const RegionBuffer& output;
  int level;
  std::atomic<int> failures = 0;
};

// Jobs change hands through atomics: the thread sanitizer can't see GEGL's
// locks.
using JobPointer = std::atomic<Job*>;

void run_part(const GeglRectangle* part, gpointer pointer) {
  Job& job = *static_cast<JobPointer*>(pointer)->load();
  const bool complete = job.plan.run(job.input, job.output, *part, job.level);
  job.failures += complete ? 0 : 1;
}

gboolean process(GeglOperation* operation, GeglOperationContext* context,
                 const gchar*, const GeglRectangle* region, gint level) {
  State& state = state_of(operation);
  const SharedPlan plan = take_requested(state);
  auto* input = reinterpret_cast<GeglBuffer*>(
      gegl_operation_context_get_object(context, "input"));
  if (plan == nullptr || plan->copies(*region)) {
    if (input != nullptr) {
      gegl_operation_context_take_object(context, "output",
                                         G_OBJECT(g_object_ref(input)));
    }
    return TRUE;
  }
  if (input == nullptr) return FALSE;
  RegionBuffer output(context, *region, plan->written_format(level),
                      state.memory);
  Job job{*plan, input, output, level};
  JobPointer pointer;
  pointer.store(&job);
  if (gegl_operation_use_threading(operation, region)) {
    gegl_parallel_distribute_area(
        region, gegl_operation_get_pixels_per_thread(operation),
        GEGL_SPLIT_STRATEGY_AUTO, run_part, &pointer);
  } else {
    run_part(region, &pointer);
  }
  if (job.failures == 0) {
    output.finish();
    return TRUE;
  }
  g_warning(_("%s: not enough memory for a region of %d x %d pixels"),
            parameters::kBlurOperation, region->width, region->height);
  return FALSE;
}

void install_properties(GObjectClass* object_class) {
  g_object_class_install_property(
      object_class, kBorderProperty,
      enum_property("GkAbyssPolicy", parameters::kBorders,
                    parameters::kBorderName, _("Abyss policy"),
                    _("What lies outside the image"),
                    parameters::kStandardBorder));
  g_object_class_install_property(
      object_class, kLightProperty,
      enum_property("GkLight", parameters::kLights, parameters::kLightName,
                    _("Light"),
                    _("Blur linear light, or values on the image's own tone "
                      "curve"),
                    parameters::kStandardLight));
  g_object_class_install_property(
      object_class, kMethodProperty,
      enum_property("GkMethod", parameters::kMethods, parameters::kMethodName,
                    _("Method"),
                    _("exact: every weight, fast: equally quick at every "
                      "size, auto: the quicker one that is accurate enough"),
                    parameters::kStandardMethod));
  g_object_class_install_property(
      object_class, kClipExtentProperty,
      g_param_spec_boolean(parameters::kClipExtentName,
                           _("Clip to the input extent"),
                           _("Off: the result grows by half the kernel's "
                             "size on each side"),
                           TRUE, kPropertyFlags));
}

void initialize_class(gpointer klass) {
  auto* operation_class = GEGL_OPERATION_CLASS(klass);
  operation_class->prepare = prepare;
  operation_class->get_bounding_box = get_bounding_box;
  operation_class->get_required_for_output = get_required_for_output;
  operation_class->get_invalidated_by_change = get_invalidated_by_change;
  operation_class->process = process;
  operation_class->opencl_support = FALSE;
  operation_class->threaded = TRUE;
  GEGL_OPERATION_AREA_FILTER_CLASS(klass)->get_abyss_policy = get_abyss_policy;

  install_properties(G_OBJECT_CLASS(klass));
  // No "license" key: with one, GEGL hides the operation from programs that
  // did not declare a licence.
  gegl_operation_class_set_keys(
      operation_class, "name", parameters::kBlurOperation, "title",
      _("Gaussian Kernel Blur"), "categories", "blur", "description",
      _("Convolves with exactly the Gaussian kernel that size and sigma "
        "define: a matrix of size x size-y weights that sum to 1. Colours are "
        "weighted by alpha; the image's colour space and component type are "
        "kept. A size of 0 means 2 ceil(4 sigma) + 1, which cuts less than "
        "1e-4 of the mass. Values outside their range become the nearest "
        "allowed one."),
      "reference",
      "K(x, y) = 1 / (2 pi sigma^2) exp(-(x^2 + y^2) / (2 sigma^2)), "
      "x, y = i - size / 2 (integer division), i = 0 ... size - 1; "
      "matrix = K / sum(K)",
      nullptr);
}

}  // namespace

GType register_blur(GTypeModule* module) {
  return BlurType::register_with(module, GEGL_TYPE_OPERATION_AREA_FILTER,
                                 "GkBlurOperation", initialize_class);
}

}  // namespace gk
