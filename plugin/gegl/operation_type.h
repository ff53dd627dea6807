// A GEGL operation's GObject type around a C++ state: its life, its properties,
// its registration.

#ifndef GK_PLUGIN_GEGL_OPERATION_TYPE_H_
#define GK_PLUGIN_GEGL_OPERATION_TYPE_H_

#include <gegl-plugin.h>

#include <mutex>

#include "plugin/gegl/properties.h"

namespace gk {

// `State` has a `mutex` for everything in it, the `settings` that the kernel's
// properties change, and for the operation's own ones
//
//   bool set_property(guint id, const GValue* value);
//   bool get_property(guint id, GValue* value) const;
//
// which are called under the lock and are false for an id that is not theirs.
template <typename Parent, typename ParentClass, typename State>
class OperationType {
 public:
  // `initialize_class` is called once, after the functions of the object itself
  // are in place.
  static GType register_with(GTypeModule* module, GType parent,
                             const char* name,
                             void (*initialize_class)(gpointer klass)) {
    initialize_operation_class = initialize_class;
    static const GTypeInfo info{
        sizeof(Class), nullptr, nullptr,          initialize_object_class,
        nullptr,       nullptr, sizeof(Instance), 0,
        initialize,    nullptr};
    return g_type_module_register_type(module, parent, name, &info,
                                       static_cast<GTypeFlags>(0));
  }

  static State& state_of(gpointer operation) {
    return *static_cast<Instance*>(operation)->state;
  }

 private:
  struct Instance {
    Parent parent;
    State* state;
  };
  struct Class {
    ParentClass parent;
  };

  static void initialize_object_class(gpointer klass, gpointer) {
    parent_class = g_type_class_peek_parent(klass);
    auto* object_class = G_OBJECT_CLASS(klass);
    object_class->finalize = finalize;
    object_class->set_property = set_property;
    object_class->get_property = get_property;
    install_kernel_properties(object_class);
    initialize_operation_class(klass);
  }

  static void initialize(GTypeInstance* instance, gpointer) {
    reinterpret_cast<Instance*>(instance)->state = new State;
  }

  static void finalize(GObject* object) {
    delete &state_of(object);
    G_OBJECT_CLASS(parent_class)->finalize(object);
  }

  static void set_property(GObject* object, guint id, const GValue* value,
                           GParamSpec* spec) {
    State& state = state_of(object);
    const std::lock_guard lock(state.mutex);
    if (!set_kernel_property(state.settings, id, value) &&
        !state.set_property(id, value)) {
      G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, spec);
    }
  }

  static void get_property(GObject* object, guint id, GValue* value,
                           GParamSpec* spec) {
    State& state = state_of(object);
    const std::lock_guard lock(state.mutex);
    if (!get_kernel_property(state.settings, id, value) &&
        !state.get_property(id, value)) {
      G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, spec);
    }
  }

  static inline gpointer parent_class;
  static inline void (*initialize_operation_class)(gpointer klass);
};

}  // namespace gk

#endif  // GK_PLUGIN_GEGL_OPERATION_TYPE_H_
