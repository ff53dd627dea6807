// The sRGB curve, both ways, on vectors of float in registers.
//
// To be included, once for each CPU target, after <hwy/highway.h>.

#include <hwy/highway.h>

#include <array>
#include <bit>
#include <cstdint>

#if defined(GK_CORE_SRGB_CURVE_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef GK_CORE_SRGB_CURVE_INL_H_
#undef GK_CORE_SRGB_CURVE_INL_H_
#else
#define GK_CORE_SRGB_CURVE_INL_H_
#endif

HWY_BEFORE_NAMESPACE();
namespace gk {
namespace HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

// What the values to convert may be.
enum class CurveRange {
  kUnit,  // 0 … 1 (in units of kIn) and rounding errors around it; no NaN
  kAny,   // any float; the straight piece goes on below 0, the power above 1,
          // NaN and the infinities stay what they are
};

// A power x^p is 2^(p e) m^p for x = 2^e m, 1 <= m < 2: the first factor from a
// table, the second by a polynomial with the least largest relative error
// (Remez). The index into a table of 16 is the biased exponent & 15, so that
// it holds any 16 successive exponents without an offset.
namespace srgb {

// Powers of two, exact.
constexpr double PowerOfTwo(int exponent) {
  double value = 1;
  for (; exponent > 0; --exponent) value *= 2;
  for (; exponent < 0; ++exponent) value /= 2;
  return value;
}

// 2^(12 e / 5) for any e: five irrational factors times powers of two, so that
// the entries for e and e + 5 have the same mantissa.
inline constexpr int kDecodeFirst = -4;  // u >= 0.0909
constexpr double DecodeFactor(int e) {
  constexpr double kFactors[5] = {1.0, 5.278031643091577, 27.857618025475972,
                                  147.03338943962048, 776.04688205332382};
  const int q = (e + 1000) / 5 - 200;
  return kFactors[e - 5 * q] * PowerOfTwo(12 * q);
}

// 2^(5 e / 12), the same with twelve.
inline constexpr int kEncodeFirst = -9;  // x > 0.0031308
constexpr double EncodeFactor(int e) {
  constexpr double kFactors[12] = {1.0,
                                   1.3348398541700344,
                                   1.7817974362806786,
                                   2.3784142300054421,
                                   3.1748021039363989,
                                   4.2378523774371811,
                                   5.6568542494923802,
                                   7.550994501453548,
                                   10.079368399158986,
                                   13.454342644059433,
                                   17.959392772949968,
                                   23.972913230026904};
  const int q = (e + 1200) / 12 - 100;
  return kFactors[e - 12 * q] * PowerOfTwo(5 * q);
}

template <int kOut>
constexpr std::array<float, 16> DecodeTable() {
  std::array<float, 16> table = {};
  // Twice the same eight: a table of eight for vectors of eight.
  for (int i = 0; i < 16; ++i) {
    const int e = kDecodeFirst + i % 8;
    const float factor = static_cast<float>(kOut * DecodeFactor(e));
    table[(e + 127) % 8] = factor;
    table[(e + 127) % 8 + 8] = factor;
  }
  return table;
}

template <int kOut>
constexpr std::array<float, 16> EncodeTable() {
  std::array<float, 16> table = {};
  for (int e = kEncodeFirst; e < kEncodeFirst + 16; ++e) {
    table[(e + 127) % 16] = static_cast<float>(1.055 * kOut * EncodeFactor(e));
  }
  return table;
}

template <int kOut>
struct Tables {
  alignas(64) static constexpr std::array<float, 16> kDecode =
      DecodeTable<kOut>();
  alignas(64) static constexpr std::array<float, 16> kEncode =
      EncodeTable<kOut>();
};

// v^(1/kDegree) by Newton's method; 0 < v <= 1.
template <int kDegree>
constexpr double Root(double v) {
  double root = 1;
  for (int i = 0; i < 80; ++i) {
    double power = 1;
    for (int k = 1; k < kDegree; ++k) power *= root;
    root -= (root * power - v) / (kDegree * power);
  }
  return root;
}

constexpr double LightOfCode(double code) {
  const double stored = code / 255.0;
  const double u = (stored + 0.055) / 1.055;
  return stored <= 0.04045 ? stored / 12.92 : u * u * Root<5>(u * u);
}

// Its inverse for any light: below 0 the straight piece goes on.
constexpr double CodeOfLight(double light) {
  if (light <= 0.0031308) return 255 * 12.92 * light;
  double power = light > 1 ? 1 / light : light;
  power = Root<12>(power * power * power * power * power);
  return 255 * (1.055 * (light > 1 ? 1 / power : power) - 0.055);
}

// The light of 8-bit codes.
constexpr std::array<float, 256> CodesTable() {
  std::array<float, 256> table = {};
  for (int code = 0; code < 256; ++code) {
    table[code] = static_cast<float>(LightOfCode(code));
  }
  return table;
}

// A curve as cubics, each for a quarter of an octave: the last three bits of a
// float's exponent and the first two of its mantissa tell which.
struct Cubics {
  static constexpr int kPieces = 32;
  alignas(64) float coefficient[4][kPieces];
};

constexpr std::uint32_t PieceBits(float x) {
  return std::bit_cast<std::uint32_t>(x) >> 21;
}

// The cubic through `count` <= 4 points.
constexpr void SetPiece(std::uint32_t piece, const double* x, const double* y,
                        int count, Cubics& cubics) {
  // Newton's divided differences, multiplied out.
  double difference[4] = {};
  for (int i = 0; i < count; ++i) difference[i] = y[i];
  for (int j = 1; j < count; ++j) {
    for (int i = count - 1; i >= j; --i) {
      difference[i] = (difference[i] - difference[i - 1]) / (x[i] - x[i - j]);
    }
  }
  double power[4] = {};
  for (int i = count - 1; i >= 0; --i) {
    for (int k = 3; k > 0; --k) power[k] = power[k - 1] - x[i] * power[k];
    power[0] = difference[i] - x[i] * power[0];
  }
  for (int k = 0; k < 4; ++k) {
    cubics.coefficient[k][piece] = static_cast<float>(power[k]);
  }
}

constexpr void SetChebyshevNodes(double first, double last, double* x) {
  constexpr double kNodes[4] = {-0.92387953251128674, -0.38268343236508977,
                                0.38268343236508977, 0.92387953251128674};
  for (int i = 0; i < 4; ++i) {
    x[i] = 0.5 * (first + last) + 0.5 * (last - first) * kNodes[i];
  }
}

// Codes -> light. Through all codes of a piece if they are no more than four,
// which they are where the curve has its straight piece; else through
// Chebyshev's nodes. Relative error 5e-7.
constexpr Cubics MakeLightOfCodes() {
  Cubics cubics = {};
  for (std::uint32_t piece = 0; piece < Cubics::kPieces; ++piece) {
    double x[4] = {};
    int count = 0;
    int last = 0;
    for (int code = 0; code < 256; ++code) {
      if (PieceBits(static_cast<float>(code)) % Cubics::kPieces != piece) {
        continue;
      }
      if (count < 4) x[count] = code;
      ++count;
      last = code;
    }
    if (count > 4) {
      SetChebyshevNodes(x[0], last, x);
      count = 4;
    }
    double y[4] = {};
    for (int i = 0; i < count; ++i) y[i] = LightOfCode(x[i]);
    SetPiece(piece, x, y, count, cubics);
  }
  return cubics;
}

// Light + kLightShift -> codes: shifted so that the curve's straight piece ends
// where a cubic does, and 0 … 1 are 31 of them. Error 6e-4 code.
inline constexpr float kStraightEnd = 0x1.4p-7f;
inline constexpr float kLightShift = kStraightEnd - 0.0031308f;
constexpr Cubics MakeCodesOfLight() {
  Cubics cubics = {};
  for (std::uint32_t bits = PieceBits(kLightShift);
       bits <= PieceBits(1 + kLightShift); ++bits) {
    const double first = std::bit_cast<float>(bits << 21);
    const double end = std::bit_cast<float>((bits + 1) << 21);
    double x[4] = {};
    SetChebyshevNodes(first, end, x);
    double y[4] = {};
    for (int i = 0; i < 4; ++i) y[i] = CodeOfLight(x[i] - kLightShift);
    SetPiece(bits % Cubics::kPieces, x, y, 4, cubics);
  }
  return cubics;
}

// table[index & 15]; kEntries: after how many the table repeats.
template <int kEntries, class D, class VI>
HWY_INLINE hn::Vec<D> Lookup(D d, const float* HWY_RESTRICT table, VI index) {
  const hn::RebindToSigned<D> di;
  if constexpr (hn::MaxLanes(d) >= 16) {
    const hn::CappedTag<float, 16> d16;
#if HWY_TARGET <= HWY_AVX3 && !HWY_IS_DEBUG_BUILD
    // The instruction takes four bits of an index, whatever the others.
    const auto within = index;
#else
    const auto within = hn::And(index, hn::Set(di, 15));
#endif
    return hn::TableLookupLanes(hn::Load(d16, table),
                                hn::IndicesFromVec(d, within));
  } else if constexpr (hn::MaxLanes(d) == 8) {
    const auto within = hn::IndicesFromVec(d, hn::And(index, hn::Set(di, 7)));
    const auto low = hn::TableLookupLanes(hn::Load(d, table), within);
    if constexpr (kEntries == 8) return low;
    const auto high = hn::TableLookupLanes(hn::Load(d, table + 8), within);
    const auto upper = hn::And(index, hn::Set(di, 8));
    return hn::IfThenElse(hn::RebindMask(d, hn::Gt(upper, hn::Zero(di))), high,
                          low);
  } else {
    return hn::GatherIndex(d, table, hn::And(index, hn::Set(di, 15)));
  }
}

template <class D, class V>
HWY_INLINE V Mantissa(D d, V x) {
  const hn::RebindToSigned<D> di;
  return hn::BitCast(d, hn::OrAnd(hn::Set(di, 0x3F800000), hn::BitCast(di, x),
                                  hn::Set(di, 0x007FFFFF)));
}

// m^(12/5), relative error 2.5e-7 (kQuick) or 4e-8. In powers of m - 1 little
// is lost to rounding.
template <bool kQuick, class D, class V>
HWY_INLINE V DecodePolynomial(D d, V m) {
  V p;
  if constexpr (kQuick) {
    p = hn::Set(d, 0.00419512327f);
    p = hn::MulAdd(p, m, hn::Set(d, -0.0494221766f));
    p = hn::MulAdd(p, m, hn::Set(d, 0.377663465f));
    p = hn::MulAdd(p, m, hn::Set(d, 0.801974711f));
    p = hn::MulAdd(p, m, hn::Set(d, -0.160251856f));
    return hn::MulAdd(p, m, hn::Set(d, 0.0258409817f));
  }
  const V t = hn::Sub(m, hn::Set(d, 1.0f));
  p = hn::Set(d, -0.00125756052f);
  p = hn::MulAdd(p, t, hn::Set(d, 0.00768102667f));
  p = hn::MulAdd(p, t, hn::Set(d, -0.0320006471f));
  p = hn::MulAdd(p, t, hn::Set(d, 0.223551627f));
  p = hn::MulAdd(p, t, hn::Set(d, 1.68005999f));
  p = hn::MulAdd(p, t, hn::Set(d, 2.39999707f));
  return hn::MulAdd(p, t, hn::Set(d, 1.0f));
}

// m^(5/12), relative error 1.6e-7 (kQuick) or 4e-8.
template <bool kQuick, class D, class V>
HWY_INLINE V EncodePolynomial(D d, V m) {
  V p;
  if constexpr (kQuick) {
    p = hn::Set(d, -0.00285470621f);
    p = hn::MulAdd(p, m, hn::Set(d, 0.0309279801f));
    p = hn::MulAdd(p, m, hn::Set(d, -0.145197741f));
    p = hn::MulAdd(p, m, hn::Set(d, 0.390423579f));
    p = hn::MulAdd(p, m, hn::Set(d, -0.687737277f));
    p = hn::MulAdd(p, m, hn::Set(d, 1.06413147f));
    return hn::MulAdd(p, m, hn::Set(d, 0.350306861f));
  }
  const V t = hn::Sub(m, hn::Set(d, 1.0f));
  p = hn::Set(d, 0.00156488744f);
  p = hn::MulAdd(p, t, hn::Set(d, -0.00822062021f));
  p = hn::MulAdd(p, t, hn::Set(d, 0.0209989163f));
  p = hn::MulAdd(p, t, hn::Set(d, -0.0381422724f));
  p = hn::MulAdd(p, t, hn::Set(d, 0.063424673f));
  p = hn::MulAdd(p, t, hn::Set(d, -0.121449054f));
  p = hn::MulAdd(p, t, hn::Set(d, 0.416663332f));
  return hn::MulAdd(p, t, hn::Set(d, 1.0f));
}

// kOut u^(12/5) for any u >= 0.0909, in the bits of the quick way where that
// one holds: the exponent is split into 5 q + r, the table serves r.
template <int kOut, bool kQuick, class D, class V = hn::Vec<D>>
HWY_NOINLINE V DecodePowerAny(D d, V u) {
  const hn::RebindToSigned<D> di;
  const auto biased = hn::ShiftRight<23>(hn::BitCast(di, u));
  const auto e =
      hn::Max(hn::Sub(biased, hn::Set(di, 127 + kDecodeFirst)), hn::Zero(di));
  const auto q = hn::ShiftRight<10>(hn::Mul(e, hn::Set(di, 205)));
  const auto r = hn::Sub(e, hn::Mul(q, hn::Set(di, 5)));
  const auto index =
      hn::And(hn::Add(r, hn::Set(di, 127 + kDecodeFirst)), hn::Set(di, 7));
  const V power = hn::Mul(DecodePolynomial<kQuick>(d, Mantissa(d, u)),
                          Lookup<8>(d, Tables<kOut>::kDecode.data(), index));
  // 2^(12 q) in two steps: the product overflows where the value does.
  const auto half_exponent =
      hn::Mul(hn::Min(q, hn::Set(di, 20)), hn::Set(di, 6));
  const V scale = hn::BitCast(
      d, hn::ShiftLeft<23>(hn::Add(half_exponent, hn::Set(di, 127))));
  const V value = hn::Mul(hn::Mul(power, scale), scale);
  return hn::IfThenElse(hn::Eq(u, u), value, u);
}

// 1.055 kOut x^(5/12) - 0.055 kOut for any x > 0.0031308, likewise with
// 12 q + r.
template <int kOut, bool kQuick, class D, class V = hn::Vec<D>>
HWY_NOINLINE V EncodePowerAny(D d, V x) {
  const hn::RebindToSigned<D> di;
  const auto biased = hn::ShiftRight<23>(hn::BitCast(di, x));
  const auto e =
      hn::Max(hn::Sub(biased, hn::Set(di, 127 + kEncodeFirst)), hn::Zero(di));
  const auto q = hn::ShiftRight<11>(hn::Mul(e, hn::Set(di, 171)));
  const auto r = hn::Sub(e, hn::Mul(q, hn::Set(di, 12)));
  const auto index =
      hn::And(hn::Add(r, hn::Set(di, 127 + kEncodeFirst)), hn::Set(di, 15));
  const V scale = hn::BitCast(
      d,
      hn::ShiftLeft<23>(hn::Add(hn::Mul(q, hn::Set(di, 5)), hn::Set(di, 127))));
  const V factor =
      hn::Mul(Lookup<16>(d, Tables<kOut>::kEncode.data(), index), scale);
  const V value =
      hn::MulAdd(EncodePolynomial<kQuick>(d, Mantissa(d, x)), factor,
                 hn::Set(d, static_cast<float>(-0.055 * kOut)));
  const V infinity = hn::BitCast(d, hn::Set(di, 0x7F800000));
  return hn::IfThenElse(hn::Lt(x, infinity), value, x);
}

alignas(64) inline constexpr std::array<float, 256> kLightOfCodes =
    CodesTable();

#if HWY_TARGET <= HWY_AVX3
inline constexpr Cubics kLightCubics = MakeLightOfCodes();
inline constexpr Cubics kCodeCubics = MakeCodesOfLight();

// Highway 1.0.3 has no name for a table of two vectors.
template <class V>
HWY_INLINE V Evaluate(const Cubics& cubics, V x) {
  const hn::DFromV<V> d;
  const hn::RebindToSigned<decltype(d)> di;
  const auto piece = hn::ShiftRight<21>(hn::BitCast(di, x));
  const auto coefficients = [&](int k) HWY_ATTR {
    const float* table = cubics.coefficient[k];
    return V{_mm512_permutex2var_ps(hn::Load(d, table).raw, piece.raw,
                                    hn::Load(d, table + 16).raw)};
  };
  V value = coefficients(3);
  value = hn::MulAdd(value, x, coefficients(2));
  value = hn::MulAdd(value, x, coefficients(1));
  return hn::MulAdd(value, x, coefficients(0));
}

// The light of sRGB codes 0 … 255: half the arithmetic of SrgbToLinear.
template <class V>
HWY_INLINE V LightOfCodes(V codes) {
  return Evaluate(kLightCubics, codes);
}
// 8-bit sRGB codes, not yet rounded, of light 0 … 1: a third less than
// LinearToSrgb.
template <class V>
HWY_INLINE V CodesOfLight(V light) {
  const hn::DFromV<V> d;
  return Evaluate(kCodeCubics, hn::Add(light, hn::Set(d, kLightShift)));
}
#endif

}  // namespace srgb

// Light of sRGB values. kIn: the value that stands for 1; kOut: what 1 becomes.
template <int kIn, int kOut, CurveRange kRange, class D, class V = hn::Vec<D>>
HWY_INLINE V SrgbToLinear(D d, V stored) {
  const hn::RebindToSigned<D> di;
  // The error of 8-bit codes is a thousand times that of the polynomial.
  constexpr bool kQuick = kIn == 255 || kOut == 255;
  const V u =
      hn::MulAdd(stored, hn::Set(d, static_cast<float>(1 / (1.055 * kIn))),
                 hn::Set(d, static_cast<float>(0.055 / 1.055)));
  const auto straight =
      hn::Le(stored, hn::Set(d, static_cast<float>(0.04045 * kIn)));
  const V line =
      hn::Mul(stored, hn::Set(d, static_cast<float>(kOut / (12.92 * kIn))));
  if constexpr (kRange == CurveRange::kAny) {
    if (HWY_UNLIKELY(!hn::AllTrue(d, hn::Lt(u, hn::Set(d, 16.0f))))) {
      return hn::IfThenElse(straight, line,
                            srgb::DecodePowerAny<kOut, kQuick>(d, u));
    }
  }
  const auto index = hn::ShiftRight<23>(hn::BitCast(di, u));
  const V power =
      hn::Mul(srgb::DecodePolynomial<kQuick>(d, srgb::Mantissa(d, u)),
              srgb::Lookup<8>(d, srgb::Tables<kOut>::kDecode.data(), index));
  return hn::IfThenElse(straight, line, power);
}

// sRGB values of light.
template <int kIn, int kOut, CurveRange kRange, class D, class V = hn::Vec<D>>
HWY_INLINE V LinearToSrgb(D d, V light) {
  const hn::RebindToSigned<D> di;
  constexpr bool kQuick = kIn == 255 || kOut == 255;
  V x = light;
  if constexpr (kIn != 1) {
    x = hn::Mul(light, hn::Set(d, static_cast<float>(1.0 / kIn)));
  }
  const auto straight = hn::Le(x, hn::Set(d, 0.0031308f));
  const V line = hn::Mul(x, hn::Set(d, static_cast<float>(12.92 * kOut)));
  if constexpr (kRange == CurveRange::kAny) {
    if (HWY_UNLIKELY(!hn::AllTrue(d, hn::Lt(x, hn::Set(d, 128.0f))))) {
      return hn::IfThenElse(straight, line,
                            srgb::EncodePowerAny<kOut, kQuick>(d, x));
    }
  }
  const auto index = hn::ShiftRight<23>(hn::BitCast(di, x));
  const V power =
      hn::MulAdd(srgb::EncodePolynomial<kQuick>(d, srgb::Mantissa(d, x)),
                 srgb::Lookup<16>(d, srgb::Tables<kOut>::kEncode.data(), index),
                 hn::Set(d, static_cast<float>(-0.055 * kOut)));
  return hn::IfThenElse(straight, line, power);
}

}  // namespace HWY_NAMESPACE
}  // namespace gk
HWY_AFTER_NAMESPACE();

#endif  // GK_CORE_SRGB_CURVE_INL_H_
