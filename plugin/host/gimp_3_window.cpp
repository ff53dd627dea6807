#include "plugin/host/gimp_3_window.h"

#include <string>
#include <utility>

#include "plugin/host/gimp_3_config.h"
#include "plugin/translation.h"

namespace gk::host {
namespace {

void show_help(const gchar* /*help_id*/, gpointer window) {
  char* folder = g_path_get_dirname(gimp_get_progname());
  char* path = g_build_filename(folder, "help.html", nullptr);
  char* address = g_filename_to_uri(path, nullptr, nullptr);
  GError* error = nullptr;
  if (!address || !gtk_show_uri_on_window(GTK_WINDOW(window), address,
                                          GDK_CURRENT_TIME, &error)) {
    g_message(_("The help page %s could not be opened: %s"), path,
              error ? error->message : "");
  }
  g_clear_error(&error);
  g_free(address);
  g_free(path);
  g_free(folder);
}

void indent(GtkWidget* row, gpointer /*data*/) {
  if (!GTK_IS_BUTTON_BOX(row)) return;
  constexpr gint kBorder = 12;
  gtk_widget_set_margin_start(row, kBorder);
  gtk_widget_set_margin_end(row, kBorder);
}

}  // namespace

bool Window::run(Dialog& dialog, const char* title) {
  window_ = GTK_WIDGET(g_object_new(GIMP_TYPE_PROCEDURE_DIALOG, "procedure",
                                    procedure_, "config", config_, "title",
                                    title, "help-func", show_help, nullptr));
  GtkWidget* content = gtk_dialog_get_content_area(GTK_DIALOG(window_));
  // The Dialog brings its own border; GIMP's row of buttons does not.
  gtk_container_set_border_width(GTK_CONTAINER(content), 0);
  gtk_container_foreach(GTK_CONTAINER(content), indent, nullptr);
  gtk_box_pack_start(GTK_BOX(content), dialog.widget(), TRUE, TRUE, 0);
  gtk_widget_show(dialog.widget());

  dialog_ = &dialog;
  const gulong handler =
      g_signal_connect(config_, "notify", G_CALLBACK(config_changed), this);
  const bool accepted =
      !is_closed_ && gimp_procedure_dialog_run(GIMP_PROCEDURE_DIALOG(window_));
  g_signal_handler_disconnect(config_, handler);
  if (showing_) g_source_remove(std::exchange(showing_, 0));
  dialog_ = nullptr;
  gtk_widget_destroy(std::exchange(window_, nullptr));
  // The window goes before the work begins.
  gdk_display_flush(gdk_display_get_default());
  return accepted;
}

void Window::close() {
  is_closed_ = true;
  if (window_) gtk_dialog_response(GTK_DIALOG(window_), GTK_RESPONSE_CANCEL);
}

void Window::adopt(const DialogState& state) {
  is_adopting_ = true;
  write_config(state, config_);
  is_adopting_ = false;
}

void Window::config_changed(GObject*, GParamSpec*, gpointer self) {
  auto& window = *static_cast<Window*>(self);
  if (window.is_adopting_ || window.showing_) return;
  window.showing_ =
      g_idle_add_full(G_PRIORITY_HIGH_IDLE, show_config, self, nullptr);
}

gboolean Window::show_config(gpointer self) {
  auto& window = *static_cast<Window*>(self);
  window.showing_ = 0;
  std::string wrong;
  if (window.dialog_) {
    window.dialog_->set_state(read_config(window.config_, wrong));
  }
  return G_SOURCE_REMOVE;
}

}  // namespace gk::host
