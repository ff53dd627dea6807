#include "plugin/gegl/pixel_path.h"

#include <optional>
#include <string_view>

namespace gk {
namespace {

// What a model's colours are stored on.
enum class Encoding {
  kLinear,
  kNonlinear,   // the space's own tone curve
  kPerceptual,  // sRGB's curve, whatever the space's is
};

struct Model {
  std::string_view name;
  int channels;
  Alpha alpha;
  Encoding encoding;
};

constexpr Model kModels[] = {
    {"Y", 1, Alpha::kNone, Encoding::kLinear},
    {"Y'", 1, Alpha::kNone, Encoding::kNonlinear},
    {"Y~", 1, Alpha::kNone, Encoding::kPerceptual},
    {"YA", 2, Alpha::kStraight, Encoding::kLinear},
    {"Y'A", 2, Alpha::kStraight, Encoding::kNonlinear},
    {"Y~A", 2, Alpha::kStraight, Encoding::kPerceptual},
    {"YaA", 2, Alpha::kPremultiplied, Encoding::kLinear},
    {"Y'aA", 2, Alpha::kPremultiplied, Encoding::kNonlinear},
    {"Y~aA", 2, Alpha::kPremultiplied, Encoding::kPerceptual},
    {"RGB", 3, Alpha::kNone, Encoding::kLinear},
    {"R'G'B'", 3, Alpha::kNone, Encoding::kNonlinear},
    {"R~G~B~", 3, Alpha::kNone, Encoding::kPerceptual},
    {"RGBA", 4, Alpha::kStraight, Encoding::kLinear},
    {"R'G'B'A", 4, Alpha::kStraight, Encoding::kNonlinear},
    {"R~G~B~A", 4, Alpha::kStraight, Encoding::kPerceptual},
    {"RaGaBaA", 4, Alpha::kPremultiplied, Encoding::kLinear},
    {"R'aG'aB'aA", 4, Alpha::kPremultiplied, Encoding::kNonlinear},
    {"R~aG~aB~aA", 4, Alpha::kPremultiplied, Encoding::kPerceptual},
};

struct Type {
  std::string_view name;
  Component component;
};

constexpr Type kTypes[] = {
    {"u8", Component::kU8},
    {"u16", Component::kU16},
    {"half", Component::kHalf},
    {"float", Component::kFloat},
};

const Model* model_of(std::string_view encoding) {
  const std::string_view name = encoding.substr(0, encoding.find(' '));
  for (const Model& model : kModels) {
    if (model.name == name) return &model;
  }
  return nullptr;
}

std::optional<Component> component_of(std::string_view encoding) {
  const std::size_t space = encoding.find(' ');
  if (space == encoding.npos) return std::nullopt;
  for (const Type& type : kTypes) {
    if (encoding.substr(space + 1) == type.name) return type.component;
  }
  return std::nullopt;
}

enum class SpaceCurve { kLinear, kSrgb, kOther };

SpaceCurve curve_of(const Babl* space) {
  const Babl* red = nullptr;
  const Babl* green = nullptr;
  const Babl* blue = nullptr;
  babl_space_get(space, nullptr, nullptr, nullptr, nullptr, nullptr, nullptr,
                 nullptr, nullptr, &red, &green, &blue);
  const auto all = [&](const Babl* curve) {
    return red == curve && (green == nullptr || green == curve) &&
           (blue == nullptr || blue == curve);
  };
  if (all(babl_trc("sRGB"))) return SpaceCurve::kSrgb;
  if (all(babl_trc("linear"))) return SpaceCurve::kLinear;
  return SpaceCurve::kOther;
}

// The curve and the light that make the core average pixels stored in
// `encoding` as asked, or nothing if it knows no such step.
struct Averaging {
  ToneCurve curve;
  Light light;
};

std::optional<Averaging> native_averaging(Encoding encoding, SpaceCurve curve,
                                          Light light) {
  constexpr Averaging kAsStored{ToneCurve::kLinear, Light::kLinear};
  if (curve == SpaceCurve::kLinear && encoding != Encoding::kPerceptual) {
    return kAsStored;
  }
  switch (encoding) {
    case Encoding::kLinear:
      if (light == Light::kLinear) return kAsStored;
      if (curve != SpaceCurve::kSrgb) return std::nullopt;
      return Averaging{ToneCurve::kLinear, light};
    case Encoding::kNonlinear:
      if (light == Light::kPerceptual) {
        return Averaging{ToneCurve::kSrgb, light};
      }
      if (curve != SpaceCurve::kSrgb) return std::nullopt;
      return Averaging{ToneCurve::kSrgb, light};
    case Encoding::kPerceptual:
      if (light == Light::kPerceptual && curve != SpaceCurve::kSrgb) {
        return std::nullopt;
      }
      return Averaging{ToneCurve::kSrgb, light};
  }
  return std::nullopt;
}

bool is_grey(const Babl* source, const Model* model) {
  if (model != nullptr) return model->channels < 3;
  return (babl_get_model_flags(babl_format_get_model(source)) &
          BABL_MODEL_FLAG_GRAY) != 0;
}

// Inverted inks, as GEGL's own blur takes them: paper is 1, as white is.
PixelPath ink_path(const Babl* source) {
  const bool alpha = babl_format_has_alpha(source) != 0;
  const Babl* pixels = babl_format_with_space(
      alpha ? "cmykA float" : "cmyk float", babl_format_get_space(source));
  const PixelFormat format{Component::kFloat, alpha ? 4 : 3,
                           alpha ? Alpha::kStraight : Alpha::kNone,
                           ToneCurve::kLinear};
  return {pixels, format, Light::kLinear, source, true};
}

bool stored_in(Light light, Encoding encoding) {
  return light == Light::kLinear ? encoding == Encoding::kLinear
                                 : encoding == Encoding::kNonlinear;
}

// Indexed by grey and by alpha.
struct FloatEncodings {
  const char* names[2][3];
};

const char* float_encoding(bool grey, Alpha alpha, Light light) {
  constexpr FloatEncodings kLinear{
      {{"RGB float", "RGBA float", "RaGaBaA float"},
       {"Y float", "YA float", "YaA float"}}};
  constexpr FloatEncodings kNonlinear{
      {{"R'G'B' float", "R'G'B'A float", "R'aG'aB'aA float"},
       {"Y' float", "Y'A float", "Y'aA float"}}};
  const FloatEncodings& encodings =
      light == Light::kLinear ? kLinear : kNonlinear;
  return encodings.names[grey][static_cast<int>(alpha)];
}

}  // namespace

PixelFormat key_format(PixelFormat format) {
  format.channels = format.alpha == Alpha::kNone ? 1 : 2;
  return format;
}

PixelPath pixel_path(const Babl* source, Light light) {
  const Babl* space = babl_format_get_space(source);
  const std::string_view encoding = babl_format_get_encoding(source);
  const Model* model = model_of(encoding);
  const std::optional<Component> component = component_of(encoding);
  if (model != nullptr && component) {
    if (const auto native =
            native_averaging(model->encoding, curve_of(space), light)) {
      const PixelFormat format{*component, model->channels, model->alpha,
                               native->curve};
      if (model->alpha != Alpha::kPremultiplied ||
          tone_step(format, native->light) == ToneStep::kKeep) {
        return {source, format, native->light, source};
      }
    }
  }
  if ((babl_get_model_flags(babl_format_get_model(source)) &
       BABL_MODEL_FLAG_CMYK) != 0) {
    return ink_path(source);
  }
  const bool grey = is_grey(source, model);
  Alpha alpha =
      babl_format_has_alpha(source) != 0 ? Alpha::kStraight : Alpha::kNone;
  // Colours times a small alpha would lose digits on the way.
  if (model != nullptr && model->alpha == Alpha::kPremultiplied &&
      stored_in(light, model->encoding)) {
    alpha = Alpha::kPremultiplied;
  }
  const Babl* pixels =
      babl_format_with_space(float_encoding(grey, alpha, light), space);
  const PixelFormat format{Component::kFloat,
                           (grey ? 1 : 3) + (alpha == Alpha::kNone ? 0 : 1),
                           alpha, ToneCurve::kLinear};
  return {pixels, format, Light::kLinear,
          babl_format_is_palette(source) != 0 ? pixels : source};
}

}  // namespace gk
