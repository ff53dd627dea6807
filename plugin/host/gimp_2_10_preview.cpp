#include "plugin/host/gimp_2_10_preview.h"

#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <optional>
#include <stdexcept>
#include <utility>
#include <vector>

#include "plugin/host/file_stamp.h"
#include "plugin/host/gimp_2_10_drawable.h"
#include "plugin/host/preview_cells.h"
#include "plugin/translation.h"

namespace gk::host {
namespace {

// An image that needs no saving, and the file that says so. Once that file is
// written while a preview is shown, it holds the preview.
class SavedImage {
 public:
  explicit SavedImage(gint32 image)
      : is_saved_(!gimp_image_is_dirty(image)),
        stamp_(is_saved_ ? stamp_of(image) : std::string()) {}

  bool is_still(gint32 image) const {
    return is_saved_ && !gimp_image_is_dirty(image) &&
           stamp_of(image) == stamp_;
  }

 private:
  static std::string stamp_of(gint32 image) {
    char* address = gimp_image_get_uri(image);
    if (!address) return {};
    const Reference<GFile> file(g_file_new_for_uri(address));
    g_free(address);
    return file_stamp(file.get());
  }

  bool is_saved_;
  std::string stamp_;
};

// Changes the structure of an image without a trace in its undo history, and
// without a dirty mark while it is `saved` still. GIMP leaves the history of an
// image frozen for ever if a plug-in dies inside, so keep it short.
class QuietChange {
 public:
  QuietChange(gint32 image, const SavedImage& saved)
      : image_(image), stays_clean_(saved.is_still(image)) {
    gimp_image_undo_freeze(image_);
  }
  ~QuietChange() {
    gimp_image_undo_thaw(image_);
    if (stays_clean_) gimp_image_clean_all(image_);
  }
  QuietChange(const QuietChange&) = delete;
  QuietChange& operator=(const QuietChange&) = delete;

 private:
  gint32 image_;
  bool stays_clean_;
};

// How a drawable keeps its pixels: GIMP ends a plug-in that asks for tiles of
// another shape.
struct Shape {
  explicit Shape(gint32 drawable)
      : type(gimp_drawable_type(drawable)),
        precision(gimp_image_get_precision(gimp_item_get_image(drawable))),
        width(gimp_drawable_width(drawable)),
        height(gimp_drawable_height(drawable)) {}
  bool operator==(const Shape&) const = default;

  GimpImageType type;
  GimpPrecision precision;
  int width, height;
};

// What a preview layer carries, so that a later run knows it for what it is.
struct Mark {
  static constexpr char kName[] = "gaussian-kernel-preview";

