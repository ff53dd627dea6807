#include "core/block_sums.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "core/block_sums_simd.cpp"
#include <hwy/foreach_target.h>

#include "core/component_lanes-inl.h"
#include "core/line_sums-inl.h"
#include "core/register_pixels-inl.h"
#include "core/register_sums-inl.h"
#include "core/tap_sums-inl.h"

// Once, whatever the target.
#ifndef GK_CORE_BLOCK_SUMS_SIMD_ONCE_
#define GK_CORE_BLOCK_SUMS_SIMD_ONCE_

#include <hwy/cache_control.h>

#include <algorithm>
#include <bit>
#include <cstdint>
#include <iterator>
#include <type_traits>
#include <vector>

#include "core/border.h"
#include "core/cache_bypass.h"
#include "core/light_rows.h"

namespace gk {
namespace {

// Pixels of a strip: its decoded rows stay in the second cache, and one
// transparent pixel makes no more than this take the longer way.
constexpr int kStripWidth = 2048;
// Floats of a row of column sums: those of a block stay in the first cache.
constexpr int kSegment = 512;
// Whole vectors are read and stored, whatever the channels.
constexpr int kWholePixels = 16;

// The largest kernels for which blocks are quicker than panels where not all is
// done in registers: values are summed as they are stored, or every pixel has
// to be decoded first.
constexpr int kLargestStoredKernel = 15;
constexpr int kLargestDecodedKernel = 9;
// The largest for which registers are, of decoded pixels of three or four
// floats.
constexpr int kLargestWideKernel = 11;

// What is read from and written to rows without decoding.
bool has_direct_path(ToneStep step) { return step == ToneStep::kKeep; }

}  // namespace
}  // namespace gk

#endif  // GK_CORE_BLOCK_SUMS_SIMD_ONCE_

HWY_BEFORE_NAMESPACE();
namespace gk {
namespace HWY_NAMESPACE {

class Blocks {
 public:
  Blocks(const ExactPlan& plan, const ExactRun& run)
      : plan_(plan),
        run_(run),
        strip_width_(std::min(kStripWidth, run.target.width)),
        ring_rows_(plan.vertical.size() + kOutputs),
        light_(run.reader, plan.codec, plan.border, plan.format, run.image,
               strip_width_ + plan.horizontal.size() - 1, run.scratch),
        light_stride_(aligned_stride((strip_width_ + plan.horizontal.size()) *
                                         light_.lanes() +
                                     2 * kRowSlack)),
        segment_stride_(aligned_stride(
            kSegment + (plan.horizontal.size() + kWholePixels) * 4 +
            2 * kVector)),
        ring_(run_.scratch.take<float>(light_stride_ * ring_rows_)),
        out_(run_.scratch.take<float>(light_stride_ * kOutputs)),
        segments_(run_.scratch.take<float>(segment_stride_ * kOutputs)),
        sources_(plan.vertical.size() + kOutputs),
        row_state_(ring_rows_) {}

  void Run() {
    for_each_band(plan_, run_, [this](const Rect& band) {
      // Alpha has a place of its own in vectors of whole pixels only.
      const bool direct = has_direct_path(plan_.step) &&
                          (!alpha() || kVector % plan_.format.channels == 0);
      // Columns whose windows lie inside the image, in whole vectors.
      int first = std::max(band.x, plan_.horizontal.before());
      // Stores past the cache need aligned rows.
      first += RoundUpToWhole(first - band.x) - (first - band.x);
      int end =
          std::min(band.right(),
                   run_.image.width - plan_.horizontal.after() - kWholePixels);
      end -= (end - first) % kWholePixels;
      if (!direct || end <= first) first = end = band.x;
      SumColumns(band, band.x, first, false);
      SumColumns(band, first, end, true);
      SumColumns(band, end, band.right(), false);
    });
  }

