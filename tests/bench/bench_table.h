// The tables of gk-bench: usual sizes beside OpenCV and a plain copy.

#ifndef GK_TESTS_BENCH_BENCH_TABLE_H_
#define GK_TESTS_BENCH_BENCH_TABLE_H_

#include <string>

namespace gk::bench {

struct TableOptions {
  int width = 6000;
  int height = 4000;
  int repeat = 3;
  int threads = 1;
  std::string format;        // empty: all
  bool transparent = false;  // alpha varies
  bool peers = true;
};

// CPU time of the core, of OpenCV and of a plain copy for every format, light
// and usual size, in turn in one run; the ratios; the largest error against the
// definition; a mark at each goal that is missed.
void print_table(const TableOptions& options);

// The same without OpenCV, for each CPU target forced in turn, beside the best.
void print_targets(const TableOptions& options);

// From which size on the fast method is the quicker one.
void print_break_even(const TableOptions& options);

}  // namespace gk::bench

#endif  // GK_TESTS_BENCH_BENCH_TABLE_H_