  long process = 0;
  unsigned long long started = 0;  // tells processes with the same id apart
  int tattoo = 0;                  // of the layer that the preview hides
  int was_visible = 0;
  int own_tattoo = 0;  // of the preview layer: a copy of it has another
};

// When `process` was started, in the kernel's own units; 0 if there is none.
unsigned long long start_of(long process) {
  const std::string path = "/proc/" + std::to_string(process) + "/stat";
  char* text = nullptr;
  if (!g_file_get_contents(path.c_str(), &text, nullptr, nullptr)) return 0;
  // The name, in brackets, may itself hold spaces and brackets.
  const char* field = std::strrchr(text, ')');
  constexpr int kFieldsFromNameToStart = 20;
  for (int i = 0; field && i < kFieldsFromNameToStart; ++i) {
    field = std::strchr(field + 1, ' ');
  }
  const unsigned long long start =
      field ? std::strtoull(field, nullptr, 10) : 0;
  g_free(text);
  return start;
}

bool is_alive(const Mark& mark) {
  if (kill(static_cast<pid_t>(mark.process), 0) != 0 && errno == ESRCH) {
    return false;
  }
  const unsigned long long started = start_of(mark.process);
  return started == 0 || mark.started == 0 || started == mark.started;
}

void attach(gint32 layer, const Mark& mark) {
  const std::string text =
      format_text("%ld %llu %d %d %d", mark.process, mark.started, mark.tattoo,
                  mark.was_visible, mark.own_tattoo);
  // Persistent: a picture saved during a preview keeps the mark.
  GimpParasite* parasite =
      gimp_parasite_new(Mark::kName, GIMP_PARASITE_PERSISTENT,
                        static_cast<guint32>(text.size() + 1), text.c_str());
  gimp_item_attach_parasite(layer, parasite);
  gimp_parasite_free(parasite);
}

std::optional<Mark> mark_of(gint32 layer) {
  GimpParasite* parasite = gimp_item_get_parasite(layer, Mark::kName);
  if (!parasite) return std::nullopt;
  const std::string text(
      static_cast<const char*>(gimp_parasite_data(parasite)),
      static_cast<std::size_t>(gimp_parasite_data_size(parasite)));
  gimp_parasite_free(parasite);
  Mark mark;
  if (std::sscanf(text.c_str(), "%ld %llu %d %d %d", &mark.process,
                  &mark.started, &mark.tattoo, &mark.was_visible,
                  &mark.own_tattoo) != 5 ||
      mark.process <= 0) {
    return std::nullopt;
  }
  return mark;
}

struct MarkedLayer {
  gint32 layer;
  Mark mark;
};

void collect_marked(const gint32* layers, int count,
                    std::vector<MarkedLayer>& found) {
  for (int i = 0; i < count; ++i) {
    if (const auto mark = mark_of(layers[i])) {
      found.push_back({layers[i], *mark});
    }
    if (!gimp_item_is_group(layers[i])) continue;
    int child_count = 0;
    gint32* children = gimp_item_get_children(layers[i], &child_count);
    collect_marked(children, child_count, found);
    g_free(children);
  }
}

std::vector<MarkedLayer> marked_layers(gint32 image) {
  std::vector<MarkedLayer> found;
  int count = 0;
  gint32* layers = gimp_image_get_layers(image, &count);
  collect_marked(layers, count, found);
  g_free(layers);
  return found;
}

// The layer that a preview stands for; -1 if it is gone.
gint32 shown_by(const MarkedLayer& preview, gint32 image) {
  return gimp_image_get_layer_by_tattoo(
      image, static_cast<guint32>(preview.mark.tattoo));
}

// Whether nobody but the dead process put the layer where it is. GIMP copies
// marks to duplicates, and with the tattoo to what a layer is merged into; the
// preview that was merged was lost, so that its layer is in sight again.
bool is_leftover(const MarkedLayer& found, gint32 image) {
  const gint32 layer = shown_by(found, image);
  return layer != -1 &&
         static_cast<int>(gimp_item_get_tattoo(found.layer)) ==
             found.mark.own_tattoo &&
         (!gimp_item_get_visible(layer) || !gimp_item_get_visible(found.layer));
}

// `blurred` over `original`, both straight RGBA, as far as `mask` selects: what
// GIMP will do with the result.
void mix(const std::vector<float>& original, const std::vector<float>& mask,
         bool keep_alpha, std::vector<float>& blurred) {
  for (std::size_t i = 0; i < mask.size(); ++i) {
    const float* from = &original[4 * i];
    float* to = &blurred[4 * i];
    const float alpha = from[3] + (to[3] - from[3]) * mask[i];
    const float share = alpha > 0 ? mask[i] * to[3] / alpha : 0;
    for (int c = 0; c < 3; ++c) to[c] = from[c] + (to[c] - from[c]) * share;
    to[3] = keep_alpha ? from[3] : alpha;
  }
}

class LayerPreview : public Preview {
 public:
  LayerPreview(gint32 drawable,
               std::function<void(const std::string& reason)> lost)
      : image_(gimp_item_get_image(drawable)),
        drawable_(drawable),
        lost_(std::move(lost)) {
    watch_ = g_timeout_add(kWatchInterval, watch, this);
  }

  ~LayerPreview() override {
    stop(drawing_);
    stop(watch_);
    remove();
  }

  void show(const Settings& settings) override try {
    if (!is_whole()) return;
    GeglRectangle area;
    if (!changeable_area(drawable_, area)) area = GeglRectangle{};
    const bool same_area = gegl_rectangle_equal(&area, &area_);
    if (layer_ != -1 && !(same_area && keeps_shape())) remove();
    if (layer_ == -1) {
      area_ = area;
      insert();
    } else if (settings == settings_) {
      reveal(true);
      resume();
      return;
    }
    open_selection();
    settings_ = settings;
    graph_->set(settings);
    cells_ = preview_cells(area_, {horizontal_kernel(settings).size(),
                                   vertical_kernel(settings).size()});
    next_ = 0;
    asked_ = Clock::now();
    reveal(true);
    resume();
  } catch (const std::exception& error) {
    lose(error.what());
  }

