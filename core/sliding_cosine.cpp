#include "sliding_cosine.h"

#include <hwy/cache_control.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "cache_bypass.h"
#include "column_sums.h"
#include "sample_rows.h"
#include "sliding_loops.h"
#include "sliding_mode.h"
#include "sliding_panel.h"

namespace gk {
namespace {

// Results of which little would be left in the caches.
constexpr std::int64_t kLargeBytes = 16 << 20;

PanelColumns columns_of(const SlidingPlan& plan, Size image, Rect target,
                        int least_count) {
  const std::int64_t radius = plan.horizontal.radius;
  return arrange_columns(
      plan.border, image.width,
      {target.x - radius, target.x + std::int64_t{target.width} + radius},
      least_count);
}

int widest_of(const std::vector<ColumnRun>& runs) {
  int widest = 1;
  for (const ColumnRun& run : runs) widest = std::max(widest, run.count);
  return widest;
}

// Walks down a target, a group of rows at a time: vertical results go to a
// panel, the horizontal pass takes them from there.
class SlidingRun {
 public:
  SlidingRun(const SlidingPlan& plan, Size image, RowReader& reader,
             RowWriter& writer, Scratch& scratch, Rect target);

  void run();

 private:
  void use(const SlidingMode& mode);
  void sum_columns(int y);
  void slide(int y);
  unsigned slide(int sub_panel, int y, int x, int count, bool weigh);
  MemoryHints hints_at(int y, int x, const std::byte** ahead);

