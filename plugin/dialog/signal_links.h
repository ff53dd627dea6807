// Signal handlers that end with their owner, whatever becomes of the widgets.

#ifndef GK_PLUGIN_DIALOG_SIGNAL_LINKS_H_
#define GK_PLUGIN_DIALOG_SIGNAL_LINKS_H_

#include <glib-object.h>

#include <vector>

namespace gk {

class SignalLinks {
 public:
  SignalLinks() = default;
  ~SignalLinks();
  SignalLinks(const SignalLinks&) = delete;
  SignalLinks& operator=(const SignalLinks&) = delete;

  // `handler` takes the signal's arguments, then `self`.
  void connect(gpointer object, const char* signal, GCallback handler,
               gpointer self);
  void add(gpointer object, gulong id);

 private:
  struct Link {
    GObject* object;
    gulong id;
  };
  std::vector<Link> links_;
};

}  // namespace gk

#endif  // GK_PLUGIN_DIALOG_SIGNAL_LINKS_H_
