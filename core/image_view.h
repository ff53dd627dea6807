// Borrowed, strided, interleaved pixels and the rectangles that name parts of
// them.

#ifndef GK_CORE_IMAGE_VIEW_H_
#define GK_CORE_IMAGE_VIEW_H_

#include <cassert>
#include <cstddef>
#include <type_traits>

namespace gk {

struct Size {
  int width = 0;
  int height = 0;
  friend bool operator==(const Size&, const Size&) = default;
};

// Pixels x … x + width - 1, y … y + height - 1. Empty if a side is < 1.
struct Rect {
  int x = 0;
  int y = 0;
  int width = 0;
  int height = 0;
  int right() const { return x + width; }
  int bottom() const { return y + height; }
  bool empty() const { return width < 1 || height < 1; }
  friend bool operator==(const Rect&, const Rect&) = default;
};

// Owns nothing and copies freely. `row_stride` counts elements of T, may be
// negative (bottom-up images) and larger than a row.
template <typename T>
class ImageView {
 public:
  ImageView() = default;
  ImageView(T* data, Size size, int channels, std::ptrdiff_t row_stride)
      : data_(data),
        size_(size),
        channels_(channels),
        row_stride_(row_stride) {}
  ImageView(T* data, Size size, int channels)
      : ImageView(data, size, channels,
                  static_cast<std::ptrdiff_t>(size.width) * channels) {}

  // A view of mutable pixels serves where constant ones are asked for.
  template <typename U>
  requires(std::is_same_v<const U, T> && !std::is_const_v<U>)
      ImageView(const ImageView<U>& other)  // NOLINT: implicit by intent
      : ImageView(other.data(), other.size(), other.channels(),
                  other.row_stride()) {}

  T* data() const { return data_; }
  Size size() const { return size_; }
  int width() const { return size_.width; }
  int height() const { return size_.height; }
  int channels() const { return channels_; }
  std::ptrdiff_t row_stride() const { return row_stride_; }

  T* row(int y) const {
    assert(y >= 0 && y < size_.height);
    return data_ + y * row_stride_;
  }
  T* pixel(int x, int y) const {
    assert(x >= 0 && x < size_.width);
    return row(y) + static_cast<std::ptrdiff_t>(x) * channels_;
  }

  // `area` must lie inside the view.
  ImageView crop(Rect area) const {
    assert(area.x >= 0 && area.y >= 0);
    assert(area.right() <= size_.width && area.bottom() <= size_.height);
    return ImageView(data_ + area.y * row_stride_ +
                         static_cast<std::ptrdiff_t>(area.x) * channels_,
                     {area.width, area.height}, channels_, row_stride_);
  }

 private:
  T* data_ = nullptr;
  Size size_;
  int channels_ = 0;
  std::ptrdiff_t row_stride_ = 0;
};

}  // namespace gk

#endif  // GK_CORE_IMAGE_VIEW_H_
