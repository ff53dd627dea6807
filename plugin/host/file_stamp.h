// Tells whether a file has been written anew.

#ifndef GK_PLUGIN_HOST_FILE_STAMP_H_
#define GK_PLUGIN_HOST_FILE_STAMP_H_

#include <gio/gio.h>

#include <string>

namespace gk::host {

// Differs between files and, on this machine, after each time that `file` was
// written. Empty for nullptr.
std::string file_stamp(GFile* file);

}  // namespace gk::host

#endif  // GK_PLUGIN_HOST_FILE_STAMP_H_
