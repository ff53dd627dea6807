// An image in memory that a Convolver can read from and write to, for tests and
// benchmarks.

#ifndef GK_TESTS_SUPPORT_MEMORY_IMAGE_H_
#define GK_TESTS_SUPPORT_MEMORY_IMAGE_H_

#include <cstddef>
#include <cstring>
#include <new>
#include <vector>

#include "core/convolver.h"
#include "core/image_view.h"
#include "core/pixel_format.h"

namespace gk::support {

// Memory that starts where vectors and cache lines do, as an image library's.
template <typename T>
struct AlignedAllocator {
  using value_type = T;
  static constexpr std::align_val_t kAlignment{64};
  AlignedAllocator() = default;
  template <typename U>
  AlignedAllocator(const AlignedAllocator<U>&) {}
  T* allocate(std::size_t count) {
    return static_cast<T*>(::operator new(count * sizeof(T), kAlignment));
  }
  void deallocate(T* values, std::size_t) {
    ::operator delete(values, kAlignment);
  }
  friend bool operator==(const AlignedAllocator&, const AlignedAllocator&) {
    return true;
  }
};
using Bytes = std::vector<std::byte, AlignedAllocator<std::byte>>;

// Rows without padding. `area` is the part of the image's plane that the pixels
// stand for: a source starts at 0, 0, a result wherever its target does.
class MemoryImage {
 public:
  MemoryImage(const PixelFormat& format, Rect area)
      : format_(format),
        area_(area),
        pixel_bytes_(bytes_per_pixel(format)),
        bytes_(static_cast<std::size_t>(area.width) * area.height *
               pixel_bytes_) {}

  const PixelFormat& format() const { return format_; }
  Rect area() const { return area_; }
  Bytes& bytes() { return bytes_; }
  const Bytes& bytes() const { return bytes_; }

  std::byte* pixel(int x, int y) { return bytes_.data() + offset(x, y); }
  const std::byte* pixel(int x, int y) const {
    return bytes_.data() + offset(x, y);
  }

  double get(int x, int y, int channel) const {
    return load_component(
        format_.component,
        pixel(x, y) + channel * bytes_per_component(format_.component));
  }
  void set(int x, int y, int channel, double value) {
    store_component(
        format_.component, value,
        pixel(x, y) + channel * bytes_per_component(format_.component));
  }

 private:
  std::ptrdiff_t offset(int x, int y) const {
    return (static_cast<std::ptrdiff_t>(y - area_.y) * area_.width +
            (x - area_.x)) *
           pixel_bytes_;
  }

  PixelFormat format_;
  Rect area_;
  int pixel_bytes_;
  Bytes bytes_;
};

class MemorySource : public Source {
 public:
  // With `in_place` false the pixels are copied out, as from a tiled buffer.
  explicit MemorySource(const MemoryImage& image, bool in_place = true)
      : image_(image), in_place_(in_place) {}
  Size image() const override {
    return {image_.area().width, image_.area().height};
  }
  const std::byte* row(int y) const override {
    return in_place_ ? image_.pixel(0, y) : nullptr;
  }
  void read(Rect area, std::byte* pixels, std::ptrdiff_t stride) override {
    const std::size_t bytes =
        static_cast<std::size_t>(area.width) * bytes_per_pixel(image_.format());
    for (int y = 0; y < area.height; ++y) {
      std::memcpy(pixels + y * stride, image_.pixel(area.x, area.y + y), bytes);
    }
  }

 private:
  const MemoryImage& image_;
  bool in_place_;
};

class MemoryDestination : public Destination {
 public:
  explicit MemoryDestination(MemoryImage& image, bool in_place = true)
      : image_(image), in_place_(in_place) {}
  std::byte* row(int y) override {
    return in_place_ ? image_.pixel(0, y) : nullptr;
  }
  void write(Rect area, const std::byte* pixels,
             std::ptrdiff_t stride) override {
    const std::size_t bytes =
        static_cast<std::size_t>(area.width) * bytes_per_pixel(image_.format());
    for (int y = 0; y < area.height; ++y) {
      std::memcpy(image_.pixel(area.x, area.y + y), pixels + y * stride, bytes);
    }
  }

 private:
  MemoryImage& image_;
  bool in_place_;
};

}  // namespace gk::support

#endif  // GK_TESTS_SUPPORT_MEMORY_IMAGE_H_
