// Lets a plug-in's heap live in huge pages.

#ifndef GK_PLUGIN_HOST_HEAP_PAGES_H_
#define GK_PLUGIN_HOST_HEAP_PAGES_H_

namespace gk::host {

// For a process that soon fills much memory and then ends: babl and a picture's
// tiles take 100 000 ordinary pages, and each costs a fault. To be called once,
// before gegl_init(). Does nothing where the C library or the system offers no
// such pages.
void use_huge_pages();

}  // namespace gk::host

#endif  // GK_PLUGIN_HOST_HEAP_PAGES_H_
