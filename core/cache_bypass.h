// Whether large results are stored past the caches, and how to force either for
// tests.

#ifndef GK_CORE_CACHE_BYPASS_H_
#define GK_CORE_CACHE_BYPASS_H_

#include <optional>

namespace gk {

// As forced, or else whether this CPU gains from it: most read a line of memory
// into the cache before a store changes it, even if all of it is overwritten.
bool stores_pass_cache();

// Makes every loop of this process do so, or not, or what this CPU gains from
// if `pass` is empty. Not while another thread convolves.
void force_stores_past_cache(std::optional<bool> pass);

}  // namespace gk

#endif  // GK_CORE_CACHE_BYPASS_H_
