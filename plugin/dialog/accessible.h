// Names and descriptions for screen readers.

#ifndef GK_PLUGIN_DIALOG_ACCESSIBLE_H_
#define GK_PLUGIN_DIALOG_ACCESSIBLE_H_

#include <gtk/gtk.h>

namespace gk {

inline void describe(GtkWidget* widget, const char* name,
                     const char* description) {
  AtkObject* accessible = gtk_widget_get_accessible(widget);
  atk_object_set_name(accessible, name);
  atk_object_set_description(accessible, description);
}

}  // namespace gk

#endif  // GK_PLUGIN_DIALOG_ACCESSIBLE_H_