  void hide() override {
    if (layer_ == -1 || !is_whole()) return;
    stop(drawing_);
    reveal(false);
  }

 private:
  using Clock = std::chrono::steady_clock;
  static constexpr std::chrono::milliseconds kFlushInterval{80};
  static constexpr guint kWatchInterval = 250;  // ms
  static constexpr int kMixedRows = kPreviewTile;

  static void stop(guint& source) {
    if (source) g_source_remove(source);
    source = 0;
  }

  void resume() {
    if (drawing_ || next_ == cells_.size()) return;
    drawing_ = g_idle_add(draw, this);
  }

  static gboolean draw(gpointer self) {
    auto& preview = *static_cast<LayerPreview*>(self);
    try {
      if (preview.is_current() && preview.draw_next()) {
        return G_SOURCE_CONTINUE;
      }
    } catch (const std::exception& error) {
      preview.lose(error.what());
    }
    preview.drawing_ = 0;
    return G_SOURCE_REMOVE;
  }

  static gboolean watch(gpointer self) {
    static_cast<LayerPreview*>(self)->is_current();
    return G_SOURCE_CONTINUE;
  }

  void lose(const std::string& reason) {
    if (is_lost_) return;
    is_lost_ = true;
    lost_(reason);
  }

  // Asked before each access: GIMP ends a plug-in that asks for the pixels of
  // what is gone.
  bool is_whole() {
    if (is_lost_) return false;
    const char* loss = nullptr;
    if (!gimp_item_is_valid(drawable_)) {
      loss = _("The layer was deleted. Nothing was blurred.");
    } else if (layer_ != -1 && !gimp_item_is_valid(layer_)) {
      loss = _("The preview layer was deleted. Nothing was blurred.");
    } else if (!has_display()) {
      loss = _("The image's window was closed. Nothing was blurred.");
    }
    // Asked last: an image takes its layers and windows along, and may be
    // closed between two questions.
    if (!gimp_image_is_valid(image_)) {
      loss = _("The image was closed or reverted. Nothing was blurred.");
    }
    if (loss) lose(loss);
    return !is_lost_;
  }

  bool keeps_shape() const {
    return Shape(drawable_) == *shape_ && Shape(layer_) == *shape_;
  }

  // Whether drawing can go on: begins anew for a drawable that has another
  // shape now.
  bool is_current() {
    if (!is_whole()) return false;
    if (layer_ == -1 || keeps_shape()) return true;
    const std::string refusal = refusal_of(drawable_);
    if (!refusal.empty()) {
      lose(refusal);
    } else if (is_shown_) {
      show(settings_);
    }
    return !is_lost_;
  }

  bool has_display() const {
    return display_ == -1 || gimp_display_is_valid(display_);
  }

  void insert() {
    const gint32 copy = gimp_layer_copy(drawable_);
    if (copy == -1) throw std::runtime_error(gimp_get_pdb_error());
    was_visible_ = gimp_item_get_visible(drawable_);
    gimp_item_set_name(copy, _("Gaussian Kernel preview"));
    const long process = getpid();
    attach(copy, {process, start_of(process),
                  static_cast<int>(gimp_item_get_tattoo(drawable_)),
                  was_visible_, static_cast<int>(gimp_item_get_tattoo(copy))});
    const gint32 parent = gimp_item_get_parent(drawable_);
    const int position = gimp_image_get_item_position(image_, drawable_);
    saved_ = SavedImage(image_);
    {
      const KeptActive active(image_);
      const QuietChange change(image_, *saved_);
      if (!gimp_image_insert_layer(image_, copy, parent, position)) {
        throw std::runtime_error(gimp_get_pdb_error());
      }
      layer_ = copy;
      gimp_item_set_visible(drawable_, FALSE);
    }
    is_shown_ = true;
    shape_ = Shape(drawable_);
    source_ = open_pixels(drawable_);
    target_ = open_pixels(layer_);
    if (!source_ || !target_) throw std::runtime_error(gimp_get_pdb_error());
    graph_ = std::make_unique<BlurGraph>(drawable_, source_.get());
  }

