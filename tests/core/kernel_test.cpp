#include "core/kernel.h"

#include <gtest/gtest.h>

namespace gk {
namespace {

TEST(KernelTest, PeakIsAtTheAnchor) {
  EXPECT_EQ(Kernel::gaussian(4, 1).anchor(), 2);
}

}  // namespace
}  // namespace gk
