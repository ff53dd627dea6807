// What GEGL calls when it loads gaussian-kernel.so.

#include <dlfcn.h>
#include <gegl-plugin.h>
#include <libintl.h>

#include <string>
#include <string_view>

#include "core/simd_target.h"
#include "plugin/gegl/operation_types.h"
#include "plugin/parameters.h"
#include "plugin/translation.h"

extern "C" {
G_MODULE_EXPORT const GeglModuleInfo* gegl_module_query(GTypeModule* module);
G_MODULE_EXPORT gboolean gegl_module_register(GTypeModule* module);
}

namespace gk {
namespace {

// The catalogues beside this module if there are any, else the installed ones.
std::string locale_folder() {
  Dl_info module{};
  const auto* inside = reinterpret_cast<const void*>(&gegl_module_register);
  if (dladdr(inside, &module) != 0 && module.dli_fname != nullptr) {
    char* folder = g_path_get_dirname(module.dli_fname);
    char* beside = g_build_filename(folder, "locale", nullptr);
    const bool found = g_file_test(beside, G_FILE_TEST_IS_DIR);
    const std::string result = beside;
    g_free(beside);
    g_free(folder);
    if (found) return result;
  }
  return GK_LOCALE_FOLDER;
}

void bind_catalogue() {
  // A program that has bound the domain itself (the plug-in) knows better.
  const char* bound = bindtextdomain(parameters::kTextDomain, nullptr);
  const char* unbound = bindtextdomain("gaussian-kernel-unbound", nullptr);
  if (g_strcmp0(bound, unbound) == 0) {
    bindtextdomain(parameters::kTextDomain, locale_folder().c_str());
  }
  bind_textdomain_codeset(parameters::kTextDomain, "UTF-8");
}

void choose_simd_target() {
  const char* wanted = g_getenv(kSimdTargetVariable);
  if (wanted == nullptr || *wanted == '\0' || force_simd_target(wanted)) return;
  std::string valid;
  for (const std::string_view target : simd_targets()) {
    if (!valid.empty()) valid += ", ";
    valid += target;
  }
  g_warning(_("%s is \"%s\"; this machine has: %s. The first one is used."),
            kSimdTargetVariable, wanted, valid.c_str());
}

}  // namespace
}  // namespace gk

extern "C" {

const GeglModuleInfo* gegl_module_query(GTypeModule*) {
  static const GeglModuleInfo info{GEGL_MODULE_ABI_VERSION};
  return &info;
}

gboolean gegl_module_register(GTypeModule* module) {
  // Names and descriptions are translated as the types register.
  gk::bind_catalogue();
  // GEGL loads each module twice: once to look, once to use it.
  static const bool chosen = (gk::choose_simd_target(), true);
  static_cast<void>(chosen);
  gk::register_blur(module);
  gk::register_matrix(module);
  return TRUE;
}

}  // extern "C"
