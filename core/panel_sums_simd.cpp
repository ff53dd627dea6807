#include "core/panel_sums.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "core/panel_sums_simd.cpp"
#include <hwy/foreach_target.h>

#include "core/opaque_row-inl.h"
#include "core/pixel_lanes-inl.h"
#include "core/pixel_transpose-inl.h"
#include "core/tap_sums-inl.h"

// Once, whatever the target.
#ifndef GK_CORE_PANEL_SUMS_SIMD_ONCE_
#define GK_CORE_PANEL_SUMS_SIMD_ONCE_

#include <hwy/cache_control.h>

#include <algorithm>
#include <vector>

#include "core/border.h"
#include "core/light_rows.h"

namespace gk {
namespace {

// Rows of results that are summed together, in groups: the more taps, the more
// groups use a column of filtered rows once it is in a near cache.
int rows_per_round(int taps, int group) {
  return std::clamp(taps / 4, group, 64) / group * group;
}

// Filtered rows wait for their column sums in 2.5 MB: more than many a second
// cache, but a round fetches each of them only once. Panels narrower than 32
// pixels would read more halo than pixels.
int panel_width(int rows, int lanes, int target_width) {
  constexpr int kMostFloats = 5 << 17;
  constexpr int kWidest = 2048;
  const int floats = std::min(kWidest, kMostFloats / rows);
  const int width = std::max(32, floats / lanes / 32 * 32);
  return std::min(width, (target_width + 31) / 32 * 32);
}

}  // namespace
}  // namespace gk

#endif  // GK_CORE_PANEL_SUMS_SIMD_ONCE_

HWY_BEFORE_NAMESPACE();
namespace gk {
namespace HWY_NAMESPACE {

// One panel after the other, from top to bottom: rows are filtered along x in
// groups, turned so that a vector holds one column of all rows of the group and
// a step along x is a step of whole vectors; the filtered rows then wait in a
// ring for their sums along y.
template <int kLanes>
class Panels {
 public:
  Panels(const ExactPlan& plan, const ExactRun& run)
      : plan_(plan),
        run_(run),
        round_rows_(rows_per_round(plan.vertical.size(), kOutputs)),
        ring_rows_(plan.vertical.size() + round_rows_ + kGroup),
        width_(panel_width(ring_rows_, kLanes, run.target.width)),
        columns_(width_ + plan.horizontal.size() - 1),
        light_(run.reader, plan.codec, plan.border, plan.format, run.image,
               columns_, run.scratch),
        light_stride_(aligned_stride(columns_ * kLanes + kRowSlack)),
        // Of an odd number of cache lines: rows begin in different sets.
        row_stride_(aligned_stride(width_ * kLanes + kRowSlack) | 16),
        decoded_(run_.scratch.take<float>(light_stride_ * kGroup)),
        turned_(
            run_.scratch.take<float>((columns_ + kOutputs + kGroup) * kUnit)),
        sums_(kTurnsSums ? nullptr
                         : run_.scratch.take<float>(
                               (width_ + kOutputs + kGroup) * kUnit)),
        ring_(run_.scratch.take<float>(row_stride_ * ring_rows_)),
        out_(run_.scratch.take<float>(row_stride_ * round_rows_)),
        sources_(plan.vertical.size() + round_rows_),
        results_(round_rows_),
        sums_to_(round_rows_) {}

  void Run() {
    for_each_band(plan_, run_, [this](const Rect& band) {
      for (int x = band.x; x < band.right(); x += width_) {
        SumPanel({x, band.y, std::min(width_, band.right() - x), band.height});
      }
    });
  }

 private:
  static constexpr int kVector = hn::MaxLanes(Floats());
  static constexpr int kGroup = kPixelsPerVector<kLanes>;
  // Floats of one column of a group of rows.
  static constexpr int kUnit = kGroup * kLanes;
  // The sums at hand are whole squares to be turned back where they are.
  static constexpr bool kTurnsSums = kOutputs % kGroup == 0;

  float* RingRow(int y) const {
    const int slot = (y - first_row_) % ring_rows_;
    return ring_ + row_stride_ * slot;
  }

  float* NextRingRow(float* row) const {
    row += row_stride_;
    return row == ring_ + row_stride_ * ring_rows_ ? ring_ : row;
  }

