#include "sliding_panel.h"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <utility>

namespace gk {
namespace {

// The columns of the image that stand for `columns`, in order: no two spans
// touch.
std::vector<Span> shown_spans(Border border, int image_width, Span columns) {
  std::vector<Span> met;
  for (std::int64_t x = columns.first; x < columns.end; ++x) {
    const std::int64_t index = border_index(border, x, image_width);
    if (index == kOutside) continue;
    if (!met.empty() && index >= met.back().first - 1 &&
        index <= met.back().end) {
      met.back().first = std::min(met.back().first, index);
      met.back().end = std::max(met.back().end, index + 1);
    } else {
      met.push_back({index, index + 1});
    }
  }
  std::sort(met.begin(), met.end(),
            [](const Span& a, const Span& b) { return a.first < b.first; });
  std::vector<Span> shown;
  for (const Span& span : met) {
    if (!shown.empty() && span.first <= shown.back().end) {
      shown.back().end = std::max(shown.back().end, span.end);
    } else {
      shown.push_back(span);
    }
  }
  return shown;
}

}  // namespace

PanelColumns arrange_columns(Border border, int image_width, Span columns,
                             int least_count) {
  PanelColumns panel;
  panel.count = columns.end - columns.first;
  for (const Span& span : shown_spans(border, image_width, columns)) {
    const int count = static_cast<int>(span.end - span.first);
    std::ptrdiff_t column = span.first - columns.first;
    const bool in_place =
        span.first >= columns.first && span.end <= columns.end;
    if (!in_place || count < least_count) {
      column = panel.count;
      panel.count += std::max(count, least_count);
    }
    panel.runs.push_back({static_cast<int>(span.first), count, column});
  }
  for (std::int64_t x = columns.first; x < columns.end; ++x) {
    const std::ptrdiff_t to = x - columns.first;
    const int index = border_index(border, x, image_width);
    if (index == kOutside) {
      panel.outside.push_back(to);
      continue;
    }
    const auto run = std::find_if(
        panel.runs.begin(), panel.runs.end(), [&](const ColumnRun& candidate) {
          return index < candidate.image_x + candidate.count;
        });
    const std::ptrdiff_t from = run->column + index - run->image_x;
    if (from != to) panel.copies.push_back({to, from});
  }
  return panel;
}

SlidingPanel::SlidingPanel(PanelColumns columns, const SlidingLoops& loops,
                           const SlidingPlan& plan, Scratch& scratch)
    : columns_(std::move(columns)),
      lanes_(plan.lanes),
      sub_panels_(loops.group_rows / loops.pixels),
      part_floats_(loops.pixels * plan.lanes),
      column_floats_(part_floats_ * plan.columns),
      // Loops read ahead, beyond the last window.
      stride_((columns_.count + loops.pixels + 2) * column_floats_),
      floats_(scratch.take_zeros<float>(stride_ * sub_panels_)) {}

void SlidingPanel::fill_outside(const float* pixel) {
  for (int part = 0; part < sub_panels_; ++part) {
    for (const std::ptrdiff_t column : columns_.outside) {
      float* to = at(part, column);
      for (int i = 0; i < column_floats_; ++i) {
        to[i] = pixel[i / part_floats_ * lanes_ + i % lanes_];
      }
    }
  }
}

void SlidingPanel::copy_columns() {
  for (int part = 0; part < sub_panels_; ++part) {
    for (const ColumnCopy& copy : columns_.copies) {
      std::memcpy(at(part, copy.to), at(part, copy.from),
                  column_floats_ * sizeof(float));
    }
  }
}

}  // namespace gk