  void open_selection() {
    selects_ = !gimp_selection_is_empty(image_);
    selection_.reset(
        selects_ ? gimp_drawable_get_buffer(gimp_image_get_selection(image_))
                 : nullptr);
  }

  void remove() {
    graph_.reset();
    source_.reset();
    target_.reset();
    selection_.reset();
    unseen_.clear();
    if (layer_ == -1) return;
    if (gimp_image_is_valid(image_)) {
      const KeptActive active(image_);
      const QuietChange change(image_, *saved_);
      if (gimp_item_is_valid(drawable_)) {
        gimp_item_set_visible(drawable_, was_visible_);
      }
      if (gimp_item_is_valid(layer_)) gimp_image_remove_layer(image_, layer_);
    }
    layer_ = -1;
    gimp_displays_flush();
  }

  // Shows the preview or the layer itself.
  void reveal(bool preview) {
    if (preview == is_shown_) return;
    {
      const QuietChange change(image_, *saved_);
      gimp_item_set_visible(layer_, preview);
      gimp_item_set_visible(drawable_, preview ? FALSE : was_visible_);
    }
    is_shown_ = preview;
    gimp_displays_flush();
  }

  // True while there is more to draw.
  bool draw_next() {
    if (next_ == cells_.size()) return false;
    const GeglRectangle cell = cells_[next_++];
    draw_cell(cell);
    gegl_buffer_flush(target_.get());
    unseen_.push_back(cell);
    const bool is_last = next_ == cells_.size();
    // GIMP serves no pixels while it draws, so let it draw ever more rarely.
    if (next_ == 1 || is_last ||
        Clock::now() - flushed_ >=
            std::max<Clock::duration>(kFlushInterval, flushed_ - asked_)) {
      flush();
    }
    if (next_ == 1) log_time("first pixels");
    if (is_last) log_time("all pixels");
    return !is_last;
  }

  // Lets GIMP draw what was written.
  void flush() {
    for (const GeglRectangle& cell : unseen_) {
      gimp_drawable_update(layer_, cell.x, cell.y, cell.width, cell.height);
    }
    unseen_.clear();
    gimp_displays_flush();
    flushed_ = Clock::now();
  }

  // Shown with G_MESSAGES_DEBUG=gaussian-kernel.
  void log_time(const char* what) const {
    const std::chrono::duration<double, std::milli> taken =
        Clock::now() - asked_;
    g_log(parameters::kTextDomain, G_LOG_LEVEL_DEBUG,
          "preview: %s after %.0f ms", what, taken.count());
  }

  void draw_cell(const GeglRectangle& cell) {
    const bool keep_alpha = gimp_layer_get_lock_alpha(drawable_);
    if (!selects_ && !keep_alpha) {
      gegl_node_blit_buffer(graph_->result(), target_.get(), &cell, 0,
                            GEGL_ABYSS_NONE);
      return;
    }
    const Babl* light = babl_format_with_space(
        "RGBA float",
        babl_format_get_space(gegl_buffer_get_format(target_.get())));
    const Reference<GeglBuffer> blurred(gegl_buffer_new(&cell, light));
    gegl_node_blit_buffer(graph_->result(), blurred.get(), &cell, 0,
                          GEGL_ABYSS_NONE);
    for (GeglRectangle band = cell; band.y < cell.y + cell.height;
         band.y += band.height) {
      band.height = std::min(kMixedRows, cell.y + cell.height - band.y);
      mix_band(band, light, blurred.get(), keep_alpha);
    }
  }

  void mix_band(const GeglRectangle& band, const Babl* light,
                GeglBuffer* blurred, bool keep_alpha) {
    const std::size_t count =
        static_cast<std::size_t>(band.width) * band.height;
    std::vector<float> mixed(4 * count), original(4 * count);
    std::vector<float> mask(count, 1.0F);
    gegl_buffer_get(blurred, &band, 1.0, light, mixed.data(),
                    GEGL_AUTO_ROWSTRIDE, GEGL_ABYSS_NONE);
    gegl_buffer_get(source_.get(), &band, 1.0, light, original.data(),
                    GEGL_AUTO_ROWSTRIDE, GEGL_ABYSS_NONE);
    if (selection_) {
      int offset_x = 0, offset_y = 0;
      gimp_drawable_offsets(drawable_, &offset_x, &offset_y);
      const GeglRectangle selected = {band.x + offset_x, band.y + offset_y,
                                      band.width, band.height};
      gegl_buffer_get(selection_.get(), &selected, 1.0, babl_format("Y float"),
                      mask.data(), GEGL_AUTO_ROWSTRIDE, GEGL_ABYSS_NONE);
    }
    mix(original, mask, keep_alpha, mixed);
    gegl_buffer_set(target_.get(), &band, 0, light, mixed.data(),
                    GEGL_AUTO_ROWSTRIDE);
  }

