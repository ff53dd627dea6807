// The arguments of the procedures in GIMP 3, and a DialogState as the
// GimpProcedureConfig that GIMP keeps between calls.

#ifndef GK_PLUGIN_HOST_GIMP_3_CONFIG_H_
#define GK_PLUGIN_HOST_GIMP_3_CONFIG_H_

#include <libgimp/gimp.h>

#include <string>

#include "plugin/dialog/dialog.h"

namespace gk::host {

// Both also add what only the dialog remembers.
void add_blur_arguments(GimpProcedure* procedure);
void add_plot_arguments(GimpProcedure* procedure);

// What `config` holds. `wrong` says, in the user's language, which word in it
// is unknown, and is empty if none is; the standard then stands in for it.
DialogState read_config(GimpProcedureConfig* config, std::string& wrong);

void write_config(const DialogState& state, GimpProcedureConfig* config);

}  // namespace gk::host

#endif  // GK_PLUGIN_HOST_GIMP_3_CONFIG_H_
