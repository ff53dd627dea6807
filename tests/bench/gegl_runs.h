// One run of one GEGL operation, buffer to buffer, and what it took.

#ifndef GK_TESTS_BENCH_GEGL_RUNS_H_
#define GK_TESTS_BENCH_GEGL_RUNS_H_

#include <gegl.h>

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/convolver.h"
#include "plugin/settings.h"

namespace gk::bench {

struct Unref {
  void operator()(gpointer object) const { g_object_unref(object); }
};
using BufferPointer = std::unique_ptr<GeglBuffer, Unref>;
using NodePointer = std::unique_ptr<GeglNode, Unref>;

// A picture's storage, by the name that the command line knows it by.
struct Storage {
  const char* name;
  const char* encoding;  // babl's
  PixelFormat format;
  bool transparent;  // alpha varies; else it is 1 everywhere
};

// Null for a name that is none of storage_names().
const Storage* storage_named(const std::string& name);
std::string storage_names();

// Smooth shapes, grain and, where asked for, soft holes: like a photograph.
BufferPointer make_picture(const Storage& storage, int width, int height);

enum class Operation { kCopy, kOurs, kGeglAuto, kGeglFir };
const char* name_of(Operation operation);

struct Cost {
  double cpu_ms = 0;
  double wall_ms = 0;
};

// Blurs `input` into a buffer of its own format and extent.
Cost run(Operation operation, GeglBuffer* input, GeglBuffer* output,
         const Settings& settings);

// In GIMP's regions, a view of 1920 x 1080 pixels in the middle of `input`
// pulled from a fresh graph.
struct PreviewCost {
  double first_ms = 0;
  double worst_ms = 0;
  double all_ms = 0;
};
PreviewCost preview(Operation operation, GeglBuffer* input,
                    const Settings& settings);

// The largest difference between `output` and the definition, at its corners
// and at random places: in codes for integers, else absolute; straight colours
// times alpha. nullopt for premultiplied pixels in a light that they are not
// stored in: babl converts them, and the core has no definition.
std::optional<double> largest_error(const Storage& storage, GeglBuffer* input,
                                    GeglBuffer* output,
                                    const Settings& settings);

// Peak resident memory that one run adds in this process beyond the output's
// tiles, in MB.
double memory_beyond_output(Operation operation, GeglBuffer* input,
                            const Settings& settings);

}  // namespace gk::bench

#endif  // GK_TESTS_BENCH_GEGL_RUNS_H_
