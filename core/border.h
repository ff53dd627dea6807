// What lies outside an image: the only statement about it in the project.

#ifndef GK_CORE_BORDER_H_
#define GK_CORE_BORDER_H_

namespace gk {

enum class Border {
  kNone,    // nothing: only the weights that meet the image count
  kClamp,   // a a a | a b c d | d d d
  kLoop,    // b c d | a b c d | a b c
  kMirror,  // c b a | a b c d | d c b
  kBlack,   // opaque black
  kWhite,   // opaque white
};

// Returned for a position that no pixel of the image stands for.
inline constexpr int kOutside = -1;

// The column (or row) of an image of `length` columns (rows), length >= 1, that
// stands for `position`, any int; kOutside where none does.
int border_index(Border border, int position, int length);

}  // namespace gk

#endif  // GK_CORE_BORDER_H_
