// gaussian-kernel:matrix: the kernel matrix as a picture.

#include <gegl-plugin.h>

#include <algorithm>
#include <mutex>
#include <vector>

#include "plugin/gegl/operation_type.h"
#include "plugin/gegl/operation_types.h"
#include "plugin/gegl/properties.h"
#include "plugin/settings.h"
#include "plugin/translation.h"

namespace gk {
namespace {

enum class ScaleTo { kSum, kPeak };

constexpr parameters::Word<ScaleTo> kScales[] = {
    {ScaleTo::kSum, "sum", GK_TEXT("Sum"), GK_TEXT("The weights as they are")},
    {ScaleTo::kPeak, "peak", GK_TEXT("Peak"),
     GK_TEXT("The weights divided by the largest one")},
};

constexpr guint kScaleToProperty = kFirstOwnProperty;
constexpr char kPixelFormat[] = "Y float";

struct State {
  std::mutex mutex;
  Settings settings;
  ScaleTo scale_to = ScaleTo::kSum;

  bool set_property(guint id, const GValue* value) {
    if (id != kScaleToProperty) return false;
    scale_to = static_cast<ScaleTo>(g_value_get_enum(value));
    return true;
  }
  bool get_property(guint id, GValue* value) const {
    if (id != kScaleToProperty) return false;
    g_value_set_enum(value, static_cast<int>(scale_to));
    return true;
  }
};

using MatrixType =
    OperationType<GeglOperationSource, GeglOperationSourceClass, State>;

State& state_of(gpointer operation) { return MatrixType::state_of(operation); }

void prepare(GeglOperation* operation) {
  gegl_operation_set_format(operation, "output", babl_format(kPixelFormat));
}

GeglRectangle get_bounding_box(GeglOperation* operation) {
  State& state = state_of(operation);
  const std::lock_guard lock(state.mutex);
  return {0, 0, horizontal_kernel(state.settings).size(),
          vertical_kernel(state.settings).size()};
}

gboolean process(GeglOperation* operation, GeglBuffer* output,
                 const GeglRectangle* region, gint level) {
  // Smaller levels show the matrix in steps: its weights are not an image's.
  const int step = 1 << level;
  State& state = state_of(operation);
  std::unique_lock lock(state.mutex);
  const Kernel horizontal = horizontal_kernel(state.settings);
  const Kernel vertical = vertical_kernel(state.settings);
  const ScaleTo scale_to = state.scale_to;
  lock.unlock();

  const auto weight = [](const Kernel& kernel, int position) {
    return position >= 0 && position < kernel.size()
               ? kernel.weights()[position]
               : 0.0;
  };
  const double scale = scale_to == ScaleTo::kPeak
                           ? 1 / (weight(horizontal, horizontal.anchor()) *
                                  weight(vertical, vertical.anchor()))
                           : 1.0;
  const GeglRectangle scaled{region->x / step, region->y / step,
                             std::max(1, region->width / step),
                             std::max(1, region->height / step)};
  std::vector<float> row(scaled.width);
  for (int y = scaled.y; y < scaled.y + scaled.height; ++y) {
    const double row_weight = weight(vertical, y * step) * scale;
    for (int x = 0; x < scaled.width; ++x) {
      row[x] = static_cast<float>(row_weight *
                                  weight(horizontal, (scaled.x + x) * step));
    }
    const GeglRectangle line{scaled.x, y, scaled.width, 1};
    gegl_buffer_set(output, &line, level, babl_format(kPixelFormat), row.data(),
                    GEGL_AUTO_ROWSTRIDE);
  }
  return TRUE;
}

void initialize_class(gpointer klass) {
  auto* operation_class = GEGL_OPERATION_CLASS(klass);
  operation_class->prepare = prepare;
  operation_class->get_bounding_box = get_bounding_box;
  operation_class->opencl_support = FALSE;
  GEGL_OPERATION_SOURCE_CLASS(klass)->process = process;

  g_object_class_install_property(
      G_OBJECT_CLASS(klass), kScaleToProperty,
      enum_property("GkMatrixScale", kScales, "scale-to", _("Scale to"),
                    _("sum: the weights as they are, peak: divided by the "
                      "largest one"),
                    ScaleTo::kSum));
  gegl_operation_class_set_keys(
      operation_class, "name", parameters::kMatrixOperation, "title",
      _("Gaussian Kernel Matrix"), "categories", "render:blur", "description",
      _("Renders the matrix that gaussian-kernel:blur convolves with: one "
        "pixel for each weight, size columns and size-y rows, from the "
        "origin."),
      nullptr);
}

}  // namespace

GType register_matrix(GTypeModule* module) {
  return MatrixType::register_with(module, GEGL_TYPE_OPERATION_SOURCE,
                                   "GkMatrixOperation", initialize_class);
}

}  // namespace gk