  const SlidingPlan& plan_;
  const SlidingMode plain_mode_;
  std::optional<SlidingMode> weighted_mode_;  // once it is needed
  const SlidingMode* mode_ = nullptr;
  RowReader& reader_;
  RowWriter& writer_;
  const Rect target_;
  const int pixel_bytes_;
  const int last_row_;  // the last that may be read
  // Vectors have the same sizes in both modes.
  const int pixels_;
  const int group_rows_;
  // Whether pixels come from and go to where they stay, and fill more than
  // caches do.
  const bool large_;
  SlidingPanel panel_;
  SampleRows samples_;
  ColumnSums column_sums_;
  float* row_sums_;
  float* results_;
  std::byte* nowhere_;
};

SlidingRun::SlidingRun(const SlidingPlan& plan, Size image, RowReader& reader,
                       RowWriter& writer, Scratch& scratch, Rect target)
    : plan_(plan),
      plain_mode_(plain_mode(plan)),
      reader_(reader),
      writer_(writer),
      target_(target),
      pixel_bytes_(bytes_per_pixel(plan.format)),
      last_row_(target.bottom() - 1 + plan.vertical.radius),
      pixels_(plain_mode_.loops.pixels),
      group_rows_(plain_mode_.loops.group_rows),
      large_(reader.in_place() && writer.in_place() &&
             static_cast<std::int64_t>(target.width) * target.height *
                     pixel_bytes_ >=
                 kLargeBytes),
      panel_(columns_of(plan, image, target, pixels_), plain_mode_.loops, plan,
             scratch),
      samples_(plan, reader, image, last_row_, widest_of(panel_.runs()),
               pixels_, scratch),
      column_sums_(plan, plain_mode_.loops, samples_, panel_, scratch),
      row_sums_(scratch.take<float>(kMostSumFloats * kMostVectorFloats *
                                    kMostColumns)),
      results_(scratch.take<float>(std::size_t{kMostVectorFloats} *
                                   SampleRows::kChunkFloats)),
      nowhere_(scratch.take<std::byte>(static_cast<std::size_t>(target.width) *
                                       pixel_bytes_)) {}

void SlidingRun::use(const SlidingMode& mode) {
  samples_.use(mode);
  if (mode_ == &mode) return;
  mode_ = &mode;
  column_sums_.forget_carried();
  if (has_outside(plan_.border) && !outside_is_nothing(plan_.border)) {
    panel_.fill_outside(samples_.outside());
  }
}

// Brings the panel to rows y … y + group_rows - 1.
void SlidingRun::sum_columns(int y) {
  const bool restarts = (y - target_.y) % plan_.vertical.restart == 0;
  // Transparent pixels come and go; each restart tries without.
  if (restarts) use(plain_mode_);
  const bool started = !restarts || column_sums_.start(y);
  if (!started || !column_sums_.step(y)) {
    if (!weighted_mode_) weighted_mode_ = weighted_mode(plan_);
    use(*weighted_mode_);
    (void)column_sums_.start(y);
    (void)column_sums_.step(y);
  }
  panel_.copy_columns();
}

// What helps the results from column x of the target on of rows y and
// following; `ahead` has room for a vector of rows.
MemoryHints SlidingRun::hints_at(int y, int x, const std::byte** ahead) {
  const int row = y + group_rows_ + plan_.vertical.radius + 1;
  if (!large_ || panel_.runs().empty() || row + pixels_ > last_row_) return {};
  const ColumnRun& run = panel_.runs().front();
  for (int i = 0; i < pixels_; ++i) {
    ahead[i] = samples_.stored(run, row + i, 0) +
               std::ptrdiff_t{target_.x + x - run.image_x} * pixel_bytes_;
  }
  return {ahead, stores_pass_cache()};
}

// Results of pixels_ rows from y on, `count` columns from column x of the
// target on: by sums or by the kernel's weights.
unsigned SlidingRun::slide(int sub_panel, int y, int x, int count, bool weigh) {
  const SlidingAxis& axis = plan_.horizontal;
  const SlidingLoops& loops = mode_->loops;
  unsigned events = 0;
  // Whether the loops leave pixels as they are stored.
  const bool whole = loops.decodes ? !weigh : mode_->stored;
  const int most = whole ? count : SampleRows::kChunk;
  for (int from = x; from < x + count; from += most) {
    const int here = std::min(most, x + count - from);
    std::byte* rows[kMostVectorFloats];
    std::byte* results[kMostVectorFloats];
    for (int i = 0; i < pixels_; ++i) {
      results[i] = (y + i < target_.bottom() ? writer_.row(y + i) : nowhere_) +
                   static_cast<std::ptrdiff_t>(from) * pixel_bytes_;
      rows[i] = whole ? results[i]
                      : reinterpret_cast<std::byte*>(
                            results_ + static_cast<std::ptrdiff_t>(i) *
                                           SampleRows::kChunkFloats);
    }
    const float* centre = panel_.at(sub_panel, axis.radius + from);
    if (weigh) {
      loops.weigh_columns(axis, centre, here, rows);
    } else {
      const std::byte* ahead[kMostVectorFloats];
      const MemoryHints hints =
          whole ? hints_at(y, from, ahead) : MemoryHints();
      events |= loops.step_columns(axis, centre, here, row_sums_, rows, hints);
    }
    if (whole) continue;
    for (int i = 0; i < pixels_ && y + i < target_.bottom(); ++i) {
      mode_->codec.encode_noisy(reinterpret_cast<const float*>(rows[i]),
                                here * std::size_t(plan_.columns), results[i]);
    }
  }
  return events;
}

// Results of rows y … y + group_rows - 1 from the panel.
void SlidingRun::slide(int y) {
  const SlidingAxis& axis = plan_.horizontal;
  for (int part = 0; part < panel_.sub_panels(); ++part) {
    const int row = y + part * pixels_;
    if (row >= target_.bottom()) return;
    for (int x = 0; x < target_.width; x += axis.restart) {
      const int count = std::min(axis.restart, target_.width - x);
      mode_->loops.start_columns(axis, panel_.at(part, axis.radius + x),
                                 row_sums_);
      if (slide(part, row, x, count, false) & kNotFinite) {
        slide(part, row, x, count, true);
      }
    }
  }
}

void SlidingRun::run() {
  const int radius = plan_.vertical.radius;
  for (int y = target_.y; y < target_.bottom(); y += group_rows_) {
    reader_.hold(y - radius, std::min(y + group_rows_ + radius, last_row_) + 1);
    sum_columns(y);
    slide(y);
    writer_.finish(std::min(y + group_rows_, target_.bottom()));
  }
  hwy::FlushStream();
}

}  // namespace

int sliding_rows(const SlidingPlan& plan) {
  return 2 * plan.vertical.radius + 1 + kMostGroupRows;
}

int sliding_result_rows(const SlidingPlan&) { return kMostGroupRows; }

void run_sliding(const SlidingPlan& plan, Size image, RowReader& reader,
                 RowWriter& writer, Scratch& scratch, Rect target) {
  SlidingRun(plan, image, reader, writer, scratch, target).run();
}

}  // namespace gk
