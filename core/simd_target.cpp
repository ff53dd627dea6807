#include "simd_target.h"

#include <hwy/targets.h>

#include <cstdint>

namespace gk {
namespace {

std::vector<std::int64_t> runnable_targets() {
  // A target forced before hides the others: look without it.
  const std::int64_t in_force = hwy::SupportedTargets();
  hwy::SetSupportedTargetsForTest(0);
  std::vector<std::int64_t> targets = hwy::SupportedAndGeneratedTargets();
  hwy::SetSupportedTargetsForTest(in_force);
  return targets;
}

}  // namespace

std::vector<std::string_view> simd_targets() {
  std::vector<std::string_view> names;
  // Highway orders targets of one architecture best first.
  for (const std::int64_t target : runnable_targets()) {
    names.push_back(hwy::TargetName(target));
  }
  return names;
}

bool force_simd_target(std::string_view name) {
  std::int64_t mask = 0;
  for (const std::int64_t target : runnable_targets()) {
    if (name == hwy::TargetName(target)) mask = target;
  }
  if (mask == 0 && !name.empty()) return false;
  hwy::SetSupportedTargetsForTest(mask);
  hwy::GetChosenTarget().Update(hwy::SupportedTargets());
  return true;
}

}  // namespace gk
