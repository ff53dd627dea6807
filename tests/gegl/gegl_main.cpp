// Runs a test program inside an initialised GEGL.

#include <gegl.h>
#include <gtest/gtest.h>

#include <cstdio>

#include "plugin/parameters.h"

int main(int argc, char** argv) {
  testing::InitGoogleTest(&argc, argv);
  gegl_init(&argc, &argv);
  if (!gegl_has_operation(gk::parameters::kBlurOperation)) {
    std::fprintf(stderr, "GEGL does not find %s in GEGL_PATH=%s\n",
                 gk::parameters::kBlurOperation, g_getenv("GEGL_PATH"));
    return 1;
  }
  const int result = RUN_ALL_TESTS();
  gegl_exit();
  return result;
}
