#include "plugin/dialog/dialog_state.h"

#include <algorithm>
#include <cmath>

namespace gk {
namespace {

using namespace parameters;

// Presets are stored as text, so sigmas come back with a rounding error.
constexpr double kSigmaRounding = 1e-6;

double sigma_for(int size) { return std::min(size / 6.0, kSigma.maximum); }

bool follows(double sigma, int size) {
  return size >= Kernel::kMinSize &&
         std::abs(sigma - sigma_for(size)) < kSigmaRounding;
}

bool holds(const DialogState& state) {
  const Settings& settings = state.settings;
  const bool chained = is_chained(settings);
  switch (state.link) {
    case Link::kSizeFollowsSigma:
      return settings.size == kAutomaticSize &&
             (chained || settings.size_y == kAutomaticSize);
    case Link::kSigmaFollowsSize:
      return follows(settings.sigma, settings.size) &&
             (chained || follows(settings.sigma_y, settings.size_y));
    case Link::kFree:
      return true;
  }
  return false;
}

// Calls `change` with the size and the sigma of each axis that has its own.
template <typename Change>
void change_axes(Settings& settings, Change change) {
  change(settings.size, settings.sigma);
  if (!is_chained(settings)) change(settings.size_y, settings.sigma_y);
}

void spell_out_size(int& size, double sigma) {
  if (size == kAutomaticSize) size = Kernel::automatic_size(sigma);
}

bool owned_by_horizontal(const Settings& settings, Axis axis) {
  return axis == Axis::kHorizontal || is_chained(settings);
}

}  // namespace

std::optional<Link> link_from_word(std::string_view word) {
  for (const Word<Link>& known : kLinks) {
    if (word == known.nick) return known.value;
  }
  return std::nullopt;
}

const char* word_for(Link link) {
  for (const Word<Link>& known : kLinks) {
    if (link == known.value) return known.nick;
  }
  return kLinks[0].nick;
}

bool is_chained(const Settings& settings) {
  return settings.size_y < 0 && settings.sigma_y < 0;
}

int shown_size(const DialogState& state, Axis axis) {
  const Settings& settings = state.settings;
  const int size =
      owned_by_horizontal(settings, axis) ? settings.size : settings.size_y;
  if (state.link != Link::kSizeFollowsSigma) return size;
  return Kernel::automatic_size(shown_sigma(state, axis));
}

double shown_sigma(const DialogState& state, Axis axis) {
  const Settings& settings = state.settings;
  return owned_by_horizontal(settings, axis) ? settings.sigma
                                             : settings.sigma_y;
}

DialogState consistent(DialogState state) {
  Settings& settings = state.settings;
  settings = nearest_valid(settings);
  if (is_chained(settings)) {
    settings.size_y = kSameSize;
    settings.sigma_y = kSameSigma;
  } else {
    if (settings.size_y < 0) settings.size_y = settings.size;
    if (settings.sigma_y < 0) settings.sigma_y = settings.sigma;
  }
  if (!holds(state)) state.link = Link::kFree;
  state.plot_width =
      std::clamp(state.plot_width, kPlotWidth.minimum, kPlotWidth.maximum);
  return state;
}

DialogState with_size(DialogState state, Axis axis, int size) {
  if (size == shown_size(state, axis)) return state;
  if (state.link == Link::kSizeFollowsSigma) {
    state = with_link(state, Link::kFree);
  }
  const bool sigma_follows = state.link == Link::kSigmaFollowsSize;
  size = std::clamp(size, sigma_follows ? Kernel::kMinSize : kAutomaticSize,
                    Kernel::kMaxSize);
  Settings& settings = state.settings;
  const bool horizontal = owned_by_horizontal(settings, axis);
  (horizontal ? settings.size : settings.size_y) = size;
  if (sigma_follows) {
    (horizontal ? settings.sigma : settings.sigma_y) = sigma_for(size);
  }
  return state;
}

DialogState with_sigma(DialogState state, Axis axis, double sigma) {
  if (sigma == shown_sigma(state, axis)) return state;
  if (state.link == Link::kSigmaFollowsSize) state.link = Link::kFree;
  Settings& settings = state.settings;
  const bool horizontal = owned_by_horizontal(settings, axis);
  (horizontal ? settings.sigma : settings.sigma_y) =
      std::clamp(sigma, Kernel::kMinSigma, Kernel::kMaxSigma);
  return state;
}

DialogState with_link(DialogState state, Link link) {
  if (link == state.link) return state;
  Settings& settings = state.settings;
  if (state.link == Link::kSizeFollowsSigma ||
      link == Link::kSigmaFollowsSize) {
    // The sizes that were shown stay.
    change_axes(settings, spell_out_size);
  }
  if (link == Link::kSizeFollowsSigma) {
    change_axes(settings, [](int& size, double) { size = kAutomaticSize; });
  } else if (link == Link::kSigmaFollowsSize) {
    change_axes(settings,
                [](int size, double& sigma) { sigma = sigma_for(size); });
  }
  state.link = link;
  return state;
}

DialogState with_chain(DialogState state, bool chained) {
  Settings& settings = state.settings;
  if (chained == is_chained(settings)) return state;
  settings.size_y = chained ? kSameSize : settings.size;
  settings.sigma_y = chained ? kSameSigma : settings.sigma;
  return state;
}

}  // namespace gk
