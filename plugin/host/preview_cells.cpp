#include "plugin/host/preview_cells.h"

#include <algorithm>

namespace gk::host {
namespace {

// Something is seen at once.
constexpr int kFirstCell = 4 * kPreviewTile;
constexpr int kSmallestCell = 8 * kPreviewTile;
constexpr int kLargestCell = 32 * kPreviewTile;

// The tile's edge at or before `position`, which may be negative.
int tile_edge(int position) {
  const int past = position % kPreviewTile;
  return position - past - (past < 0 ? kPreviewTile : 0);
}

// Cells along one axis start at tiles' edges: a tile that is written in parts
// goes to and fro for each of them.
struct Axis {
  int start;
  int step;
};

Axis divide(int start, int length, int kernel) {
  // Each cell reads half a kernel more on either side, which must not outweigh
  // the cell itself.
  const int longest = std::clamp(2 * kernel, kSmallestCell, kLargestCell);
  const int edge = tile_edge(start);
  const int whole = start + length - edge;
  const int count = (whole + longest - 1) / longest;
  const int share = (whole + count - 1) / count;
  return {edge, (share + kPreviewTile - 1) / kPreviewTile * kPreviewTile};
}

}  // namespace

std::vector<GeglRectangle> preview_cells(const GeglRectangle& area,
                                         Size kernel) {
  if (gegl_rectangle_is_empty(&area)) return {};
  const int centre_x = area.x + area.width / 2;
  const int centre_y = area.y + area.height / 2;
  std::vector<GeglRectangle> cells;
  const auto add = [&](int x, int y, int width, int height) {
    GeglRectangle cell = {x, y, width, height};
    if (gegl_rectangle_intersect(&cell, &cell, &area)) cells.push_back(cell);
  };
  add(tile_edge(centre_x + kPreviewTile / 2) - kFirstCell / 2,
      tile_edge(centre_y + kPreviewTile / 2) - kFirstCell / 2, kFirstCell,
      kFirstCell);
  if (gegl_rectangle_equal(&cells.front(), &area)) return cells;

  const Axis columns = divide(area.x, area.width, kernel.width);
  const Axis rows = divide(area.y, area.height, kernel.height);
  for (int y = rows.start; y < area.y + area.height; y += rows.step) {
    for (int x = columns.start; x < area.x + area.width; x += columns.step) {
      add(x, y, columns.step, rows.step);
    }
  }
  const auto distance = [&](const GeglRectangle& cell) {
    const double dx = cell.x + cell.width / 2.0 - centre_x;
    const double dy = cell.y + cell.height / 2.0 - centre_y;
    return dx * dx + dy * dy;
  };
  std::stable_sort(
      cells.begin() + 1, cells.end(),
      [&](const auto& a, const auto& b) { return distance(a) < distance(b); });
  return cells;
}

}  // namespace gk::host