  // Asks for the lines of vector `index` of next_rows_ and next_outs_, a few at
  // every step: all at once would keep this block's own loads waiting.
  HWY_INLINE void FetchAhead(std::size_t index) const {
    const std::size_t offset = index * fetched_bytes_;
    for (std::size_t row = index & (fetch_steps_ - 1); row < kOutputs;
         row += fetch_steps_) {
      hwy::Prefetch(next_rows_[row] + offset);
      hwy::Prefetch(next_outs_[row] + offset);
    }
  }

 private:
  static constexpr int kVector = hn::MaxLanes(Floats());

  // What is known of a row of the strip at hand.
  struct RowState {
    int row = 0;
    bool seen = false;  // whether alpha was looked at
    bool opaque = false;
    bool decoded = false;
  };

  RowState& StateOf(int y) {
    RowState& state = row_state_[Slot(y)];
    if (state.row != y) state = {y, false, false, false};
    return state;
  }
  int Slot(int y) const { return (y - first_row_) % ring_rows_; }

  bool alpha() const { return plan_.format.alpha != Alpha::kNone; }

  void SumColumns(const Rect& band, int first, int end, bool direct) {
    // Opaque formats never need the decoded rows where all rows show pixels.
    const bool never_decodes = direct && !alpha() && !has_outside(plan_.border);
    const int widest = never_decodes ? end - first : strip_width_;
    for (int x = first; x < end; x += widest) {
      SumStrip({x, band.y, std::min(widest, end - x), band.height}, direct);
    }
  }

  void SumStrip(const Rect& strip, bool direct) {
    first_row_ = strip.y - plan_.vertical.before();
    strip_end_ = strip.bottom();
    for (int i = 0; i < ring_rows_; ++i) {
      row_state_[i] = {first_row_ + i, false, false, false};
    }
    was_opaque_ = true;
    for (int y = strip.y; y < strip.bottom(); y += kOutputs) {
      const Rect block{strip.x, y, strip.width,
                       std::min(kOutputs, strip.bottom() - y)};
      if (!direct || !SumDirectly(block)) SumDecoded(block);
    }
  }

  int RowsRead(const Rect& block) const {
    return block.height + plan_.vertical.size() - 1;
  }

  // nullptr where the row is not in place.
  const std::byte* StoredRow(const Rect& block, int y) const {
    return run_.reader.stored(y, block.x - plan_.horizontal.before(),
                              block.width + plan_.horizontal.size() - 1);
  }

  bool RowsAreInside(const Rect& block) const {
    const int first = block.y - plan_.vertical.before();
    return !has_outside(plan_.border) ||
           (first >= 0 && first + RowsRead(block) <= run_.image.height);
  }

  // Rows that were seen once are not looked at again.
  bool RowsAreOpaque(const Rect& block, int first, int end) {
    for (int y = first; y < end; ++y) {
      RowState& state = StateOf(y);
      if (!state.seen) {
        state.seen = true;
        state.opaque = plan_.codec.opaque(
            StoredRow(block, y), block.width + plan_.horizontal.size() - 1);
      }
      if (!state.opaque) return false;
    }
    return true;
  }

  // From stored rows to stored rows. False where that can't be done: the
  // results are still to be written then.
  bool SumDirectly(const Rect& block) {
    if (!RowsAreInside(block)) return false;
    switch (plan_.format.component) {
      case Component::kU8:
        return SumStored<std::uint8_t>(block);
      case Component::kU16:
        return SumStored<std::uint16_t>(block);
      case Component::kHalf:
        return SumStored<hwy::float16_t>(block);
      case Component::kFloat:
        break;
    }
    return SumStored<float>(block);
  }

