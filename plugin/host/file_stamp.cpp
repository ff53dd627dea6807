#include "plugin/host/file_stamp.h"

namespace gk::host {

std::string file_stamp(GFile* file) {
  if (!file) return {};
  char* address = g_file_get_uri(file);
  std::string stamp = address;
  g_free(address);
  // The plug-in asks no server.
  if (!g_file_is_native(file)) return stamp;
  GFileInfo* info = g_file_query_info(file, G_FILE_ATTRIBUTE_ETAG_VALUE,
                                      G_FILE_QUERY_INFO_NONE, nullptr, nullptr);
  if (!info) return stamp;
  const char* version = g_file_info_get_etag(info);
  if (version) stamp += std::string(" ") + version;
  g_object_unref(info);
  return stamp;
}

}  // namespace gk::host