  void SumPanel(const Rect& panel) {
    const int before = plan_.vertical.before();
    const int after = plan_.vertical.after();
    // Rows that a border repeats are filtered once.
    const auto nearest = [this](int y) {
      return static_cast<int>(
          nearest_alike(plan_.border, y, run_.image.height));
    };
    first_row_ = nearest(panel.y - before);
    last_row_ = nearest(panel.bottom() - 1 + after);
    const int end_row = last_row_ + 1;
    last_decoded_row_ = first_row_ - 1;
    int filtered = first_row_;  // rows before this one are in the ring
    for (int y = panel.y, rows; y < panel.bottom(); y += rows) {
      rows = std::min(round_rows_, panel.bottom() - y);
      // The last group may have fewer rows: it makes a round of its own.
      if (rows > kOutputs) rows = rows / kOutputs * kOutputs;
      const int end = std::clamp(y + rows + after, first_row_ + 1, end_row);
      for (; filtered < end; filtered += kGroup) {
        FilterGroup(panel.x, panel.width, filtered,
                    std::min(kGroup, end_row - filtered));
      }
      // Sums that nobody asked for read any row that is there.
      float* source = RingRow(std::clamp(y - before, first_row_, last_row_));
      const int groups = (rows + kOutputs - 1) / kOutputs;
      for (int j = 0; j < groups * kOutputs + before + after; ++j) {
        sources_[j] = source;
        const int row = y - before + j;
        if (row >= first_row_ && row < last_row_) source = NextRingRow(source);
      }
      const std::ptrdiff_t offset =
          static_cast<std::ptrdiff_t>(panel.x - run_.target.x) * pixel_bytes_;
      for (int row = 0; row < groups * kOutputs; ++row) {
        results_[row] = run_.writer.row(y + std::min(row, rows - 1)) + offset;
      }
      const int first_source = std::clamp(y - before, first_row_, last_row_);
      SumColumns(panel.width, groups, rows,
                 stores_lanes_ && rows == groups * kOutputs &&
                     first_source > last_decoded_row_);
    }
  }

  static bool TakesLanes(const ExactPlan& plan) {
    return plan.format.component == Component::kFloat &&
           plan.step == ToneStep::kKeep && plan.format.channels == kLanes;
  }

  // Lanes of a row, decoded or where they are stored, which is the same but for
  // alpha if all its pixels are opaque.
  struct InputRow {
    const float* lanes;
    bool is_stored;
  };

  InputRow StoredRow(int y, int x, int count) const {
    const int whole = (count + kGroup - 1) / kGroup * kGroup;
    const std::byte* row =
        stores_lanes_ ? run_.reader.stored(y, x, whole) : nullptr;
    return {reinterpret_cast<const float*>(row), row != nullptr};
  }

  InputRow DecodedRow(int y, int x, int count, float* decoded) {
    light_.read(y, x, count, decoded);
    last_decoded_row_ = std::max(last_decoded_row_, y);
    return {decoded, false};
  }

  // The lanes of alpha, or none.
  static HWY_INLINE hn::Mask<Floats> AlphaLanes([[maybe_unused]] bool any) {
#if HWY_TARGET != HWY_SCALAR
    if constexpr (kLanes > 1) {
      if (any) return WeightLanes<kLanes>();
    }
#endif
    return hn::MaskFromVec(hn::Zero(Floats()));
  }

  // The lanes of `rows` rows from `y` on, turned: for each column, that pixel
  // of all rows.
  const float* TurnedGroup(int x, int count, int y, int rows) {
    InputRow input[kGroup];
    const auto decode = [&](int row) {
      // Missing rows of the last group repeat one that is there.
      input[row] = DecodedRow(y + std::min(row, rows - 1), x, count,
                              decoded_ + light_stride_ * row);
    };
    for (int row = 0; row < kGroup; ++row) {
      input[row] = StoredRow(y + std::min(row, rows - 1), x, count);
      if (!input[row].is_stored) decode(row);
    }
    if constexpr (kGroup == 1) return decoded_;
    if (!Turn(input, count)) {
      for (int row = 0; row < kGroup; ++row) {
        if (input[row].is_stored) decode(row);
      }
      Turn(input, count);
    }
    return turned_;
  }

  // The group of rows from `y` on where they are stored, and their bytes that a
  // panel reads.
  std::ptrdiff_t StoredGroup(int x, int count, int y,
                             const std::byte* (&rows)[kGroup]) const {
    const int begin = std::max(0, x);
    const int end = std::max(begin, std::min(x + count, run_.image.width));
    for (int row = 0; row < kGroup; ++row) {
      rows[row] = begin == end
                      ? nullptr
                      : run_.reader.stored(std::min(y + row, last_row_), begin,
                                           end - begin);
      // What is not in place is not far.
      if (rows[row] == nullptr) rows[row] = reinterpret_cast<std::byte*>(out_);
    }
    return std::ptrdiff_t{end - begin} * pixel_bytes_;
  }