  template <class T>
  bool SumStored(const Rect& block) {
    const bool in_registers = fits_registers_ && block.height == kOutputs;
    const int first = block.y - plan_.vertical.before();
    const int end = first + RowsRead(block);
    // Where the last rows were opaque, so are probably the new ones: it shows
    // while they are summed. Their first pass over memory is then the only one.
    const bool watch = in_registers && was_opaque_;
    const bool opaque =
        !alpha() || RowsAreOpaque(block, first, watch ? end - kOutputs : end);
    if (!opaque && !in_registers) return false;

    for (int j = 0; j < kOutputs + plan_.vertical.size() - 1; ++j) {
      // Sums that nobody asked for read any row that is there.
      sources_[j] = StoredRow(block, first + std::min(j, end - first - 1));
    }
    T* outs[kOutputs];
    for (int row = 0; row < block.height; ++row) {
      outs[row] = reinterpret_cast<T*>(OutRow(block, row));
    }
    past_cache_ = stores_pass_cache() && run_.writer.in_place() &&
                  CanPassCache(in_registers, outs, block.height);
    const int samples = block.width * plan_.format.channels;
    if (in_registers) {
      // The loop also sees what is behind the last window.
      was_opaque_ = opaque && (SumOpaqueInRegisters(samples, outs) ||
                               RowsAreOpaque(block, end - kOutputs, end));
      if (!was_opaque_) return SumWeightedInRegisters(samples, outs);
      for (int y = end - kOutputs; y < end; ++y) {
        StateOf(y).seen = StateOf(y).opaque = true;
      }
      return true;
    }
    FetchNext(block, plan_.format.channels);
    set_alpha_ = alpha();
    SumBlock<T>(samples, plan_.format.channels, block.height, outs);
    return true;
  }

#if HWY_TARGET == HWY_SCALAR
  template <class T>
  bool TakesLines() const {
    return false;
  }
  template <class T>
  static bool LinesPassCache(int) {
    return false;
  }
  template <class T>
  bool SumOpaqueInRegisters(int, T* const*) {
    return false;
  }
  template <class T>
  bool SumWeightedInRegisters(int, T* const*) {
    return false;
  }
#else
  // Whether opaque pixels are summed a line at a time.
  template <class T>
  bool TakesLines() const {
    if constexpr (std::is_integral_v<T>) {
      return plan_.format.channels == 4 &&
             plan_.horizontal.radius <= Line<T>::kLargestRadius;
    }
    return false;
  }

  template <class T>
  static bool LinesPassCache([[maybe_unused]] int radius) {
    if constexpr (std::is_integral_v<T>) return Line<T>::PassesCache(radius);
    return false;
  }

  // Calls `function` with their number as a compile-time constant.
  template <class Function>
  static auto WithChannels(int channels, const Function& function) {
    switch (channels) {
      case 1:
        return function(std::integral_constant<int, 1>());
      case 2:
        return function(std::integral_constant<int, 2>());
      case 3:
        return function(std::integral_constant<int, 3>());
      default:
        return function(std::integral_constant<int, 4>());
    }
  }

  template <class Pixels>
  void SumPixels(int samples, Pixels& pixels,
                 typename Pixels::Stored* const* outs) {
    SumInRegisters(plan_.horizontal, plan_.vertical, sources_.data(), samples,
                   pixels, outs);
  }

  // False if a pixel of the new rows, or one behind the last window, was not
  // opaque.
  template <class T>
  bool SumOpaqueInRegisters(int samples, T* const* outs) {
    if (TakesLines<T>()) return SumOpaqueLines<T>(samples, outs);
    return WithChannels(plan_.format.channels, [&](auto channels) {
      constexpr int kChannels = decltype(channels)::value;
      if constexpr (sizeof(T) > 1) {
        if (past_cache_) {
          return SumOpaquePixels<OpaquePixels<T, kChannels, true>>(samples,
                                                                   outs);
        }
      }
      return SumOpaquePixels<OpaquePixels<T, kChannels, false>>(samples, outs);
    });
  }

