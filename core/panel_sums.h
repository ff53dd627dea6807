// The exact method for kernels of any size: panels of columns from top to
// bottom, rows first, then columns.

#ifndef GK_CORE_PANEL_SUMS_H_
#define GK_CORE_PANEL_SUMS_H_

#include "exact_plan.h"

namespace gk {

// Computes run.target. May throw std::bad_alloc, before anything is written.
void run_panels(const ExactPlan& plan, const ExactRun& run);

}  // namespace gk

#endif  // GK_CORE_PANEL_SUMS_H_
