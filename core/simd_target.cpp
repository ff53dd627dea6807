#include "simd_target.h"

#include <hwy/targets.h>

namespace gk {

std::vector<std::string_view> simd_targets() {
  std::vector<std::string_view> names;
  // Highway orders targets of one architecture best first.
  for (const std::int64_t target : hwy::SupportedAndGeneratedTargets()) {
    names.push_back(hwy::TargetName(target));
  }
  return names;
}

bool force_simd_target(std::string_view name) {
  // An earlier choice must not hide targets from this one.
  hwy::SetSupportedTargetsForTest(0);
  std::int64_t mask = 0;
  if (!name.empty()) {
    for (const std::int64_t target : hwy::SupportedAndGeneratedTargets()) {
      if (name == hwy::TargetName(target)) mask = target;
    }
    if (mask == 0) return false;
  }
  hwy::SetSupportedTargetsForTest(mask);
  hwy::GetChosenTarget().Update(hwy::SupportedTargets());
  return true;
}

}  // namespace gk