  // As SumOpaqueInRegisters, for pixels of four codes.
  template <class T>
  bool SumOpaqueLines([[maybe_unused]] int samples,
                      [[maybe_unused]] T* const* outs) {
    if constexpr (std::is_integral_v<T>) {
      auto seen = hn::Set(Line<T>::kCodes, static_cast<T>(-1));
      if (past_cache_) {
        SumLines<T, OpaqueParts<T>, true>(plan_.horizontal, plan_.vertical,
                                          sources_.data(), samples, seen, outs);
      } else {
        SumLines<T, OpaqueParts<T>, false>(plan_.horizontal, plan_.vertical,
                                           sources_.data(), samples, seen,
                                           outs);
      }
      alignas(64) T common[hn::MaxLanes(Line<T>::kCodes)];
      hn::Store(seen, Line<T>::kCodes, common);
      T alpha = static_cast<T>(-1);
      for (std::size_t i = 3; i < std::size(common); i += 4) alpha &= common[i];
      return alpha == static_cast<T>(-1);
    }
    return false;
  }

  template <class Pixels, class T>
  bool SumOpaquePixels(int samples, T* const* outs) {
    Pixels pixels;
    SumPixels(samples, pixels, outs);
    return pixels.all_opaque();
  }

  // Weighting stored pixels as often as they are loaded costs less than decoded
  // rows in memory: floats where a vector holds two pixels, codes where a line
  // is long. False where decoded rows are quicker.
  template <class T>
  bool SumWeightedInRegisters([[maybe_unused]] int samples,
                              [[maybe_unused]] T* const* outs) {
    [[maybe_unused]] const bool premultiplied =
        plan_.format.alpha == Alpha::kPremultiplied;
    if constexpr (!std::is_integral_v<T> && kVector > 4) {
      if (plan_.format.channels != 4) return false;
      if (premultiplied) {
        SumWeightedPixels<T, Weight::kPremultiplied>(samples, outs);
      } else {
        SumWeightedPixels<T, Weight::kStraight>(samples, outs);
      }
      return true;
    } else if constexpr (std::is_integral_v<T> && kVector == 16) {
      if (premultiplied || !TakesLines<T>()) return false;
      auto seen = hn::Zero(Line<T>::kCodes);  // not looked at
      SumLines<T, WeightedParts<T>, false>(plan_.horizontal, plan_.vertical,
                                           sources_.data(), samples, seen,
                                           outs);
      return true;
    }
    return false;
  }

  template <class T, Weight kWeight>
  void SumWeightedPixels(int samples, T* const* outs) {
    if constexpr (std::is_same_v<T, float>) {
      if (past_cache_) {
        WeightedPixels<T, kWeight, true> pixels;
        return SumPixels(samples, pixels, outs);
      }
    }
    WeightedPixels<T, kWeight, false> pixels;
    SumPixels(samples, pixels, outs);
  }
#endif

  // Whole vectors in aligned rows need not be read into the cache first.
  template <class T>
  bool CanPassCache(bool in_registers, T* const* outs, int rows) const {
    const int radius = plan_.horizontal.radius;
    int alignment = in_registers || std::is_same_v<T, float>
                        ? BytesPastCache<T>(radius)
                        : 0;
    if (in_registers && TakesLines<T>()) {
      alignment = LinesPassCache<T>(radius) ? 64 : 0;
    }
    if (alignment == 0) return false;
    std::uintptr_t bits = 0;
    for (int row = 0; row < rows; ++row) {
      bits |= reinterpret_cast<std::uintptr_t>(outs[row]);
    }
    return bits % static_cast<unsigned>(alignment) == 0;
  }

  std::byte* OutRow(const Rect& block, int row) const {
    return run_.writer.row(block.y + row) +
           static_cast<std::ptrdiff_t>(block.x - run_.target.x) *
               bytes_per_pixel(plan_.format);
  }

