#include <algorithm>
#include <cmath>
#include <string>

#include "plugin/dialog/heat_map.h"
#include "plugin/dialog/kernel_view.h"
#include "plugin/translation.h"

namespace gk {
namespace {

// Less than this share of the Gaussian deserves a warning.
constexpr double kCutBelow = 0.99;

// Weights on each side of the peak that are read out.
constexpr int kReadOut = 3;

bool is_cut(const Kernel& kernel) { return kernel.coverage() < kCutBelow; }

std::string in_percent(const std::string& digits) {
  return format_text(_("%s %%"), digits.c_str());
}

// Never rounded up to a figure that claims more than is true.
std::string percent(double share) {
  const double value = 100 * share;
  std::string digits;
  if (share >= 1) {
    digits = "100";
  } else if (share >= 0.999) {
    digits = format_text("%.2f", std::floor(100 * value) / 100);
  } else if (share < kCutBelow) {
    digits = format_text("%.1f", std::min(value, 100 * kCutBelow - 0.1));
  } else {
    digits = format_text("%.1f", std::min(value, 99.9));
  }
  return in_percent(digits);
}

std::string sigma_text(double sigma) {
  return format_text(sigma < 100 ? "%.2f" : "%.1f", sigma);
}

std::string pair(const std::string& across, const std::string& down) {
  return across == down ? across : across + " × " + down;
}

std::string size_text(const Kernel& horizontal, const Kernel& vertical) {
  return format_text("%d × %d", horizontal.size(), vertical.size());
}

// The weights around the peak of one axis, those of the matrix's row or column.
std::string middle(const Kernel& kernel, double factor) {
  const int first = std::max(0, kernel.anchor() - kReadOut);
  const int last = std::min(kernel.size() - 1, kernel.anchor() + kReadOut);
  std::string text = first > 0 ? "…  " : "";
  for (int i = first; i <= last; ++i) {
    if (i > first) text += "  ";
    text += format_text("%.4g", kernel.weights()[i] * factor);
  }
  if (last < kernel.size() - 1) text += "  …";
  return text;
}

}  // namespace

bool kernel_is_cut(const Kernel& horizontal, const Kernel& vertical) {
  return is_cut(horizontal) || is_cut(vertical);
}

std::string kernel_summary(const Kernel& horizontal, const Kernel& vertical) {
  const std::string size = size_text(horizontal, vertical);
  if (horizontal.sigma() == 0 && vertical.sigma() == 0) {
    return format_text(_("%s · leaves the image as it is"), size.c_str());
  }
  const std::string kept =
      pair(percent(horizontal.coverage()), percent(vertical.coverage()));
  const std::string sigma = pair(sigma_text(horizontal.effective_sigma()),
                                 sigma_text(vertical.effective_sigma()));
  // Size, share in per cent, sigma.
  return format_text(_("%s · keeps %s of the Gaussian · acts like sigma %s"),
                     size.c_str(), kept.c_str(), sigma.c_str());
}

std::string kernel_notes(const Kernel& horizontal, const Kernel& vertical) {
  std::string notes;
  if (kernel_is_cut(horizontal, vertical)) {
    notes = format_text(_("Cut short: less than %s is kept"),
                        in_percent(format_text("%g", 100 * kCutBelow)).c_str());
  }
  const bool even_across = horizontal.size() % 2 == 0;
  const bool even_down = vertical.size() % 2 == 0;
  if (even_across || even_down) {
    if (!notes.empty()) notes += " · ";
    notes += even_across && even_down
                 ? _("Even size: one tap more on the lower side (left, top)")
             : even_across
                 ? _("Even width: one tap more on the lower side (left)")
                 : _("Even height: one tap more on the lower side (top)");
  }
  return notes;
}

std::string kernel_description(const Kernel& horizontal,
                               const Kernel& vertical) {
  std::string text = kernel_summary(horizontal, vertical) + ".\n";
  const std::string notes = kernel_notes(horizontal, vertical);
  if (!notes.empty()) text += notes + ".\n";
  // Weight, column, row of the matrix.
  text += format_text(
      _("The peak is %s, in column %d of row %d."),
      format_text("%.4g", peak_weight(horizontal, vertical)).c_str(),
      horizontal.anchor() + 1, vertical.anchor() + 1);
  text += "\n";
  text += format_text(
      _("Its row: %s."),
      middle(horizontal, vertical.weights()[vertical.anchor()]).c_str());
  text += "\n";
  text += format_text(
      _("Its column: %s."),
      middle(vertical, horizontal.weights()[horizontal.anchor()]).c_str());
  return text;
}

}  // namespace gk
