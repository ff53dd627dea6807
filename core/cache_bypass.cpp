#include "cache_bypass.h"

namespace gk {
namespace {

std::optional<bool> forced;

// AMD's CPUs with AVX-512 (Zen 4 and later). On Zen 5 a vector that fills a
// line is stored without a read, and several rows of results are quicker
// through the caches.
bool is_zen_with_avx512() {
#if defined(__x86_64__) || defined(__i386__)
  return __builtin_cpu_is("amd") && __builtin_cpu_supports("avx512f");
#else
  return false;
#endif
}

}  // namespace

bool stores_pass_cache() {
  static const bool gains = !is_zen_with_avx512();
  return forced.value_or(gains);
}

void force_stores_past_cache(std::optional<bool> pass) { forced = pass; }

}  // namespace gk