  // Inserting and removing a layer makes another one active.
  class KeptActive {
   public:
    explicit KeptActive(gint32 image)
        : image_(image),
          layer_(gimp_image_get_active_layer(image)),
          channel_(gimp_image_get_active_channel(image)) {}
    ~KeptActive() {
      if (channel_ != -1) {
        gimp_image_set_active_channel(image_, channel_);
      } else if (layer_ != -1 && gimp_item_is_valid(layer_)) {
        gimp_image_set_active_layer(image_, layer_);
      }
    }
    KeptActive(const KeptActive&) = delete;
    KeptActive& operator=(const KeptActive&) = delete;

   private:
    gint32 image_, layer_, channel_;
  };

  const gint32 image_;
  const gint32 drawable_;
  const gint32 display_ = gimp_default_display();
  const std::function<void(const std::string& reason)> lost_;
  bool is_lost_ = false;

  gint32 layer_ = -1;
  std::optional<SavedImage> saved_;  // as the layer was inserted
  std::optional<Shape> shape_;
  bool was_visible_ = true;
  bool is_shown_ = false;
  bool selects_ = false;
  GeglRectangle area_{};
  Reference<GeglBuffer> source_, target_, selection_;
  std::unique_ptr<BlurGraph> graph_;

  Settings settings_;
  std::vector<GeglRectangle> cells_;
  std::size_t next_ = 0;
  std::vector<GeglRectangle> unseen_;  // written, not yet drawn
  Clock::time_point asked_, flushed_;
  guint drawing_ = 0;
  guint watch_ = 0;
};

}  // namespace

std::string no_preview_reason(gint32 drawable) {
  if (holds_coverage(drawable)) {
    return _("No preview: GIMP can't show one for masks and channels.");
  }
  const gint32 image = gimp_item_get_image(drawable);
  if (gimp_image_get_floating_sel(image) != -1) {
    return _(
        "No preview: GIMP can't show one while there is a floating "
        "selection.");
  }
  const int tattoo = static_cast<int>(gimp_item_get_tattoo(drawable));
  for (const MarkedLayer& other : marked_layers(image)) {
    if (other.mark.tattoo == tattoo) {
      return _("No preview: another window already shows one of this layer.");
    }
  }
  return {};
}

std::unique_ptr<Preview> open_layer_preview(
    gint32 drawable, std::function<void(const std::string& reason)> lost) {
  return std::make_unique<LayerPreview>(drawable, std::move(lost));
}

void remove_stray_previews(gint32 image, gint32 target) {
  std::vector<MarkedLayer> strays = marked_layers(image);
  std::erase_if(strays,
                [](const MarkedLayer& found) { return is_alive(found.mark); });
  if (strays.empty()) return;
  const gint32 active = gimp_image_get_active_layer(image);
  const auto own = std::partition(
      strays.begin(), strays.end(), [&](const MarkedLayer& stray) {
        return stray.layer != target && is_leftover(stray, image);
      });
  {
    const QuietChange change(image, SavedImage(image));
    std::for_each(own, strays.end(), [](const MarkedLayer& stray) {
      gimp_item_detach_parasite(stray.layer, Mark::kName);
    });
  }
  // A user may have painted on one: undo brings it back.
  if (own != strays.begin()) gimp_image_undo_group_start(image);
  std::for_each(strays.begin(), own, [&](const MarkedLayer& stray) {
    if (stray.mark.was_visible) {
      gimp_item_set_visible(shown_by(stray, image), TRUE);
    }
    gimp_image_remove_layer(image, stray.layer);
  });
  if (own != strays.begin()) gimp_image_undo_group_end(image);
  if (active != -1 && gimp_item_is_valid(active)) {
    gimp_image_set_active_layer(image, active);
  }
  gimp_displays_flush();
}

}  // namespace gk::host