  // What to ask for meanwhile: the rows that the next block adds and, if they
  // pass through the cache, those of this one's results. `samples`: of a pixel
  // as it is summed.
  void FetchNext(const Rect& block, int samples) {
    const int bytes = kVector * bytes_per_pixel(plan_.format) / samples;
    fetched_bytes_ = static_cast<unsigned>(std::max(bytes, 1));
    fetch_steps_ = std::bit_floor(std::max(64 / fetched_bytes_, 1u));
    for (int row = 0; row < kOutputs; ++row) {
      const int y = std::min(block.bottom() + row, strip_end_ - 1);
      const std::byte* out = OutRow(block, std::min(row, block.height - 1));
      next_rows_[row] = StoredRow(block, y + plan_.vertical.after());
      if (next_rows_[row] == nullptr) next_rows_[row] = out;
      next_outs_[row] = past_cache_ ? next_rows_[row] : out;
    }
  }

  void SumDecoded(const Rect& block) {
    const int rows = RowsRead(block);
    const int first = block.y - plan_.vertical.before();
    for (int j = 0; j < kOutputs + plan_.vertical.size() - 1; ++j) {
      const int y = first + std::min(j, rows - 1);
      float* light = ring_ + light_stride_ * Slot(y);
      sources_[j] = reinterpret_cast<const std::byte*>(light);
      RowState& state = StateOf(y);
      if (state.decoded) continue;
      light_.read(y, block.x - plan_.horizontal.before(),
                  block.width + plan_.horizontal.size() - 1, light);
      state.decoded = true;
    }
    float* outs[kOutputs];
    for (int row = 0; row < block.height; ++row) {
      outs[row] = out_ + light_stride_ * row;
    }
    set_alpha_ = false;
    past_cache_ = false;
    const int samples = block.width * light_.lanes();
    FetchNext(block, light_.lanes());
    SumLight(samples, block.height, outs);
    for (int row = 0; row < block.height; ++row) {
      plan_.codec.encode(outs[row], block.width, OutRow(block, row));
    }
  }

  void SumLight(int samples, int rows, float* const* outs) {
#if HWY_TARGET != HWY_SCALAR
    if (fits_registers_ && rows == kOutputs) {
      return WithChannels(light_.lanes(), [&](auto lanes) {
        // Three channels are four lanes.
        if constexpr (decltype(lanes)::value != 3) {
          DecodedPixels<decltype(lanes)::value, Blocks> pixels(this);
          SumPixels(samples, pixels, outs);
        }
      });
    }
#endif
    SumBlock<float>(samples, light_.lanes(), rows, outs);
  }

  // sources_ -> outs: `samples` sums for each of `rows` rows, in whole
  // vectors; neighbouring pixels are `channels` samples apart.
  template <class T>
  void SumBlock(int samples, int channels, int rows, T* const* outs) {
    const Floats d;
    const Taps& horizontal = plan_.horizontal;
    const int halo = (horizontal.size() - 1) * channels;
    int summed = 0;    // column sums that are there
    int finished = 0;  // results
    int kept = 0;  // column sums that later results need, from `finished` on
    while (finished < samples) {
      // What is kept ends where aligned stores begin.
      const int start = static_cast<int>(aligned_stride(kept)) - kept;
      const int end =
          std::min(summed + kSegment, RoundUpToVectors(samples + halo));
      SumColumnsOf<T>(summed, end, start + kept);
      summed = end;
      const int ready = end - halo;
      const int next = ready >= samples ? samples : ready / kVector * kVector;
      for (int row = 0; row < rows; ++row) {
        SumRow(segments_ + segment_stride_ * row + start, next - finished,
               channels, outs[row] + finished);
      }
      kept = summed - next;
      const int from = start + (next - finished);
      const int to = static_cast<int>(aligned_stride(kept)) - kept;
      for (int row = 0; row < kOutputs; ++row) {
        float* segment = segments_ + segment_stride_ * row;
        for (int i = 0; i < kept; i += kVector) {
          hn::StoreU(hn::LoadU(d, segment + from + i), d, segment + to + i);
        }
      }
      finished = next;
    }
  }

  static int RoundUpToWhole(int pixels) {
    return (pixels + kWholePixels - 1) / kWholePixels * kWholePixels;
  }

