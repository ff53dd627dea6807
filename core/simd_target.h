// Which CPU target the vector loops run on, and how to force one for tests and
// bug reports.

#ifndef GK_CORE_SIMD_TARGET_H_
#define GK_CORE_SIMD_TARGET_H_

#include <string_view>
#include <vector>

namespace gk {

// Names the CPU target to force; read by the programs above the core.
inline constexpr char kSimdTargetVariable[] = "GK_SIMD_TARGET";

// Highway's names of the targets that are compiled in and that this CPU can
// run, best first.
std::vector<std::string_view> simd_targets();

// Makes every vector loop of this process run on `name`, one of
// simd_targets(), or on the best one if `name` is empty. False, and no change,
// if `name` is none of them. Not while another thread convolves.
bool force_simd_target(std::string_view name);

// The name of the target that runs now, as the vector loops themselves see it.
std::string_view simd_target_in_force();

}  // namespace gk

#endif  // GK_CORE_SIMD_TARGET_H_
