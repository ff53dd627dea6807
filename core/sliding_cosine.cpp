#include "sliding_cosine.h"

#include <hwy/cache_control.h>

#include <algorithm>
#include <cassert>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>
#include <memory>
#include <new>
#include <utility>

#include "row_codec.h"
#include "sliding_loops.h"

namespace gk {
namespace {

// Samples after which float sums have drifted by about 2e-6: the smaller the
// window, the sooner.
int restart_interval(int size) {
  return size <= 64 ? 512 : size <= 128 ? 1024 : 2048;
}

std::optional<SlidingAxis> plan_axis(const Kernel& kernel) {
  SlidingAxis axis;
  if (kernel.is_identity()) {
    axis.restart = 1 << 20;
    axis.weights.assign(1, 1.0f);
    return axis;
  }
  const std::optional<CosineSum> sum = CosineSum::fit(kernel);
  if (!sum) return std::nullopt;
  const int r = sum->radius();
  axis.radius = r;
  axis.cosines = static_cast<int>(sum->cosines().size());
  axis.restart = restart_interval(2 * r + 1);
  for (int k = 0; k < axis.cosines; ++k) {
    const Cosine& cosine = sum->cosines()[k];
    axis.kappa[k] = cosine.kappa;
    axis.edge[k] = cosine.edge;
    axis.drive[k] = cosine.drive;
  }
  axis.start.resize(std::size_t{2} * axis.cosines * (r + 1));
  float* factor = axis.start.data();
  for (int m = 0; m <= r; ++m) {
    for (const Cosine& cosine : sum->cosines()) {
      const double value = cosine.amplitude * std::cos(cosine.frequency * m);
      *factor++ = static_cast<float>(m == 0 ? value / 2 : value);
    }
    for (const Cosine& cosine : sum->cosines()) {
      // cos(w m) - cos(w (m + 1)), without their cancelling.
      const double value = 2 * cosine.amplitude *
                           std::sin(cosine.frequency / 2) *
                           std::sin(cosine.frequency * (m + 0.5));
      *factor++ = m == r ? 0.0f : static_cast<float>(value);
    }
  }
  for (int m = 0; m <= r; ++m) {
    axis.weights.push_back(
        static_cast<float>(kernel.weights()[kernel.anchor() + m]));
  }
  return axis;
}

// Pixels that are decoded, summed and encoded while they stay in the nearest
// cache.
constexpr int kChunk = 64;
static_assert(kChunk % kMostVectorFloats == 0);

// Results of which little would be left in the caches.
constexpr std::int64_t kLargeBytes = 16 << 20;

bool all_finite(const float* values, std::size_t count) {
  float sum = 0;
  for (std::size_t i = 0; i < count; ++i) sum += values[i] * 0.0f;
  return sum == 0;
}

// Columns of the image that are summed, and the panel's column of the first.
struct Run {
  int image_x;
  int count;
  std::ptrdiff_t column;
  std::size_t sums;     // where in the vertical sums
  std::size_t carried;  // and in the carried samples
};

// Panel columns that show what others show.
struct Copy {
  std::ptrdiff_t to;
  std::ptrdiff_t from;
};

// Where every column of a panel comes from. Panel columns are those of the
// target and of the horizontal radius on both sides, then some that only lend
// themselves for copies.
struct Columns {
  std::vector<Run> runs;
  std::vector<Copy> copies;
  std::vector<std::ptrdiff_t> outside;
  std::ptrdiff_t count = 0;
};

Columns arrange_columns(Border border, int image_width, int first, int end,
                        int least_count) {
  Columns columns;
  columns.count = std::ptrdiff_t{end} - first;
  const auto add_run = [&](int image_x, int count, bool in_place, int x) {
    std::ptrdiff_t column = std::ptrdiff_t{x} - first;
    if (!in_place || count < least_count) {
      column = columns.count;
      columns.count += std::max(count, least_count);
      in_place = false;
    }
    columns.runs.push_back({image_x, count, column, 0, 0});
    return column;
  };
  if (border == Border::kLoop && end - first < image_width) {
    for (int x = first; x < end;) {
      const int image_x = border_index(border, x, image_width);
      const int count = std::min(end - x, image_width - image_x);
      const std::ptrdiff_t column = add_run(image_x, count, true, x);
      if (column != x - first) {
        for (int i = 0; i < count; ++i) {
          columns.copies.push_back({x - first + i, column + i});
        }
      }
      x += count;
    }
    return columns;
  }
  int low = image_width;
  int high = -1;
  for (int x = first; x < end; ++x) {
    const int image_x = border_index(border, x, image_width);
    if (image_x == kOutside) {
      columns.outside.push_back(x - first);
      continue;
    }
    low = std::min(low, image_x);
    high = std::max(high, image_x);
  }
  if (high < 0) return columns;
  const std::ptrdiff_t column =
      add_run(low, high - low + 1, low >= first && high < end, low);
  for (int x = first; x < end; ++x) {
    const int image_x = border_index(border, x, image_width);
    if (image_x == kOutside) continue;
    const std::ptrdiff_t from = column + image_x - low;
    if (from != x - first) columns.copies.push_back({x - first, from});
  }
  return columns;
}

class SlidingRun {
 public:
  SlidingRun(const SlidingPlan& plan, Size image, RowReader& reader,
             RowWriter& writer, Scratch& scratch, Rect target);