  // Filters `rows` rows from `y` on along x and puts them into the ring.
  void FilterGroup(int x, int width, int y, int rows) {
    const Floats d;
    const int before = plan_.horizontal.before();
    const int count = width + plan_.horizontal.size() - 1;
    const float* HWY_RESTRICT turned = TurnedGroup(x - before, count, y, rows);
    const std::byte* next[kGroup];
    const std::ptrdiff_t bytes =
        StoredGroup(x - before, count, y + kGroup, next);
    const int steps = (width + kOutputs - 1) / kOutputs;
    const std::ptrdiff_t share = (bytes + steps - 1) / steps;
    std::ptrdiff_t fetched = 0;
    float* ring[kGroup];
    for (int row = 0; row < kGroup; ++row) {
      ring[row] = RingRow(y + std::min(row, rows - 1));
    }
    for (int column = 0; column < width; column += kOutputs) {
      FetchShare(next, kGroup, fetched, fetched + share);
      fetched += share;
      for (int part = 0; part < kUnit; part += kVector) {
        const float* HWY_RESTRICT first =
            turned + (column + before) * kUnit + part;
        FloatVec sum[kOutputs];
        TapSums(
            plan_.horizontal,
            [d, first](int j)
                HWY_ATTR { return hn::Load(d, first + j * kUnit); },
            sum);
        if constexpr (kTurnsSums) {
          GK_UNROLL for (int i = 0; i < kOutputs; i += kGroup) {
            FloatVec v[kGroup];
            GK_UNROLL for (int j = 0; j < kGroup; ++j) v[j] = sum[i + j];
            TransposePixels<kLanes>(v);
            GK_UNROLL for (int row = 0; row < kGroup; ++row) {
              hn::Store(v[row], d, ring[row] + (column + i) * kLanes + part);
            }
          }
        } else {
          GK_UNROLL for (int i = 0; i < kOutputs; ++i) {
            hn::Store(sum[i], d, sums_ + (column + i) * kUnit + part);
          }
        }
      }
    }
    if constexpr (!kTurnsSums) TurnBack(ring, width);
  }

  // Asks for this step's share of what is needed soon: all at once would keep
  // the loads of now waiting.
  HWY_INLINE void FetchShare(const std::byte* const* rows, int count,
                             std::ptrdiff_t first, std::ptrdiff_t end) const {
    for (int row = 0; row < count; ++row) {
      for (std::ptrdiff_t i = first; i < end; i += 64) {
        hwy::Prefetch(rows[row] + i);
      }
    }
  }

  static HWY_INLINE hn::Mask<Floats> FirstLanes(int pixels) {
    return hn::FirstN(Floats(), std::min(pixels, kGroup) * kLanes);
  }

  // Rows of pixels -> turned_. False, and ends early, where a pixel of a stored
  // row is not opaque.
  bool Turn(const InputRow (&rows)[kGroup], int columns) {
    const Floats d;
    const FloatVec one = hn::Set(d, 1.0f);
    const float* lanes[kGroup];
    hn::Mask<Floats> becomes_one[kGroup];
    for (int row = 0; row < kGroup; ++row) {
      lanes[row] = rows[row].lanes;
      becomes_one[row] = AlphaLanes(rows[row].is_stored);
    }
    float* HWY_RESTRICT turned = turned_;
    for (int column = 0; column < columns; column += kGroup) {
      FloatVec v[kGroup];
      GK_UNROLL for (int row = 0; row < kGroup; ++row) {
        v[row] = hn::LoadU(d, lanes[row] + column * kLanes);
      }
      if constexpr (kLanes > 1) {
        hn::Mask<Floats> translucent = AlphaLanes(false);
        GK_UNROLL for (int row = 0; row < kGroup; ++row) {
          translucent = hn::Or(
              translucent, hn::AndNot(IsOpaque(d, v[row]), becomes_one[row]));
          v[row] = hn::IfThenElse(becomes_one[row], one, v[row]);
        }
        // Beyond the last column may be anything.
        if (!hn::AllFalse(d, translucent) &&
            !hn::AllFalse(d,
                          hn::And(translucent, FirstLanes(columns - column)))) {
          return false;
        }
      }
      TransposePixels<kLanes>(v);
      GK_UNROLL for (int i = 0; i < kGroup; ++i) {
        hn::Store(v[i], d, turned + (column + i) * kUnit);
      }
    }
    return true;
  }

