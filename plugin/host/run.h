// A procedure from its call to its outcome, the same in every GIMP.

#ifndef GK_PLUGIN_HOST_RUN_H_
#define GK_PLUGIN_HOST_RUN_H_

#include <string>

#include "plugin/host/host.h"

namespace gk::host {

enum class RunMode { kInteractive, kLastValues, kNonInteractive };

// Judges the target and the settings, asks the user if interactive, does the
// work, remembers what a user chose. `given` counts only for kNonInteractive.
// Never throws.
Outcome run(Host& host, RunMode mode, const DialogState& given) noexcept;

// Puts the values that the three words name into `settings`. What is wrong, in
// the user's language; empty if nothing is. nullptr is an unknown word.
std::string read_words(const char* border, const char* light,
                       const char* method, Settings& settings);

// What to tell a user whose GIMP does not find the operation: where it looked
// and how to install it.
std::string operation_missing();

}  // namespace gk::host

#endif  // GK_PLUGIN_HOST_RUN_H_
