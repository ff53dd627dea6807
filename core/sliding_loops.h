// The vector loops of the fast method, one set for each CPU target, count of
// cosines and way that pixels are stored.

#ifndef GK_CORE_SLIDING_LOOPS_H_
#define GK_CORE_SLIDING_LOOPS_H_

#include <cstddef>

#include "sliding_plan.h"

namespace gk {

// How the loops find and leave samples: lanes that the row codec decoded, or
// components as they are stored, in their own units.
enum class SampleKind { kLanes, kU8, kU16, kFloat };

// What a loop met on its way.
enum SlidingEvent : unsigned {
  kNotFinite = 1,  // in a result: NaN or infinity, or a sum that met one
  kNotOpaque = 2,  // an alpha below 1, among 4 stored components
};

// What step_columns() may do for the memory it shares the machine with.
struct MemoryHints {
  // Rows that are summed next, as many as the results, from the first column
  // on: they are fetched meanwhile. nullptr: none.
  const std::byte* const* ahead = nullptr;
  // Results go past the caches where rows are aligned; hwy::FlushStream() when
  // all are done.
  bool stream = false;
};

// A vector holds `pixels` neighbouring columns of one row, as the plan has
// them, or, in a panel, as many rows of one of them: column x of sub-panel i is
// the vector of rows i * pixels … (i + 1) * pixels - 1 of a group. Columns
// along a row are worked on `pixels` at a time; the last vector ends with the
// row and overlaps the one before, so `count` must be at least `pixels`.
struct SlidingLoops {
  int pixels;
  int group_rows;  // rows that the vertical sums advance at once

  // Adds terms m … m + terms - 1 (at most kStartTerms) of (3) and (4) to the
  // vertical sums. above[i] is row n - m - i, i = 0 … terms; below[i] row
  // n + m + i, i = 0 … terms - 1. `sums`: as sum_floats() says, for each
  // vector.
  unsigned (*start_rows)(const SlidingAxis& axis, int m, int terms,
                         const std::byte* const* above,
                         const std::byte* const* below, std::size_t count,
                         float* sums);

  // step_rows() takes, and step_columns() leaves, stored pixels though the
  // others take and leave lanes.
  bool decodes;

  // Advances by group_rows rows from row n. fresh[i]: row n + r + i, i = 0 …
  // group_rows; stale[i]: row n - r + i, i < group_rows. Sub-panels are
  // panel_stride floats apart. Loops that decode leave the samples of their
  // last fresh row in `carried`, a vector for each; where it holds those of
  // fresh[0], that one is nullptr.
  unsigned (*step_rows)(const SlidingAxis& axis, const std::byte* const* fresh,
                        const std::byte* const* stale, std::size_t count,
                        float* sums, float* carried, float* panel,
                        std::ptrdiff_t panel_stride);

  // The sums of all the columns of a pixel, the first of which is `centre` in
  // the panel.
  void (*start_columns)(const SlidingAxis& axis, const float* centre,
                        float* sums);

  // Results of `count` pixels from `centre` on, to `pixels` rows. Reads up to
  // `pixels` of them further than the windows span.
  unsigned (*step_columns)(const SlidingAxis& axis, const float* centre,
                           std::size_t count, float* sums,
                           std::byte* const* rows, const MemoryHints& hints);

  // The same by the kernel's weights, without sums.
  void (*weigh_columns)(const SlidingAxis& axis, const float* centre,
                        std::size_t count, std::byte* const* rows);
};

inline constexpr int kStartTerms = 8;
// Cosines, from the lowest frequency on, whose sums may be two floats; what is
// left for the others is a small part of the result.
inline constexpr int kMostSplit = 2;
// Floats that the sums of a vector take for each of its own: c of all cosines,
// e of all, the low parts of those that are split.
inline int sum_floats(const SlidingAxis& axis) {
  return 2 * (axis.cosines + (axis.split ? kMostSplit : 0));
}
inline constexpr int kMostSumFloats = 2 * (CosineSum::kMost + kMostSplit);
inline constexpr int kMostGroupRows = 16;
inline constexpr int kMostVectorFloats = 16;
inline constexpr int kMostColumns = 3;  // of a pixel

// For the CPU target in force. `floats`: of a pixel, 1 … 4; of 3 each is a
// column of its own.
SlidingLoops sliding_loops(SampleKind kind, int floats, int vertical_cosines,
                           int horizontal_cosines);

// Puts loops in that decode and encode in registers, where there are any for
// pixels of this format; `loops` are those for kLanes. With alpha kNone, 2 or 4
// channels are lanes without a weight. Codes: of 8 or 16 bits.
void decode_codes_in_registers(const PixelFormat& format, ToneStep step,
                               int vertical_cosines, int horizontal_cosines,
                               SlidingLoops& loops);
void decode_halfs_in_registers(const PixelFormat& format, ToneStep step,
                               int vertical_cosines, int horizontal_cosines,
                               SlidingLoops& loops);
void decode_floats_in_registers(const PixelFormat& format, ToneStep step,
                                int vertical_cosines, int horizontal_cosines,
                                SlidingLoops& loops);

}  // namespace gk

#endif  // GK_CORE_SLIDING_LOOPS_H_
