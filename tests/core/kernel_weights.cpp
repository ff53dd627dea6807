// Prints the weights of Kernel::gaussian(SIZE, SIGMA) as hexadecimal floats,
// one a line.

#include <cstdio>
#include <cstdlib>

#include "core/kernel.h"

int main(int argc, char** argv) {
  if (argc != 3) {
    std::fprintf(stderr, "usage: kernel-weights SIZE SIGMA\n");
    return 2;
  }
  const gk::Kernel kernel =
      gk::Kernel::gaussian(std::atoi(argv[1]), std::atof(argv[2]));
  for (const double weight : kernel.weights()) std::printf("%a\n", weight);
  return 0;
}
