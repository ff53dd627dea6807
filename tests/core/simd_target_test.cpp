#include "core/simd_target.h"

#include <gtest/gtest.h>

#include <string>

namespace gk {
namespace {

TEST(SimdTargetTest, ForcedTargetIsInForce) {
  ASSERT_FALSE(simd_targets().empty());
  for (const std::string_view target : simd_targets()) {
    EXPECT_TRUE(force_simd_target(target));
    EXPECT_EQ(simd_target_in_force(), target);
  }
  EXPECT_TRUE(force_simd_target({}));
  EXPECT_EQ(simd_target_in_force(), simd_targets().front());
}

TEST(SimdTargetTest, UnknownTargetChangesNothing) {
  const std::string_view last = simd_targets().back();
  ASSERT_TRUE(force_simd_target(last));
  EXPECT_FALSE(force_simd_target("MMX"));
  EXPECT_EQ(simd_target_in_force(), last);
  EXPECT_TRUE(force_simd_target({}));
}

}  // namespace
}  // namespace gk