  static int RoundUpToVectors(int samples) {
    return (samples + kVector - 1) / kVector * kVector;
  }

  // Calls `function` with the radius as a compile-time constant where that is
  // worth its code, and with 0 where it is not.
  template <class Function>
  static HWY_INLINE void WithRadius(const Taps& taps,
                                    const Function& function) {
    if (taps.has_extra) return function(std::integral_constant<int, 0>());
    switch (taps.radius) {
      case 1:
        return function(std::integral_constant<int, 1>());
      case 2:
        return function(std::integral_constant<int, 2>());
      case 3:
        return function(std::integral_constant<int, 3>());
      case 4:
        return function(std::integral_constant<int, 4>());
      default:
        return function(std::integral_constant<int, 0>());
    }
  }

  // Sums along y of samples first … end - 1 of all rows.
  template <class T>
  void SumColumnsOf(int first, int end, int to) {
    WithRadius(plan_.vertical, [&](auto radius) {
      SumFixedColumns<T, decltype(radius)::value>(first, end, to);
    });
  }

  template <class T, int kRadius>
  void SumFixedColumns(int first, int end, int to) {
    const Floats d;
    const std::byte* const* HWY_RESTRICT sources =
        sources_.data() + plan_.vertical.before();
    for (int x = first; x < end; x += kVector) {
      FetchAhead(static_cast<std::size_t>(x) / kVector);
      FloatVec sum[kOutputs];
      const auto load = [sources, x](int j) HWY_ATTR {
        return LoadComponents(Floats(),
                              reinterpret_cast<const T*>(sources[j]) + x);
      };
      if constexpr (kRadius > 0) {
        FixedTapSums<kRadius>(plan_.vertical, load, sum);
      } else {
        TapSums(plan_.vertical, load, sum);
      }
      float* HWY_RESTRICT segment = segments_ + to + (x - first);
      GK_UNROLL for (int row = 0; row < kOutputs; ++row) {
        hn::Store(sum[row], d, segment + segment_stride_ * row);
      }
    }
  }

  // Sums along x.
  template <class T>
  void SumRow(const float* HWY_RESTRICT segment, int samples, int channels,
              T* HWY_RESTRICT out) {
    WithRadius(plan_.horizontal, [&](auto radius) {
      constexpr int kRadius = decltype(radius)::value;
      if (past_cache_) {
        SumFixedRow<T, kRadius, true>(segment, samples, channels, out);
      } else {
        SumFixedRow<T, kRadius, false>(segment, samples, channels, out);
      }
    });
  }

  template <class T, int kRadius, bool kPastCache>
  void SumFixedRow(const float* HWY_RESTRICT segment, int samples, int channels,
                   T* HWY_RESTRICT out) {
    constexpr int kTogether = 4;  // hides the latency of the sums
    int x = 0;
    for (; x + kTogether * kVector <= samples; x += kTogether * kVector) {
      SumVectors<kRadius, kTogether, kPastCache>(segment + x, channels,
                                                 out + x);
    }
    for (; x < samples; x += kVector) {
      SumVectors<kRadius, 1, kPastCache>(segment + x, channels, out + x);
    }
  }

  // Opaque stays opaque, whatever the last bit of the weights' sum.
  HWY_INLINE FloatVec WithAlphaOne(FloatVec value, int channels) const {
    const Floats d;
    const hn::RebindToSigned<Floats> di;
    const auto last = hn::Set(di, channels - 1);
    const auto channel = hn::And(hn::Iota(di, 0), last);
    return hn::IfThenElse(hn::RebindMask(d, hn::Eq(channel, last)),
                          hn::Set(d, 1.0f), value);
  }

