// What lies outside an image: the only place that tells one border from
// another.

#ifndef GK_CORE_BORDER_H_
#define GK_CORE_BORDER_H_

#include <cstdint>

namespace gk {

enum class Border {
  kNone,    // nothing: only the weights that meet the image count
  kClamp,   // a a a | a b c d | d d d
  kLoop,    // b c d | a b c d | a b c
  kMirror,  // c b a | a b c d | d c b
  kBlack,   // opaque black
  kWhite,   // opaque white
};

inline constexpr Border kEveryBorder[] = {Border::kNone,  Border::kClamp,
                                          Border::kLoop,  Border::kMirror,
                                          Border::kBlack, Border::kWhite};

// Returned for a position that no pixel of the image stands for.
inline constexpr int kOutside = -1;

// The column (or row) of an image of `length` columns (rows), length >= 1, that
// stands for `position`; kOutside where none does. Inside the image that is
// the position itself; outside, the same pixels return after two images at
// most.
int border_index(Border border, std::int64_t position, int length);

// Whether positions outside the image are kOutside.
bool has_outside(Border border);

// What is kOutside: either it has no weight, so that colours are the mean of
// what is inside, or it is opaque and all its colours are stored as
// outside_colour(), 0 … 1.
bool outside_is_nothing(Border border);
double outside_colour(Border border);

// A position that shows what `position` shows, nearer to the image where a
// border repeats one pixel (or kOutside) on and on: what is kept for it serves
// them all. Grows by 0 or 1 from a position to the next.
std::int64_t nearest_alike(Border border, std::int64_t position, int length);

// Positions first … end - 1 along one axis.
struct Span {
  std::int64_t first = 0;
  std::int64_t end = 0;

  bool empty() const { return end <= first; }
  bool contains(std::int64_t position) const {
    return position >= first && position < end;
  }
  bool operator==(const Span&) const = default;
};

// The smallest span of an image's columns (rows) that holds those which stand
// for `positions`; Span() where none does. Takes time for each position outside
// the image that shows something new, at most for four images.
Span source_span(Border border, Span positions, int length);

// The other way: the smallest span that holds those positions of `within` for
// which columns (rows) `pixels` stand; Span() where they stand for none. Takes
// time for each position of `within` outside the image.
Span showing_span(Border border, Span pixels, Span within, int length);

}  // namespace gk

#endif  // GK_CORE_BORDER_H_
