#include "plugin/gegl/inks.h"

#include <algorithm>
#include <cstring>
#include <new>
#include <vector>

namespace gk {
namespace {

// Which floats of a pixel belong together.
struct Channels {
  int indices[4];
  int count;
};

constexpr Channels kColours[] = {{{0, 1, 2}, 3}, {{0, 1, 2, 4}, 4}};
constexpr Channels kKey[] = {{{3}, 1}, {{3, 4}, 2}};

class SomeChannels : public Source {
 public:
  SomeChannels(Source& source, int all, Channels channels)
      : source_(source), all_(all), channels_(channels) {}

  Size image() const override { return source_.image(); }

  void read(Rect area, std::byte* pixels, std::ptrdiff_t stride) override {
    row_.resize(static_cast<std::size_t>(area.width) * all_);
    for (int y = 0; y < area.height; ++y) {
      source_.read({area.x, area.y + y, area.width, 1},
                   reinterpret_cast<std::byte*>(row_.data()),
                   static_cast<std::ptrdiff_t>(row_.size() * sizeof(float)));
      std::byte* out = pixels + y * stride;
      for (std::size_t x = 0; x < row_.size(); x += all_) {
        for (int c = 0; c < channels_.count; ++c) {
          std::memcpy(out, &row_[x + channels_.indices[c]], sizeof(float));
          out += sizeof(float);
        }
      }
    }
  }

 private:
  Source& source_;
  int all_;
  Channels channels_;
  std::vector<float> row_;
};

// Pixels of `band` with all channels, written to a few channels at a time.
class Band : public Destination {
 public:
  Band(Rect band, int all)
      : band_(band),
        all_(all),
        pixels_(static_cast<std::size_t>(band.width) * band.height * all) {}

  void select(Channels channels) { channels_ = channels; }

  void write(Rect area, const std::byte* pixels,
             std::ptrdiff_t stride) override {
    for (int y = 0; y < area.height; ++y) {
      const std::byte* in = pixels + y * stride;
      float* out = &pixels_[(static_cast<std::size_t>(area.y + y - band_.y) *
                                 band_.width +
                             area.x - band_.x) *
                            all_];
      for (int x = 0; x < area.width; ++x, out += all_) {
        for (int c = 0; c < channels_.count; ++c) {
          std::memcpy(out + channels_.indices[c], in, sizeof(float));
          in += sizeof(float);
        }
      }
    }
  }

  void hand_on(Destination& destination) const {
    destination.write(band_, reinterpret_cast<const std::byte*>(pixels_.data()),
                      static_cast<std::ptrdiff_t>(band_.width) * all_ *
                          static_cast<std::ptrdiff_t>(sizeof(float)));
  }

 private:
  Rect band_;
  int all_;
  std::vector<float> pixels_;
  Channels channels_{};
};

}  // namespace

bool convolve_inks(const Convolver& colours, const Convolver& key, bool alpha,
                   Source& source, Rect target,
                   Destination& destination) noexcept {
  const int all = alpha ? 5 : 4;
  // Bands as tall as the kernel at most double what is read.
  const int most_rows = std::max(64, colours.vertical().size());
  try {
    for (int y = target.y; y < target.bottom(); y += most_rows) {
      const Rect area{target.x, y, target.width,
                      std::min(most_rows, target.bottom() - y)};
      Band band(area, all);
      for (const bool black : {false, true}) {
        const Channels channels = (black ? kKey : kColours)[alpha];
        SomeChannels some(source, all, channels);
        band.select(channels);
        if (!(black ? key : colours).run(some, area, band)) return false;
      }
      band.hand_on(destination);
    }
  } catch (const std::bad_alloc&) {
    return false;
  }
  return true;
}

}  // namespace gk
