#include "column_sums.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <limits>

namespace gk {
namespace {

bool all_finite(const float* values, std::size_t count) {
  float sum = 0;
  for (std::size_t i = 0; i < count; ++i) sum += values[i] * 0.0f;
  return sum == 0;
}

}  // namespace

ColumnSums::ColumnSums(const SlidingPlan& plan, const SlidingLoops& loops,
                       SampleRows& samples, SlidingPanel& panel,
                       Scratch& scratch)
    : axis_(plan.vertical),
      samples_(samples),
      panel_(panel),
      columns_(plan.columns),
      lanes_(plan.lanes),
      pixels_(loops.pixels),
      rows_(loops.group_rows) {
  for (const ColumnRun& run : panel.runs()) {
    const std::size_t floats = offset(width(run));
    sums_.push_back({run, scratch.take<float>(floats * sum_floats(axis_)),
                     scratch.take<float>(floats)});
  }
  forget_carried();
}

void ColumnSums::forget_carried() {
  carried_row_ = std::numeric_limits<std::int64_t>::min();
}

ColumnSums::Chunk ColumnSums::chunk_at(int x, int width) const {
  return {std::min(x, width - pixels_),
          std::max(std::min(SampleRows::kChunk, width - x), pixels_)};
}

bool ColumnSums::start(int y) {
  for (const Sums& sums : sums_) {
    const int width = this->width(sums.run);
    for (int x = 0; x < width; x += SampleRows::kChunk) {
      const Chunk chunk = chunk_at(x, width);
      if (start(sums, y, chunk.x, chunk.count) & kNotOpaque) return false;
    }
  }
  return true;
}

// Starts the sums of columns x … x + count - 1 of a run, x a multiple of a
// vector or the run's last vector, at row y.
unsigned ColumnSums::start(const Sums& sums, int y, int x, int count) {
  if (axis_.cosines == 0) return 0;
  std::fill(sums_at(sums, x), sums_at(sums, x + count), 0.0f);
  const std::byte* above[kStartTerms + 1];
  const std::byte* below[kStartTerms];
  for (int m = 0; m <= axis_.radius; m += kStartTerms) {
    const int terms = std::min(kStartTerms, axis_.radius + 1 - m);
    for (int i = 0; i <= terms; ++i) {
      above[i] =
          samples_.at(sums.run, y - std::min(m + i, axis_.radius), x, count, i);
    }
    for (int i = 0; i < terms; ++i) {
      below[i] =
          samples_.at(sums.run, y + m + i, x, count, kStartTerms + 1 + i);
    }
    const unsigned events = loops().start_rows(axis_, m, terms, above, below,
                                               count, sums_at(sums, x));
    if (samples_.mode().stored && (events & kNotOpaque)) return events;
    if (!samples_.opaque()) return kNotOpaque;
  }
  return 0;
}

bool ColumnSums::step(int y) {
  const SlidingMode& mode = samples_.mode();
  const bool takes_stored = mode.stored || mode.loops.decodes;
  for (const Sums& sums : sums_) {
    const unsigned events =
        takes_stored ? step_stored(sums, y) : step_decoded(sums, y);
    if (mode.plain && (events & kNotOpaque)) return false;
    if (events & kNotFinite) repair(sums, y);
  }
  carried_row_ = y + rows_;
  return true;
}

unsigned ColumnSums::step_decoded(const Sums& sums, int y) {
  const std::byte* fresh[kMostGroupRows + 1];
  const std::byte* stale[kMostGroupRows];
  const int width = this->width(sums.run);
  unsigned events = 0;
  for (int x = 0; x < width; x += SampleRows::kChunk) {
    const auto [from, count] = chunk_at(x, width);
    for (int i = 0; i <= rows_; ++i) {
      fresh[i] = samples_.at(sums.run, y + axis_.radius + i, from, count, i);
    }
    for (int i = 0; i < rows_; ++i) {
      stale[i] = samples_.at(sums.run, y - axis_.radius + i, from, count,
                             rows_ + 1 + i);
    }
    events |= loops().step_rows(axis_, fresh, stale, count, sums_at(sums, from),
                                nullptr, results_at(0, sums.run, from),
                                panel_.stride());
  }
  return events | (samples_.opaque() ? 0u : kNotOpaque);
}

unsigned ColumnSums::step_stored(const Sums& sums, int y) {
  const std::byte* fresh[kMostGroupRows + 1];
  const std::byte* stale[kMostGroupRows];
  const SlidingLoops& loops = this->loops();
  const bool carried = loops.decodes && carried_row_ == y;
  const int first = carried ? 1 : 0;
  if (carried) fresh[0] = nullptr;
  for (int i = first; i <= rows_; ++i) {
    fresh[i] = samples_.stored(sums.run, y + axis_.radius + i, i);
  }
  for (int i = 0; i < rows_; ++i) {
    stale[i] = samples_.stored(sums.run, y - axis_.radius + i, rows_ + 1 + i);
  }
  return loops.step_rows(axis_, fresh, stale, width(sums.run), sums.sums,
                         sums.carried, results_at(0, sums.run, 0),
                         panel_.stride());
}

// Replaces what NaN and infinity left in results and sums of a run, so that
// they spoil no more than what they have a weight in.
void ColumnSums::repair(const Sums& sums, int y) {
  const int width = this->width(sums.run);
  const std::size_t floats =
      static_cast<std::size_t>(pixels_) * panel_.part_floats();
  for (int x = 0; x < width; x += pixels_) {
    const int from = std::min(x, width - pixels_);
    bool finite = true;
    for (int part = 0; part < panel_.sub_panels(); ++part) {
      finite = finite && all_finite(results_at(part, sums.run, from), floats);
    }
    if (finite) continue;
    weigh(sums.run, y, from);
    start(sums, y + rows_, from, pixels_);
  }
}

// The results of one vector by the kernel's weights, without sums.
void ColumnSums::weigh(const ColumnRun& run, int y, int x) {
  const int floats = pixels_ * lanes_;
  double sums[kMostGroupRows][kMostVectorFloats] = {};
  for (int row = -axis_.radius; row < rows_ + axis_.radius; ++row) {
    const float* samples = samples_.decoded(run, y + row, x, pixels_, 0);
    for (int i = 0; i < rows_; ++i) {
      const int distance = std::abs(row - i);
      if (distance > axis_.radius) continue;
      const double weight = axis_.weights[distance];
      for (int j = 0; j < floats; ++j) sums[i][j] += weight * samples[j];
    }
  }
  for (int i = 0; i < rows_; ++i) {
    float* columns = results_at(i / pixels_, run, x) + i % pixels_ * lanes_;
    for (int j = 0; j < floats; ++j) {
      columns[j / lanes_ * panel_.part_floats() + j % lanes_] =
          static_cast<float>(sums[i][j]);
    }
  }
}

}  // namespace gk
