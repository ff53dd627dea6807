// The exact method for small kernels: blocks of rows, columns first, stored
// values straight into registers where nothing has to be decoded.

#ifndef GK_CORE_BLOCK_SUMS_H_
#define GK_CORE_BLOCK_SUMS_H_

#include "exact_plan.h"

namespace gk {

// Whether this is quicker than panels.
bool blocks_are_quicker(const ExactPlan& plan);

// Computes run.target. May throw std::bad_alloc, before anything is written.
void run_blocks(const ExactPlan& plan, const ExactRun& run);

}  // namespace gk

#endif  // GK_CORE_BLOCK_SUMS_H_