  template <int kRadius, int kCount, bool kPastCache, class T>
  HWY_INLINE void SumVectors(const float* HWY_RESTRICT from, int channels,
                             T* HWY_RESTRICT out) {
    const Floats d;
    const Taps& taps = plan_.horizontal;
    const int radius = kRadius > 0 ? kRadius : taps.radius;
    const float* HWY_RESTRICT centre = from + radius * channels;
    FloatVec sum[kCount];
    if (kRadius == 0 && taps.has_extra) {
      const FloatVec w = hn::Set(d, taps.extra);
      const int offset = (radius + 1) * channels;
      GK_UNROLL for (int i = 0; i < kCount; ++i) {
        sum[i] = hn::Mul(w, hn::LoadU(d, centre + offset + i * kVector));
      }
    } else {
      GK_UNROLL for (int i = 0; i < kCount; ++i) { sum[i] = hn::Zero(d); }
    }
    for (int k = radius; k > 0; --k) {
      const FloatVec w = hn::Set(d, taps.weight[k]);
      const int offset = k * channels;
      GK_UNROLL for (int i = 0; i < kCount; ++i) {
        const float* at = centre + i * kVector;
        sum[i] = hn::MulAdd(
            w, hn::Add(hn::LoadU(d, at - offset), hn::LoadU(d, at + offset)),
            sum[i]);
      }
    }
    const FloatVec w = hn::Set(d, taps.weight[0]);
    GK_UNROLL for (int i = 0; i < kCount; ++i) {
      FloatVec result =
          hn::MulAdd(w, hn::LoadU(d, centre + i * kVector), sum[i]);
      if (!std::is_integral_v<T> && set_alpha_) {
        result = WithAlphaOne(result, channels);
      }
      if constexpr (kPastCache && std::is_same_v<T, float>) {
        hn::Stream(result, d, out + i * kVector);
      } else {
        StoreComponents(d, result, out + i * kVector);
      }
    }
  }

  const ExactPlan& plan_;
  const ExactRun& run_;
  const int strip_width_;  // pixels
  const int ring_rows_;
  LightRows light_;
  const std::ptrdiff_t light_stride_;  // floats
  const std::ptrdiff_t segment_stride_;
  float* ring_;  // decoded rows, where they are needed
  float* out_;
  float* segments_;  // kOutputs rows of column sums
  std::vector<const std::byte*> sources_;
  std::vector<RowState> row_state_;
  int first_row_ = 0;
  int strip_end_ = 0;  // the row after its last
  // The rows that the next block adds, and where this one's results will go.
  const std::byte* next_rows_[kOutputs] = {};
  const std::byte* next_outs_[kOutputs] = {};
  unsigned fetched_bytes_ = 1;  // of them, for each vector
  unsigned fetch_steps_ = 1;    // vectors to a line of the cache, a power of 2
  const bool fits_registers_ = FitsRegisters(plan_.horizontal, plan_.vertical);
  bool was_opaque_ = true;  // of the strip's rows, those of the last block
  bool set_alpha_ = false;
  bool past_cache_ = false;
};

void RunBlocks(const ExactPlan& plan, const ExactRun& run) {
  Blocks(plan, run).Run();
  hwy::FlushStream();
}

bool PlanFitsRegisters(const ExactPlan& plan) {
  return FitsRegisters(plan.horizontal, plan.vertical);
}

}  // namespace HWY_NAMESPACE
}  // namespace gk
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace gk {

HWY_EXPORT(RunBlocks);
HWY_EXPORT(PlanFitsRegisters);

bool blocks_are_quicker(const ExactPlan& plan) {
  const bool decoded = !has_direct_path(plan.step);
  const int size = std::max(plan.horizontal.size(), plan.vertical.size());
  if (HWY_DYNAMIC_DISPATCH(PlanFitsRegisters)(plan)) {
    return !decoded || plan.format.channels < 3 || size <= kLargestWideKernel;
  }
  return size <= (decoded ? kLargestDecodedKernel : kLargestStoredKernel);
}

void run_blocks(const ExactPlan& plan, const ExactRun& run) {
  HWY_DYNAMIC_DISPATCH(RunBlocks)(plan, run);
}

}  // namespace gk
#endif
