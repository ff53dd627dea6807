// One blur of an image in memory, by the core or by a peer, and what it took.

#ifndef GK_TESTS_BENCH_CORE_RUNS_H_
#define GK_TESTS_BENCH_CORE_RUNS_H_

#include <functional>
#include <string>
#include <vector>

#include "core/convolver.h"
#include "core/kernel.h"
#include "tests/support/memory_image.h"

namespace gk::bench {

struct Cost {
  double cpu_ms = 0;  // of all threads of the process
  double wall_ms = 0;
};

// What `work` takes, once.
Cost cost_of(const std::function<void()>& work);
// The smaller of each figure.
Cost best_of(const Cost& a, const Cost& b);

// A pixel format by its name on the command line. Values are on the sRGB curve,
// alpha is straight.
struct NamedFormat {
  std::string name;  // u8x4: component, channels
  PixelFormat format;
};
const std::vector<NamedFormat>& formats();

// Grain, steps and gradients; alpha 1 everywhere or, if `transparent`, with
// holes and soft edges.
void fill(support::MemoryImage& image, bool transparent);

// Blurs `from` into `to` in `threads` bands of rows.
void blur(const Convolver& convolver, const support::MemoryImage& from,
          support::MemoryImage& to, int threads);

// The largest difference to the definition at the corners, along the edges and
// at random pixels; in codes for integers.
double largest_error(const Kernel& kernel, Light light,
                     const support::MemoryImage& from,
                     const support::MemoryImage& to);

// OpenCV's blurs of the same data, border replicated, one thread. False where
// it is not built in or has no such format.
enum class Peer { kGaussianBlur, kSepFilter2D };
bool has_peers();
bool run_peer(Peer peer, int size, double sigma,
              const support::MemoryImage& from, support::MemoryImage& to);

}  // namespace gk::bench

#endif  // GK_TESTS_BENCH_CORE_RUNS_H_
