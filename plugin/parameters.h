// Names, ranges, defaults and words of the parameters: read by the operation,
// the procedures and the dialog alike.

#ifndef GK_PLUGIN_PARAMETERS_H_
#define GK_PLUGIN_PARAMETERS_H_

#include "core/border.h"
#include "core/convolver.h"
#include "core/kernel.h"
#include "core/pixel_format.h"

namespace gk::parameters {

inline constexpr char kBlurOperation[] = "gaussian-kernel:blur";
inline constexpr char kMatrixOperation[] = "gaussian-kernel:matrix";
inline constexpr char kBlurProcedure[] = "plug-in-gaussian-kernel-blur";
inline constexpr char kPlotProcedure[] = "plug-in-gaussian-kernel-plot";
inline constexpr char kTextDomain[] = "gaussian-kernel";

// Marks a text for translation without translating it here.
#define GK_TEXT(text) text

template <typename T>
struct Range {
  const char* name;   // as in the interface
  const char* nick;   // translatable, with a mnemonic
  const char* blurb;  // translatable
  T minimum;
  T maximum;
  T standard;  // the default
  T slider_minimum;
  T slider_maximum;
};

inline constexpr int kAutomaticSize = 0;
// For the vertical axis: as the horizontal one.
inline constexpr int kSameSize = -1;
inline constexpr double kSameSigma = -1.0;

inline constexpr Range<int> kSize{
    "size",
    GK_TEXT("Si_ze"),
    GK_TEXT("Kernel width and height in pixels; 0 = automatic: "
            "2 ceil(4 sigma) + 1"),
    kAutomaticSize,
    Kernel::kMaxSize,
    kAutomaticSize,
    0,
    101};
inline constexpr Range<double> kSigma{
    "sigma",
    GK_TEXT("Si_gma"),
    GK_TEXT("Standard deviation of the Gaussian in pixels; 0 = no blur"),
    Kernel::kMinSigma,
    Kernel::kMaxSigma,
    1.0,
    0.0,
    50.0};
inline constexpr Range<int> kSizeY{
    "size-y",
    GK_TEXT("Vertical siz_e"),
    GK_TEXT("Kernel height in pixels; 0 = automatic, -1 = as size"),
    kSameSize,
    Kernel::kMaxSize,
    kSameSize,
    -1,
    101};
inline constexpr Range<double> kSigmaY{
    "sigma-y",
    GK_TEXT("Vertical sig_ma"),
    GK_TEXT("Vertical standard deviation in pixels; negative = as sigma"),
    kSameSigma,
    Kernel::kMaxSigma,
    kSameSigma,
    -1.0,
    50.0};

// Of a plot, in pixels: the plot procedure only.
inline constexpr Range<int> kPlotWidth{
    "width",
    GK_TEXT("Image _width"),
    GK_TEXT("Width of the picture in pixels"),
    64,
    8192,
    800,
    64,
    2048};

// A word that stands for a value in scripts and graphs.
template <typename E>
struct Word {
  E value;
  const char* nick;
  const char* label;    // translatable
  const char* tooltip;  // translatable
};

inline constexpr Word<Border> kBorders[] = {
    {Border::kNone, "none", GK_TEXT("Nothing outside"),
     GK_TEXT("Only pixels inside the image count; alpha fades at the edge")},
    {Border::kClamp, "clamp", GK_TEXT("Edge pixels repeat"),
     GK_TEXT("The image goes on outside with the pixels at its edge")},
    {Border::kLoop, "loop", GK_TEXT("Image repeats"),
     GK_TEXT("The image goes on outside like tiles on a wall")},
    {Border::kMirror, "mirror", GK_TEXT("Image is mirrored"),
     GK_TEXT("The image goes on outside as if its edges were mirrors")},
    {Border::kBlack, "black", GK_TEXT("Black"),
     GK_TEXT("Opaque black surrounds the image")},
    {Border::kWhite, "white", GK_TEXT("White"),
     GK_TEXT("Opaque white surrounds the image")},
};
inline constexpr Word<Light> kLights[] = {
    {Light::kLinear, "linear", GK_TEXT("Linear"),
     GK_TEXT("Blur as light does: bright spots stay bright")},
    {Light::kPerceptual, "perceptual", GK_TEXT("Perceptual"),
     GK_TEXT("Blur the values on the image's own tone curve")},
};
inline constexpr Word<Method> kMethods[] = {
    {Method::kAuto, "auto", GK_TEXT("Automatic"),
     GK_TEXT("The quicker one that is accurate enough")},
    {Method::kExact, "exact", GK_TEXT("Exact"),
     GK_TEXT("Every weight of the matrix, one by one")},
    {Method::kFast, "fast", GK_TEXT("Fast"),
     GK_TEXT("Equally quick at every size; within 0.000005 of exact")},
};

inline constexpr char kBorderName[] = "abyss-policy";
inline constexpr char kLightName[] = "light";
inline constexpr char kMethodName[] = "method";
inline constexpr char kClipExtentName[] = "clip-extent";

inline constexpr Border kStandardBorder = Border::kClamp;
inline constexpr Light kStandardLight = Light::kLinear;
inline constexpr Method kStandardMethod = Method::kAuto;

}  // namespace gk::parameters

#endif  // GK_PLUGIN_PARAMETERS_H_
