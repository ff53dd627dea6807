// What the dialog shows, and what follows from each thing a user does to it.

#ifndef GK_PLUGIN_DIALOG_DIALOG_STATE_H_
#define GK_PLUGIN_DIALOG_DIALOG_STATE_H_

#include <optional>
#include <string_view>

#include "plugin/settings.h"

namespace gk {

// Which of size and sigma follows the other.
enum class Link {
  kSizeFollowsSigma,  // size is automatic
  kSigmaFollowsSize,  // sigma = size / 6, as far as sigma may go
  kFree,
};

// Their words, for hosts that remember one beside the settings.
inline constexpr parameters::Word<Link> kLinks[] = {
    {Link::kSizeFollowsSigma, "size-follows-sigma",
     GK_TEXT("Size follows sigma"),
     GK_TEXT("Size is as large as sigma needs: 2 ceil(4 sigma) + 1")},
    {Link::kSigmaFollowsSize, "sigma-follows-size",
     GK_TEXT("Sigma follows size"), GK_TEXT("Sigma is size / 6")},
    {Link::kFree, "free", GK_TEXT("Free"),
     GK_TEXT("Size and sigma are what you set, whatever they cut")},
};
std::optional<Link> link_from_word(std::string_view word);
const char* word_for(Link link);

// Everything that the controls show. `settings` is what will be applied.
struct DialogState {
  Settings settings;
  Link link = Link::kSizeFollowsSigma;
  bool preview = true;
  int plot_width = parameters::kPlotWidth.standard;  // pixels, plots only
  bool keep_effect = false;                          // GIMP 3 only

  friend bool operator==(const DialogState&, const DialogState&) = default;
};

enum class Axis { kHorizontal, kVertical };

// True if the vertical axis is as the horizontal one.
bool is_chained(const Settings& settings);

// What the controls of `axis` show: the size that results from a sigma that it
// follows; 0 only where the settings say "automatic" though the link is free.
int shown_size(const DialogState& state, Axis axis);
double shown_sigma(const DialogState& state, Axis axis);

// `state` with numbers outside their ranges moved to the nearest allowed ones,
// "as the horizontal axis" for only one of size and sigma spelt out, and a link
// that the settings contradict set free. It stands for the same kernels. The
// functions below take and give such states.
DialogState consistent(DialogState state);

// What follows from setting a size or a sigma, of both axes if chained.
// Setting the one that follows frees the link.
DialogState with_size(DialogState state, Axis axis, int size);
DialogState with_sigma(DialogState state, Axis axis, double sigma);
DialogState with_link(DialogState state, Link link);
DialogState with_chain(DialogState state, bool chained);

}  // namespace gk

#endif  // GK_PLUGIN_DIALOG_DIALOG_STATE_H_
