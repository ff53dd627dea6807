// Rows of stored pixels to rows of light in float, and back.

#ifndef GK_CORE_ROW_CODEC_H_
#define GK_CORE_ROW_CODEC_H_

#include <cstddef>

#include "border.h"
#include "pixel_format.h"

namespace gk {

// Alpha from here on counts as 1 in every path of the exact method, so that
// shortcuts for opaque pixels change no bit. The fast one may take what is
// below 1 as it is.
inline constexpr float kOpaque = 1.0f - 1.0f / (1 << 20);

// The fast method's sums of weights are uncertain by as much: below, there may
// be nothing at all.
inline constexpr float kNoiseFloor = 1e-5f;

// Decoded rows are interleaved floats with 1, 2 or 4 lanes a pixel:
//   colours times weight, then (in the last of 2 or 4 lanes) the weight itself.
// The weight is alpha, or 1 where there is none, so that outside the image it
// can be 0. Colours are linear light in 0 … 1 where a tone step is taken, else
// the stored values as they are (codes 0 … 255, 0 … 65535 for integers).
//   grey -> Y (or Y 1 with Border::kNone), grey-alpha -> YA A,
//   RGB  -> R G B 1, RGBA -> RA GA BA A; premultiplied colours as they are.
// 2 or 4 channels without alpha have a lane each and no weight; for them and
// Border::kNone there is no codec: 0.
int lanes_per_pixel(const PixelFormat& format, Border border);

// Decoded rows must have room for this many floats beyond their last pixel.
// Stored rows need none: no byte beyond their last pixel is read or written.
inline constexpr int kRowSlack = 64;

// The loops for one format on the CPU target in force: look them up once.
struct RowCodec {
  // Decodes `count` pixels; may write up to kRowSlack floats beyond the last.
  // Where a row lies outside the image and Border is kNone, don't decode: fill
  // with 0, weight included.
  void (*decode)(const std::byte* stored, std::size_t count, float* lanes);

  // Encodes `count` pixels; writes exactly those, may read up to kRowSlack
  // floats beyond. Colours are divided by their weight; where the weight is 0
  // (smaller than any normal float), colours and alpha become 0. RGB with any
  // border but kNone weighs 1, whatever its weight lane says. Integers are
  // rounded to nearest and clamped, NaN becomes 0 there.
  void (*encode)(const float* lanes, std::size_t count, std::byte* stored);

  // The same for weights below kNoiseFloor taken as 0.
  void (*encode_noisy)(const float* lanes, std::size_t count,
                       std::byte* stored);

  // True if the alpha of all `count` pixels is at least kOpaque; true for
  // formats without alpha.
  bool (*opaque)(const std::byte* stored, std::size_t count);
};

// `format` as Convolver takes it, and lanes_per_pixel() not 0.
RowCodec row_codec(const PixelFormat& format, ToneStep step, Border border);

}  // namespace gk

#endif  // GK_CORE_ROW_CODEC_H_
