// Registers the operations' types with the module that holds them.

#ifndef GK_PLUGIN_GEGL_OPERATION_TYPES_H_
#define GK_PLUGIN_GEGL_OPERATION_TYPES_H_

#include <glib-object.h>

namespace gk {

GType register_blur(GTypeModule* module);
GType register_matrix(GTypeModule* module);

}  // namespace gk

#endif  // GK_PLUGIN_GEGL_OPERATION_TYPES_H_
