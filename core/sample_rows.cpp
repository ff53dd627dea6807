#include "sample_rows.h"

#include <hwy/cache_control.h>

#include <algorithm>
#include <cstring>

namespace gk {

SampleRows::SampleRows(const SlidingPlan& plan, const RowReader& reader,
                       Size image, int last_row, int widest, int least,
                       Scratch& scratch)
    : plan_(plan),
      reader_(reader),
      image_(image),
      last_row_(last_row),
      least_(least),
      pixel_bytes_(bytes_per_pixel(plan.format)),
      column_bytes_(pixel_bytes_ / plan.columns),
      all_opaque_(row_codec(plan.format, plan.step, plan.border).opaque),
      decoded_(scratch.take<float>(std::size_t{kSlots} * kChunkFloats)),
      padded_(scratch.take<std::byte>(std::size_t{kSlots} * kMostVectorFloats *
                                      pixel_bytes_)) {
  if (!has_outside(plan.border)) return;
  const std::size_t bytes =
      static_cast<std::size_t>(std::max(widest, kMostVectorFloats)) *
      pixel_bytes_;
  outside_row_ = scratch.take<std::byte>(bytes);
  std::byte pixel[16];
  const std::byte* outside = reader.segment(-1, -1, 1, pixel);
  for (std::size_t i = 0; i < bytes; i += pixel_bytes_) {
    std::memcpy(&outside_row_[i], outside, pixel_bytes_);
  }
}

void SampleRows::use(const SlidingMode& mode) {
  mode_ = &mode;
  opaque_ = true;
}

const std::byte* SampleRows::stored(const ColumnRun& run, int y, int slot) {
  y = std::min(y, last_row_);
  if (is_outside(y)) return outside_row_;
  std::byte* padded = pad(slot);
  const std::byte* row = reader_.segment(y, run.image_x, run.count, padded);
  if (run.count >= least_) return row;
  std::memmove(padded, row, static_cast<std::size_t>(run.count) * pixel_bytes_);
  // What lies beyond is summed too, and must not look transparent.
  for (int i = run.count; i < least_; ++i) {
    std::memcpy(padded + i * pixel_bytes_, padded, pixel_bytes_);
  }
  return padded;
}

const float* SampleRows::decoded(const ColumnRun& run, int y, int x, int count,
                                 int slot) {
  float* lanes = decoded_ + std::ptrdiff_t{slot} * kChunkFloats;
  if (outside_is_nothing(plan_.border) && is_outside(std::min(y, last_row_))) {
    std::fill_n(lanes, static_cast<std::size_t>(count) * plan_.lanes, 0.0f);
    return lanes;
  }
  const std::byte* row =
      stored(run, y, slot) + static_cast<std::ptrdiff_t>(x) * column_bytes_;
  // Chunks are too short for the prefetchers to find the rows' next ones.
  const int bytes = count * column_bytes_;
  for (int i = 0; i < bytes; i += 64) hwy::Prefetch(row + bytes + i);
  if (mode_->plain) opaque_ = opaque_ && all_opaque_(row, count);
  mode_->codec.decode(row, count, lanes);
  return lanes;
}

const std::byte* SampleRows::at(const ColumnRun& run, int y, int x, int count,
                                int slot) {
  if (mode_->stored) {
    return stored(run, y, slot) +
           static_cast<std::ptrdiff_t>(x) * column_bytes_;
  }
  return reinterpret_cast<const std::byte*>(decoded(run, y, x, count, slot));
}

const float* SampleRows::outside() {
  mode_->codec.decode(outside_row_, plan_.columns, decoded_);
  return decoded_;
}

}  // namespace gk
