/* Blurs a picture with the exact 21 x 21 Gaussian kernel of sigma 4.5:
 *   example photo.png blurred.png
 */
#include <gegl.h>
#include <stdio.h>

int main(int argc, char** argv) {
  GeglNode *graph, *load, *blur, *save;

  gegl_init(&argc, &argv);
  if (argc != 3) {
    fprintf(stderr, "usage: %s INPUT OUTPUT\n", argv[0]);
    return 1;
  }
  graph = gegl_node_new();
  load = gegl_node_new_child(graph, "operation", "gegl:load", "path", argv[1],
                             NULL);
  blur = gegl_node_new_child(graph, "operation", "gaussian-kernel:blur", "size",
                             21, "sigma", 4.5, NULL);
  save = gegl_node_new_child(graph, "operation", "gegl:save", "path", argv[2],
                             NULL);
  gegl_node_link_many(load, blur, save, NULL);
  gegl_node_process(save);
  g_object_unref(graph);
  gegl_exit();
  return 0;
}