  void TurnBack(float* const (&ring)[kGroup], int width) {
    const Floats d;
    const float* HWY_RESTRICT sums = sums_;
    for (int column = 0; column < width; column += kGroup) {
      FloatVec v[kGroup];
      GK_UNROLL for (int i = 0; i < kGroup; ++i) {
        v[i] = hn::Load(d, sums + (column + i) * kUnit);
      }
      TransposePixels<kLanes>(v);
      GK_UNROLL for (int row = 0; row < kGroup; ++row) {
        hn::Store(v[row], d, ring[row] + column * kLanes);
      }
    }
  }

  // sources_ -> the results of `rows` rows of `width` pixels.
  void SumColumns(int width, int groups, int rows, bool as_stored) {
    const int floats = width * kLanes;
    const int stored = as_stored ? floats / kVector * kVector : 0;
    for (int row = 0; row < groups * kOutputs; ++row) {
      sums_to_[row] = reinterpret_cast<float*>(results_[row]);
    }
    SumFloats(0, stored, groups, AlphaLanes(true));
    if (stored == floats) return;
    for (int row = 0; row < groups * kOutputs; ++row) {
      sums_to_[row] = out_ + row_stride_ * row;
    }
    SumFloats(stored, floats, groups, AlphaLanes(false));
    const int first = stored / kLanes;
    for (int row = 0; row < rows; ++row) {
      plan_.codec.encode(
          sums_to_[row] + stored, width - first,
          results_[row] + static_cast<std::ptrdiff_t>(first) * pixel_bytes_);
    }
  }

  // sources_ -> sums_to_, floats first … end - 1 of each row in whole vectors,
  // from where they will go to results_.
  HWY_NOINLINE void SumFloats(int first, int end, int groups,
                              hn::Mask<Floats> becomes_one) {
    const Floats d;
    const FloatVec one = hn::Set(d, 1.0f);
    for (int x = first; x < end; x += kVector) {
      const float* const* HWY_RESTRICT sources =
          sources_.data() + plan_.vertical.before();
      float* const* sums_to = sums_to_.data();
      std::byte* const* results = results_.data();
      for (int group = 0; group < groups; ++group) {
        FetchShare(results, kOutputs, x / kLanes * pixel_bytes_,
                   (x + kVector) / kLanes * pixel_bytes_);
        FloatVec sum[kOutputs];
        TapSums(
            plan_.vertical,
            [d, sources, x](int j)
                HWY_ATTR { return hn::Load(d, sources[j] + x); },
            sum);
        GK_UNROLL for (int i = 0; i < kOutputs; ++i) {
          hn::StoreU(hn::IfThenElse(becomes_one, one, sum[i]), d,
                     sums_to[i] + x);
        }
        sources += kOutputs;
        sums_to += kOutputs;
        results += kOutputs;
      }
    }
  }

  const ExactPlan& plan_;
  const ExactRun& run_;
  const int pixel_bytes_ = bytes_per_pixel(plan_.format);
  // Whether the lanes of opaque pixels are what is stored, and rows of them can
  // be turned where they are.
  const bool stores_lanes_ = kGroup > 1 && TakesLanes(plan_);
  const int round_rows_;
  const int ring_rows_;
  const int width_;    // of a panel, in pixels
  const int columns_;  // that a panel reads
  LightRows light_;
  const std::ptrdiff_t light_stride_;  // floats
  const std::ptrdiff_t row_stride_;
  float* decoded_;
  float* turned_;
  float* sums_;
  float* ring_;
  float* out_;
  // Of a round: filtered rows, rows of results, and where their sums go.
  std::vector<const float*> sources_;
  std::vector<std::byte*> results_;
  std::vector<float*> sums_to_;
  int first_row_ = 0;
  int last_row_ = 0;
  int last_decoded_row_ = 0;
};

void RunPanels(const ExactPlan& plan, const ExactRun& run) {
  switch (lanes_per_pixel(plan.format, plan.border)) {
    case 1:
      return Panels<1>(plan, run).Run();
    case 2:
      return Panels<2>(plan, run).Run();
    default:
      return Panels<4>(plan, run).Run();
  }
}

}  // namespace HWY_NAMESPACE
}  // namespace gk
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace gk {

HWY_EXPORT(RunPanels);

void run_panels(const ExactPlan& plan, const ExactRun& run) {
  HWY_DYNAMIC_DISPATCH(RunPanels)(plan, run);
}

}  // namespace gk
#endif
