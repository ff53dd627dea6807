#include "plugin/dialog/signal_links.h"

namespace gk {

SignalLinks::~SignalLinks() {
  for (const Link& link : links_) {
    if (g_signal_handler_is_connected(link.object, link.id)) {
      g_signal_handler_disconnect(link.object, link.id);
    }
    g_object_unref(link.object);
  }
}

void SignalLinks::connect(gpointer object, const char* signal,
                          GCallback handler, gpointer self) {
  add(object, g_signal_connect(object, signal, handler, self));
}

void SignalLinks::add(gpointer object, gulong id) {
  links_.push_back({G_OBJECT(g_object_ref(object)), id});
}

}  // namespace gk