  void run();

 private:
  void set_loops(bool plain);
  const std::byte* row_of(const Run& run, int y, int slot);
  const float* decode(const Run& run, int y, int x, int count, int slot);

  unsigned start(const Run& run, int y, int x, int count);
  bool start(int y);
  unsigned step(const Run& run, int y);
  unsigned step_stored(const Run& run, int y);
  bool step(int y);
  void repair(const Run& run, int y);
  void weigh_rows(const Run& run, int y, int x);
  void fill_outside();
  void copy_columns();
  void slide(int y);
  unsigned slide(const float* panel, int y, int x, int count, bool weigh);

  const RowCodec& codec() const {
    return plain_ ? plain_codec_ : weighted_codec_;
  }
  float* panel(int part) { return panel_ + part * panel_stride_; }

  const SlidingPlan& plan_;
  const Size image_;
  RowReader& reader_;
  RowWriter& writer_;
  const Rect target_;
  const int pixel_bytes_;
  const int last_row_;  // the last that may be read
  const int lanes_;
  const RowCodec weighted_codec_;
  const RowCodec plain_codec_;
  const SampleKind stored_kind_;  // kLanes: only decoded pixels can be summed
  const bool checks_alpha_;

  // Whether alpha is summed like a colour, without weighting any: the same
  // while all pixels are opaque. And whether those that were decoded since
  // were.
  bool plain_ = false;
  bool opaque_ = true;
  // Whether the loops take pixels as they are stored.
  bool stored_ = false;
  // Whether pixels come from and go to where they stay, and fill more than
  // caches do.
  bool large_ = false;
  SlidingLoops loops_;
  // The row whose step finds its first fresh samples carried.
  std::int64_t carried_row_;
  int column_floats_;
  Columns columns_;
  std::ptrdiff_t panel_stride_;
  float* panel_;
  float* sums_;
  float* carried_;
  float* column_sums_;
  float* decoded_;
  float* results_;
  std::byte* outside_row_ = nullptr;
  std::byte* padded_;
  std::byte* nowhere_;
};

SampleKind stored_kind(const SlidingPlan& plan, int lanes) {
  const PixelFormat& format = plan.format;
  if (plan.step != ToneStep::kKeep || plan.border == Border::kNone ||
      lanes != format.channels || format.alpha == Alpha::kPremultiplied ||
      lanes == 2) {
    return SampleKind::kLanes;
  }
  switch (format.component) {
    case Component::kU8:
      return SampleKind::kU8;
    case Component::kU16:
      return SampleKind::kU16;
    case Component::kFloat:
      return SampleKind::kFloat;
    case Component::kHalf:
      break;
  }
  return SampleKind::kLanes;
}

// Opaque pixels need no weight.
RowCodec plain_codec(const SlidingPlan& plan, const RowCodec& codec) {
  if (plan.format.alpha != Alpha::kStraight || plan.border == Border::kNone) {
    return codec;
  }
  PixelFormat format = plan.format;
  format.alpha = Alpha::kNone;
  return row_codec(format, plan.step, plan.border);
}

// Rows that a chunk needs at once, decoded.
constexpr int kSlots = 2 * kMostGroupRows + 1;
constexpr int kSlotFloats = kChunk * 4 + kRowSlack;

SlidingRun::SlidingRun(const SlidingPlan& plan, Size image, RowReader& reader,
                       RowWriter& writer, Scratch& scratch, Rect target)
    : plan_(plan),
      image_(image),
      reader_(reader),
      writer_(writer),
      target_(target),
      pixel_bytes_(bytes_per_pixel(plan.format)),
      last_row_(target.bottom() - 1 + plan.vertical.radius),
      lanes_(lanes_per_pixel(plan.format, plan.border)),
      weighted_codec_(row_codec(plan.format, plan.step, plan.border)),
      plain_codec_(plain_codec(plan, weighted_codec_)),
      stored_kind_(stored_kind(plan, lanes_)),
      checks_alpha_(plan.format.alpha != Alpha::kNone) {
  set_loops(true);
  large_ =
      reader.in_place() && writer.in_place() &&
      static_cast<std::int64_t>(target.width) * target.height * pixel_bytes_ >=
          kLargeBytes;
  const SlidingAxis& horizontal = plan.horizontal;
  columns_ =
      arrange_columns(plan.border, image.width, target.x - horizontal.radius,
                      target.right() + horizontal.radius, loops_.pixels);
  column_floats_ = std::max(loops_.floats, lanes_);
  // Loops read ahead, beyond the last window.
  panel_stride_ = (columns_.count + loops_.pixels + 2) * column_floats_;
  // Columns outside the image stay zero where nothing is there.
  panel_ = scratch.take_zeros<float>(panel_stride_ *
                                     (loops_.group_rows / loops_.pixels));
  std::size_t sums = 0;
  std::size_t carried = 0;
  std::size_t widest = 1;
  for (Run& run : columns_.runs) {
    run.sums = sums;
    run.carried = carried;
    std::size_t floats = static_cast<std::size_t>(run.count) * lanes_;
    floats = (floats + loops_.floats) / loops_.floats * loops_.floats;
    sums += floats * 2 * plan.vertical.cosines;
    carried += floats;
    widest = std::max<std::size_t>(widest, run.count);
  }
  sums_ = scratch.take<float>(sums + 1);
  carried_ = scratch.take<float>(carried + 1);
  column_sums_ = scratch.take<float>(2 * CosineSum::kMost * kMostVectorFloats);
  decoded_ = scratch.take<float>(std::size_t{kSlots} * kSlotFloats);
  results_ = scratch.take<float>(std::size_t{kMostVectorFloats} * kSlotFloats);
  padded_ = scratch.take<std::byte>(std::size_t{kSlots} * kMostVectorFloats *
                                    pixel_bytes_);
  nowhere_ = scratch.take<std::byte>(static_cast<std::size_t>(target.width) *
                                     pixel_bytes_);
  if (border_index(plan.border, -1, image.height) == kOutside) {
    const std::size_t bytes =
        std::max<std::size_t>(widest, kMostVectorFloats) * pixel_bytes_;
    outside_row_ = scratch.take<std::byte>(bytes);
    std::byte pixel[16];
    const std::byte* outside = reader.segment(-1, -1, 1, pixel);
    for (std::size_t i = 0; i < bytes; i += pixel_bytes_) {
      std::memcpy(&outside_row_[i], outside, pixel_bytes_);
    }
  }
}

void SlidingRun::set_loops(bool plain) {
  plain_ = plain;
  stored_ = plain && stored_kind_ != SampleKind::kLanes;
  SampleKind kind = stored_ ? stored_kind_ : SampleKind::kLanes;
  if (kind == SampleKind::kFloat && !checks_alpha_) kind = SampleKind::kLanes;
  loops_ = sliding_loops(kind, lanes_, plan_.vertical.cosines,
                         plan_.horizontal.cosines);
  carried_row_ = std::numeric_limits<std::int64_t>::min();
  // Where there is nothing, RGB weighs nothing.
  if (stored_ ||
      (plan_.border == Border::kNone && plan_.format.channels == 3)) {
    return;
  }
  PixelFormat format = plan_.format;
  // Nor is a picture with nothing around it opaque as far as it is summed.
  if (plain_ && format.alpha == Alpha::kStraight &&
      plan_.border != Border::kNone) {
    format.alpha = Alpha::kNone;
  }
  decode_in_registers(format, plan_.step, plan_.vertical.cosines,
                      plan_.horizontal.cosines, loops_);
}

// The stored pixels of a run, at least loops_.pixels of them.
const std::byte* SlidingRun::row_of(const Run& run, int y, int slot) {
  y = std::min(y, last_row_);
  if (border_index(plan_.border, y, image_.height) == kOutside) {
    return outside_row_;
  }
  std::byte* pad =
      padded_ + std::ptrdiff_t{slot} * kMostVectorFloats * pixel_bytes_;
  const std::byte* row = reader_.segment(y, run.image_x, run.count, pad);
  if (run.count >= loops_.pixels) return row;
  std::memmove(pad, row, static_cast<std::size_t>(run.count) * pixel_bytes_);
  // What lies beyond is summed too, and must not look transparent.
  for (int i = run.count; i < loops_.pixels; ++i) {
    std::memcpy(pad + i * pixel_bytes_, pad, pixel_bytes_);
  }
  return pad;
}

// Lanes of `count` pixels of a run from x on.
const float* SlidingRun::decode(const Run& run, int y, int x, int count,
                                int slot) {
  float* lanes = decoded_ + std::ptrdiff_t{slot} * kSlotFloats;
  y = std::min(y, last_row_);
  if (plan_.border == Border::kNone &&
      border_index(plan_.border, y, image_.height) == kOutside) {
    std::fill_n(lanes, static_cast<std::size_t>(count) * lanes_, 0.0f);
    return lanes;
  }
  const std::byte* row =
      row_of(run, y, slot) + static_cast<std::ptrdiff_t>(x) * pixel_bytes_;
  // Chunks are too short for the prefetchers to find the rows' next ones.
  const int bytes = count * pixel_bytes_;
  for (int i = 0; i < bytes; i += 64) hwy::Prefetch(row + bytes + i);
  if (plain_) opaque_ = opaque_ && weighted_codec_.opaque(row, count);
  codec().decode(row, count, lanes);
  return lanes;
}

// Starts the vertical sums of columns x … x + count - 1 of a run, x a multiple
// of a vector or the run's last vector, at row y.
unsigned SlidingRun::start(const Run& run, int y, int x, int count) {
  const SlidingAxis& axis = plan_.vertical;
  if (axis.cosines == 0) return 0;
  float* sums = sums_ + run.sums +
                static_cast<std::size_t>((x + loops_.pixels - 1) /
                                         loops_.pixels * loops_.pixels) *
                    lanes_ * 2 * axis.cosines;
  const std::size_t vectors =
      (static_cast<std::size_t>(count) * lanes_ + loops_.floats - 1) /
      loops_.floats;
  std::fill_n(sums, vectors * loops_.floats * 2 * axis.cosines, 0.0f);
  const std::byte* above[kStartTerms + 1];
  const std::byte* below[kStartTerms];
  const auto row_at = [&](int row, int slot) {
    return stored_ ? row_of(run, row, slot) +
                         static_cast<std::ptrdiff_t>(x) * pixel_bytes_
                   : reinterpret_cast<const std::byte*>(
                         decode(run, row, x, count, slot));
  };
  for (int m = 0; m <= axis.radius; m += kStartTerms) {
    const int terms = std::min(kStartTerms, axis.radius + 1 - m);
    for (int i = 0; i <= terms; ++i) {
      above[i] = row_at(y - std::min(m + i, axis.radius), i);
    }
    for (int i = 0; i < terms; ++i) {
      below[i] = row_at(y + m + i, kStartTerms + 1 + i);
    }
    const unsigned events =
        loops_.start_rows(axis, m, terms, above, below, count, sums);
    if (stored_ && (events & kNotOpaque)) return events;
    if (!opaque_) return kNotOpaque;
  }
  return 0;
}

// False if pixels are not opaque and so can't be summed as they are stored.
bool SlidingRun::start(int y) {
  for (const Run& run : columns_.runs) {
    const int count = std::max(run.count, loops_.pixels);
    for (int x = 0; x < count; x += kChunk) {
      const int here = std::min(kChunk, count - x);
      const int from = std::min(x, count - loops_.pixels);
      if (start(run, y, from, std::max(here, loops_.pixels)) & kNotOpaque) {
        return false;
      }
    }
  }
  return true;
}

unsigned SlidingRun::step(const Run& run, int y) {
  const SlidingAxis& axis = plan_.vertical;
  const int rows = loops_.group_rows;
  const std::byte* fresh[kMostGroupRows + 1];
  const std::byte* stale[kMostGroupRows];
  float* sums = sums_ + run.sums;
  float* columns = panel_ + run.column * column_floats_;
  const int count = std::max(run.count, loops_.pixels);
  if (stored_ || loops_.decodes) return step_stored(run, y);
  unsigned events = 0;
  for (int x = 0; x < count; x += kChunk) {
    const int from = std::min(x, count - loops_.pixels);
    const int here = std::max(std::min(kChunk, count - x), loops_.pixels);
    for (int i = 0; i <= rows; ++i) {
      fresh[i] = reinterpret_cast<const std::byte*>(
          decode(run, y + axis.radius + i, from, here, i));
    }
    for (int i = 0; i < rows; ++i) {
      stale[i] = reinterpret_cast<const std::byte*>(
          decode(run, y - axis.radius + i, from, here, rows + 1 + i));
    }
    events |= loops_.step_rows(
        axis, fresh, stale, here,
        sums + static_cast<std::size_t>(x) * lanes_ * 2 * axis.cosines, nullptr,
        columns + static_cast<std::ptrdiff_t>(from) * column_floats_,
        panel_stride_);
  }
  return events | (opaque_ ? 0u : kNotOpaque);
}

// The same where the loops take stored pixels.
unsigned SlidingRun::step_stored(const Run& run, int y) {
  const SlidingAxis& axis = plan_.vertical;
  const int rows = loops_.group_rows;
  const std::byte* fresh[kMostGroupRows + 1];
  const std::byte* stale[kMostGroupRows];
  float* sums = sums_ + run.sums;
  float* columns = panel_ + run.column * column_floats_;
  const int count = std::max(run.count, loops_.pixels);
  const bool carried = loops_.decodes && carried_row_ == y;
  fresh[0] = carried ? nullptr : row_of(run, y + axis.radius, 0);
  for (int i = 1; i <= rows; ++i) {
    fresh[i] = row_of(run, y + axis.radius + i, i);
  }
  for (int i = 0; i < rows; ++i) {
    stale[i] = row_of(run, y - axis.radius + i, rows + 1 + i);
  }
  const auto step_rows = [&](int x, int here) {
    const int vector = (x + loops_.pixels - 1) / loops_.pixels;
    return loops_.step_rows(
        axis, fresh, stale, here,
        sums + std::ptrdiff_t{vector} * loops_.floats * 2 * axis.cosines,
        carried_ + run.carried + std::ptrdiff_t{vector} * loops_.floats,
        columns + std::ptrdiff_t{x} * column_floats_, panel_stride_);
  };
  if (loops_.overread == 0 || !loops_.decodes) return step_rows(0, count);
  // The rows' ends go to where there is room beyond them.
  const int main =
      std::max(count - loops_.overread, 0) / loops_.pixels * loops_.pixels;
  const int from = std::min(main, count - loops_.pixels);
  unsigned events = main > 0 ? step_rows(0, main) : 0;
  const auto move_end = [&](const std::byte*& row, int slot) {
    std::byte* pad =
        padded_ + std::ptrdiff_t{slot} * kMostVectorFloats * pixel_bytes_;
    std::memmove(pad, row + std::ptrdiff_t{from} * pixel_bytes_,
                 static_cast<std::size_t>(count - from) * pixel_bytes_);
    row = pad;
  };
  for (int i = carried ? 1 : 0; i <= rows; ++i) move_end(fresh[i], i);
  for (int i = 0; i < rows; ++i) move_end(stale[i], rows + 1 + i);
  return events | step_rows(from, count - from);
}

// Advances all runs by a group of rows; false as for start().
bool SlidingRun::step(int y) {
  for (const Run& run : columns_.runs) {
    const unsigned events = step(run, y);
    if (plain_ && (events & kNotOpaque)) return false;
    if (events & kNotFinite) repair(run, y);
  }
  carried_row_ = y + loops_.group_rows;
  return true;
}

// Replaces what NaN and infinity left in results and sums of a run, so that
// they spoil no more than what they have a weight in.
void SlidingRun::repair(const Run& run, int y) {
  const int count = std::max(run.count, loops_.pixels);
  const std::size_t floats =
      static_cast<std::size_t>(loops_.pixels) * column_floats_;
  for (int x = 0; x < count; x += loops_.pixels) {
    const int from = std::min(x, count - loops_.pixels);
    bool finite = true;
    for (int part = 0; part < loops_.group_rows / loops_.pixels; ++part) {
      finite = finite &&
               all_finite(panel(part) + (run.column + from) * column_floats_,
                          floats);
    }
    if (finite) continue;
    weigh_rows(run, y, from);
    start(run, y + loops_.group_rows, from, loops_.pixels);
  }
}

// The vertical results of one vector by the kernel's weights, without sums.
void SlidingRun::weigh_rows(const Run& run, int y, int x) {
  const SlidingAxis& axis = plan_.vertical;
  const int rows = loops_.group_rows;
  const int floats = loops_.pixels * lanes_;
  double sums[kMostGroupRows][kMostVectorFloats] = {};
  for (int row = -axis.radius; row < rows + axis.radius; ++row) {
    const float* lanes =
        stored_ ? reinterpret_cast<const float*>(row_of(run, y + row, 0)) +
                      static_cast<std::ptrdiff_t>(x) * lanes_
                : decode(run, y + row, x, loops_.pixels, 0);
    for (int i = 0; i < rows; ++i) {
      const int distance = std::abs(row - i);
      if (distance > axis.radius) continue;
      const double weight = axis.weights[distance];
      for (int j = 0; j < floats; ++j) sums[i][j] += weight * lanes[j];
    }
  }
  for (int i = 0; i < rows; ++i) {
    float* columns = panel(i / loops_.pixels) +
                     (run.column + x) * column_floats_ +
                     i % loops_.pixels * lanes_;
    for (int j = 0; j < floats; ++j) {
      columns[j / lanes_ * column_floats_ + j % lanes_] =
          static_cast<float>(sums[i][j]);
    }
  }
}

// Gives the panel's columns outside the image their one value.
void SlidingRun::fill_outside() {
  if (columns_.outside.empty() || plan_.border == Border::kNone) return;
  float* pixel = decoded_;
  if (stored_) {
    const int bytes = bytes_per_component(plan_.format.component);
    const double unit = plan_.format.component == Component::kU8    ? 255
                        : plan_.format.component == Component::kU16 ? 65535
                                                                    : 1;
    for (int i = 0; i < lanes_; ++i) {
      pixel[i] =
          static_cast<float>(unit * load_component(plan_.format.component,
                                                   outside_row_ + i * bytes));
    }
  } else {
    codec().decode(outside_row_, 1, pixel);
  }
  for (int part = 0; part < loops_.group_rows / loops_.pixels; ++part) {
    for (const std::ptrdiff_t column : columns_.outside) {
      float* to = panel(part) + column * column_floats_;
      for (int i = 0; i < column_floats_; ++i) to[i] = pixel[i % lanes_];
    }
  }
}

void SlidingRun::copy_columns() {
  for (int part = 0; part < loops_.group_rows / loops_.pixels; ++part) {
    float* columns = panel(part);
    for (const Copy& copy : columns_.copies) {
      std::memcpy(columns + copy.to * column_floats_,
                  columns + copy.from * column_floats_,
                  column_floats_ * sizeof(float));
    }
  }
}

// Results of loops_.pixels rows from y on, `count` columns from column x of the
// target on.
unsigned SlidingRun::slide(const float* panel, int y, int x, int count,
                           bool weigh) {
  const SlidingAxis& axis = plan_.horizontal;
  unsigned events = 0;
  const bool whole = stored_ || (loops_.decodes && !weigh);
  const int most = whole ? count : kChunk;
  for (int from = x; from < x + count; from += most) {
    const int here = std::min(most, x + count - from);
    std::byte* rows[kMostVectorFloats];
    std::byte* results[kMostVectorFloats];
    for (int i = 0; i < loops_.pixels; ++i) {
      results[i] = (y + i < target_.bottom() ? writer_.row(y + i) : nowhere_) +
                   static_cast<std::ptrdiff_t>(from) * pixel_bytes_;
      rows[i] =
          whole ? results[i]
                : reinterpret_cast<std::byte*>(
                      results_ + static_cast<std::ptrdiff_t>(i) * kSlotFloats);
    }
    const float* centre =
        panel +
        static_cast<std::ptrdiff_t>(axis.radius + from) * column_floats_;
    MemoryHints hints;
    const std::byte* ahead[kMostVectorFloats];
    const int ahead_row = y + loops_.group_rows + plan_.vertical.radius + 1;
    if (whole && large_ && !columns_.runs.empty() &&
        ahead_row + loops_.pixels <= last_row_) {
      const Run& run = columns_.runs.front();
      for (int i = 0; i < loops_.pixels; ++i) {
        ahead[i] =
            row_of(run, ahead_row + i, 0) +
            std::ptrdiff_t{target_.x + from - run.image_x} * pixel_bytes_;
      }
      hints.ahead = ahead;
      hints.stream = true;
    }
    if (weigh) {
      loops_.weigh_columns(axis, centre, here, rows);
    } else {
      events |=
          loops_.step_columns(axis, centre, here, column_sums_, rows, hints);
    }
    if (whole) continue;
    for (int i = 0; i < loops_.pixels && y + i < target_.bottom(); ++i) {
      codec().encode_noisy(reinterpret_cast<const float*>(rows[i]), here,
                           results[i]);
    }
  }
  return events;
}

void SlidingRun::slide(int y) {
  const SlidingAxis& axis = plan_.horizontal;
  for (int part = 0; part < loops_.group_rows / loops_.pixels; ++part) {
    const int row = y + part * loops_.pixels;
    if (row >= target_.bottom()) return;
    const float* columns = panel(part);
    for (int x = 0; x < target_.width; x += axis.restart) {
      const int count = std::min(axis.restart, target_.width - x);
      loops_.start_columns(
          axis,
          columns +
              static_cast<std::ptrdiff_t>(axis.radius + x) * column_floats_,
          column_sums_);
      if (slide(columns, row, x, count, false) & kNotFinite) {
        slide(columns, row, x, count, true);
      }
    }
  }
}

void SlidingRun::run() {
  const SlidingAxis& vertical = plan_.vertical;
  bool filled = false;
  for (int y = target_.y; y < target_.bottom(); y += loops_.group_rows) {
    reader_.hold(
        y - vertical.radius,
        std::min(y + loops_.group_rows + vertical.radius, last_row_) + 1);
    bool started = (y - target_.y) % vertical.restart != 0;
    if (!started) {
      // Transparent pixels come and go; each restart tries without.
      if (!plain_) {
        set_loops(true);
        filled = false;
      }
      opaque_ = true;
      started = start(y);
    }
    if (!filled) fill_outside();
    filled = true;
    if (!started || !step(y)) {
      set_loops(false);
      opaque_ = true;
      fill_outside();
      start(y);
      step(y);
    }
    copy_columns();
    slide(y);
    writer_.finish(std::min(y + loops_.group_rows, target_.bottom()));
  }
  hwy::FlushStream();
}

}  // namespace

std::optional<SlidingPlan> plan_sliding(const Kernel& horizontal,
                                        const Kernel& vertical,
                                        const PixelFormat& format,
                                        ToneStep step, Border border) {
  if (lanes_per_pixel(format, border) == 0) return std::nullopt;
  std::optional<SlidingAxis> x = plan_axis(horizontal);
  if (!x) return std::nullopt;
  std::optional<SlidingAxis> y = plan_axis(vertical);
  if (!y) return std::nullopt;
  return SlidingPlan{std::move(*x), std::move(*y), format, step, border};
}

int sliding_rows(const SlidingPlan& plan) {
  return 2 * plan.vertical.radius + 1 + kMostGroupRows;
}

int sliding_result_rows(const SlidingPlan&) { return kMostGroupRows; }

void run_sliding(const SlidingPlan& plan, Size image, RowReader& reader,
                 RowWriter& writer, Scratch& scratch, Rect target) {
  SlidingRun(plan, image, reader, writer, scratch, target).run();
}

}  // namespace gk
