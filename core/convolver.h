// Convolves any part of an image with a horizontal and a vertical kernel:
// decides once how, then runs on any window.

#ifndef GK_CORE_CONVOLVER_H_
#define GK_CORE_CONVOLVER_H_

#include <cstddef>
#include <memory>

#include "border.h"
#include "image_view.h"
#include "kernel.h"
#include "pixel_format.h"

namespace gk {

class Scratch;

enum class Method {
  kAuto,   // the quicker of the two that holds its bound
  kExact,  // every weight, one by one
  // Constant time in `size`; exact where it can't hold its bound, which is one
  // for values in 0 … 1: a float of 1e6 leaves some of its last bits as far as
  // 4096 pixels beyond its window.
  kFast,
};

// Where a Convolver's pixels come from. Coordinates are the image's: 0 … width
// - 1, 0 … height - 1. Called from one thread at a time. Must not throw,
// but for std::bad_alloc, which ends run() as if scratch had none. Addresses
// and strides need no alignment.
class Source {
 public:
  virtual ~Source() = default;
  // At least 1 x 1.
  virtual Size image() const = 0;

  // Row y of the image, its first byte that of column 0, if the rows of the
  // source window lie in memory and stay there during run(), whole: pixels
  // beside the window may be read, too. Else nullptr.
  virtual const std::byte* row(int /*y*/) const { return nullptr; }

  // Copies the pixels of `area`, which lies inside the image, to `pixels`,
  // rows `stride` bytes apart. Called only where row() gives nullptr.
  virtual void read(Rect area, std::byte* pixels, std::ptrdiff_t stride) = 0;
};

// Where the result goes. Coordinates are the image's. Must not throw either.
class Destination {
 public:
  virtual ~Destination() = default;

  // Row y, its first byte that of column 0, if the target lies in memory and
  // may be written there directly; else nullptr.
  virtual std::byte* row(int /*y*/) { return nullptr; }

  // Takes the finished pixels of `area`. Called only where row() gives nullptr.
  virtual void write(Rect area, const std::byte* pixels,
                     std::ptrdiff_t stride) = 0;
};

// Immutable: one Convolver may run() on many threads at once.
class Convolver {
 public:
  // Throws std::invalid_argument for a format with no such channels (1 or 3,
  // 2 or 4 with alpha), and for premultiplied pixels whose light is not the
  // one that they are stored in.
  Convolver(Kernel horizontal, Kernel vertical, Border border,
            PixelFormat format, Light light, Method method);
  Convolver(const Convolver&);
  Convolver& operator=(const Convolver&);
  Convolver(Convolver&&) noexcept;
  Convolver& operator=(Convolver&&) noexcept;
  ~Convolver();

  const Kernel& horizontal() const;
  const Kernel& vertical() const;
  // The method really used: kExact or kFast.
  Method method() const;

  // The pixels of an `image` that `target` depends on; empty where it depends
  // on none. `target` may lie partly or wholly outside.
  Rect source_window(Rect target, Size image) const;

  // The pixels of an `image`, grown by half a kernel (its anchor) on every
  // side, that change when `changed` pixels of it do.
  Rect affected_window(Rect changed, Size image) const;

  // Computes the pixels of `target`, which may lie outside the image. Source
  // and destination must not share pixels. False if there was no memory for
  // scratch: of a target wider than 8192 pixels a part may be written then, of
  // others nothing. Also false, and nothing written, for an image without
  // pixels and for a target beyond ±2^30.
  [[nodiscard]] bool run(Source& source, Rect target,
                         Destination& destination) const noexcept;

 private:
  struct Plan;

  void run_strip_fast(const Plan& plan, Source& source, Rect strip,
                      Destination& destination, Scratch& scratch) const;
  void run_strip_exactly(const Plan& plan, Source& source, Rect strip,
                         Destination& destination, Scratch& scratch) const;

  std::shared_ptr<const Plan> plan_;
};

}  // namespace gk

#endif  // GK_CORE_CONVOLVER_H_
