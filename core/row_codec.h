// Rows of stored pixels to rows of light in float, and back.

#ifndef GK_CORE_ROW_CODEC_H_
#define GK_CORE_ROW_CODEC_H_

#include <cstddef>

#include "border.h"
#include "pixel_format.h"

namespace gk {

// Alpha from here on counts as 1 in every path, so that shortcuts for opaque
// pixels change no bit.
inline constexpr float kOpaque = 1.0f - 1.0f / (1 << 20);

// Decoded rows are interleaved floats with 1, 2 or 4 lanes a pixel:
//   colours times weight, then (in the last of 2 or 4 lanes) the weight itself.
// The weight is alpha, or 1 where there is none, so that outside the image it
// can be 0. Colours are linear light in 0 … 1 where a tone step is taken, else
// the stored values as they are (codes 0 … 255, 0 … 65535 for integers).
//   grey -> Y (or Y 1 with Border::kNone), grey-alpha -> YA A,
//   RGB  -> R G B 1, RGBA -> RA GA BA A; premultiplied colours as they are.
int lanes_per_pixel(const PixelFormat& format, Border border);

// Decoded rows must have room for this many floats beyond their last pixel, and
// so must stored rows for this many bytes of reading (not of writing).
inline constexpr int kRowSlack = 64;

// The loops for one format on the CPU target in force: look them up once.
struct RowCodec {
  // Decodes `count` pixels; may write up to kRowSlack floats beyond the last.
  // Where a row lies outside the image and Border is kNone, don't decode: fill
  // with 0, weight included.
  void (*decode)(const std::byte* stored, std::size_t count, float* lanes);

  // Encodes `count` pixels; writes exactly those. Colours are divided by their
  // weight; where the weight is 0, colours and alpha become 0. Integers are
  // rounded to nearest and clamped.
  void (*encode)(const float* lanes, std::size_t count, std::byte* stored);

  // The same for weights below 1e-5 taken as 0 (the fast method's noise floor).
  void (*encode_noisy)(const float* lanes, std::size_t count,
                       std::byte* stored);

  // True if the alpha of all `count` pixels is at least kOpaque; true for
  // formats without alpha.
  bool (*opaque)(const std::byte* stored, std::size_t count);
};

RowCodec row_codec(const PixelFormat& format, ToneStep step, Border border);

}  // namespace gk

#endif  // GK_CORE_ROW_CODEC_H_
