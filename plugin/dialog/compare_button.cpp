#include "plugin/dialog/compare_button.h"

#include <gdk/gdkkeysyms.h>

#include <utility>

#include "plugin/dialog/accessible.h"
#include "plugin/translation.h"

namespace gk {
namespace {

bool presses_buttons(guint key) {
  return key == GDK_KEY_space || key == GDK_KEY_KP_Space ||
         key == GDK_KEY_Return || key == GDK_KEY_KP_Enter ||
         key == GDK_KEY_ISO_Enter;
}

}  // namespace

CompareButton::CompareButton(std::function<void(bool)> held)
    : held_(std::move(held)),
      button_(gtk_button_new_with_mnemonic(_("Comp_are"))) {
  const char* tooltip = _("Shows the picture as it was, while held down");
  gtk_widget_set_tooltip_text(button_, tooltip);
  describe(button_, _("Compare"), tooltip);

  const auto down =
      +[](GtkWidget*, CompareButton* self) { self->set_down(true); };
  const auto up =
      +[](GtkWidget*, CompareButton* self) { self->set_down(false); };
  const auto lost = +[](GtkWidget*, GdkEvent*, CompareButton* self) {
    self->set_down(false);
    return gboolean{FALSE};
  };
  links_.connect(button_, "pressed", G_CALLBACK(down), this);
  links_.connect(button_, "released", G_CALLBACK(up), this);
  links_.connect(button_, "unmap", G_CALLBACK(up), this);
  links_.connect(button_, "destroy", G_CALLBACK(up), this);
  links_.connect(button_, "focus-out-event", G_CALLBACK(lost), this);
  // GTK's own keyboard activation ends by itself; this one lasts.
  links_.connect(
      button_, "key-press-event",
      G_CALLBACK(+[](GtkWidget*, GdkEventKey* event, CompareButton* self) {
        if (!presses_buttons(event->keyval)) return gboolean{FALSE};
        self->set_down(true);
        return gboolean{TRUE};
      }),
      this);
  links_.connect(button_, "key-release-event", G_CALLBACK(lost), this);
  // After its mnemonic the button has the focus, so the key's release comes
  // here.
  links_.connect(
      button_, "mnemonic-activate",
      G_CALLBACK(+[](GtkWidget* button, gboolean cycling, CompareButton* self) {
        gtk_widget_grab_focus(button);
        if (!cycling) self->set_down(true);
        return gboolean{TRUE};
      }),
      this);
}

void CompareButton::set_down(bool down) {
  if (down == down_) return;
  down_ = down;
  held_(down);
}

}  // namespace gk
