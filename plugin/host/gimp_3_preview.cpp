#include "plugin/host/gimp_3_preview.h"

#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <optional>
#include <sstream>
#include <utility>

#include "plugin/host/file_stamp.h"
#include "plugin/host/gimp_3_drawable.h"
#include "plugin/host/run.h"
#include "plugin/translation.h"

namespace gk::host {
namespace {

// An image that needs no saving, and the file that says so. Once that file is
// written while a preview is shown, it holds the preview.
class SavedImage {
 public:
  explicit SavedImage(GimpImage* image)
      : is_saved_(!gimp_image_is_dirty(image)),
        stamp_(is_saved_ ? stamp_of(image) : std::string()) {}

  bool is_still(GimpImage* image) const {
    return is_saved_ && !gimp_image_is_dirty(image) &&
           stamp_of(image) == stamp_;
  }

 private:
  static std::string stamp_of(GimpImage* image) {
    GFile* file = gimp_image_get_file(image);
    const std::string stamp = file_stamp(file);
    g_clear_object(&file);
    return stamp;
  }

  bool is_saved_;
  std::string stamp_;
};

// Changes the effects of an image without a trace in its undo history, and
// without a dirty mark while it is `saved` still. GIMP leaves the history of an
// image frozen for ever if a plug-in dies inside, so keep it short.
class QuietChange {
 public:
  QuietChange(GimpImage* image, const SavedImage& saved)
      : image_(image), stays_clean_(saved.is_still(image)) {
    gimp_image_undo_freeze(image_);
  }
  ~QuietChange() {
    if (!gimp_image_is_valid(image_)) return;
    gimp_image_undo_thaw(image_);
    if (stays_clean_) gimp_image_clean_all(image_);
  }
  QuietChange(const QuietChange&) = delete;
  QuietChange& operator=(const QuietChange&) = delete;

 private:
  GimpImage* image_;
  bool stays_clean_;
};

// The image remembers, until it is closed, which process shows which effects
// for a preview: "gaussian-kernel-preview-PROCESS" holds the effects' ids.
constexpr char kMark[] = "gaussian-kernel-preview-";

std::string mark_of(pid_t process) { return kMark + std::to_string(process); }

struct Effect {
  GimpDrawable* drawable;
  GimpDrawableFilter* filter;
};

void mark_effects(GimpImage* image, const std::vector<Effect>& effects) {
  std::string ids;
  for (const Effect& effect : effects) {
    ids += std::to_string(gimp_drawable_filter_get_id(effect.filter)) + ' ';
  }
  // Neither undoable nor saved.
  GimpParasite* parasite =
      gimp_parasite_new(mark_of(getpid()).c_str(), 0,
                        static_cast<guint32>(ids.size() + 1), ids.c_str());
  gimp_image_attach_parasite(image, parasite);
  gimp_parasite_free(parasite);
}

bool is_alive(pid_t process) {
  // This one shows nothing: the mark is a namesake's.
  if (process == getpid()) return false;
  return kill(process, 0) == 0 || errno != ESRCH;
}

std::vector<gint32> marked_effects(GimpImage* image, const char* mark) {
  std::vector<gint32> effects;
  GimpParasite* parasite = gimp_image_get_parasite(image, mark);
  if (!parasite) return effects;
  guint32 size = 0;
  const void* data = gimp_parasite_get_data(parasite, &size);
  std::istringstream ids(std::string(static_cast<const char*>(data), size));
  for (gint32 id = 0; ids >> id;) effects.push_back(id);
  gimp_parasite_free(parasite);
  return effects;
}

bool is_ours(GimpDrawableFilter* filter) {
  const Array<char> operation(gimp_drawable_filter_get_operation_name(filter));
  return g_strcmp0(operation.get(), parameters::kBlurOperation) == 0;
}

// Takes the effects with those `ids` away from `items` and what is in them, and
// their ids out of `ids`.
void remove_effects(GimpImage* image, GimpItem** items,
                    std::vector<gint32>& ids) {
  for (; items && *items; ++items) {
    const Array<GimpDrawableFilter*> filters(
        gimp_drawable_get_filters(GIMP_DRAWABLE(*items)));
    for (auto* filter = filters.get(); filter && *filter; ++filter) {
      const auto id = std::find(ids.begin(), ids.end(),
                                gimp_drawable_filter_get_id(*filter));
      if (id == ids.end() || !is_ours(*filter)) continue;
      ids.erase(id);
      const QuietChange change(image, SavedImage(image));
      gimp_drawable_filter_delete(*filter);
    }
    if (gimp_item_is_group(*items)) {
      const Array<GimpItem*> children(gimp_item_get_children(*items));
      remove_effects(image, children.get(), ids);
    }
  }
}

class EffectPreview : public Preview {
 public:
  EffectPreview(GimpImage* image, std::vector<GimpDrawable*> drawables,
                std::function<void(const std::string& reason)> lost)
      : image_(image),
        drawables_(std::move(drawables)),
        lost_(std::move(lost)) {
    watch_ = g_timeout_add(kWatchInterval, watch, this);
  }

  ~EffectPreview() override {
    stop(update_);
    stop(watch_);
    remove();
  }

  void show(const Settings& settings) override { request(settings); }
  void hide() override { request(std::nullopt); }

 private:
  static constexpr guint kWatchInterval = 250;  // ms

  static void stop(guint& source) {
    if (source) g_source_remove(source);
    source = 0;
  }

  // GIMP answers slowly while it draws: of many requests only the last counts.
  void request(const std::optional<Settings>& settings) {
    wanted_ = settings;
    if (!update_) update_ = g_idle_add(update, this);
  }

  static gboolean update(gpointer self) {
    auto& preview = *static_cast<EffectPreview*>(self);
    preview.update_ = 0;
    if (preview.is_whole()) preview.update_canvas();
    return G_SOURCE_REMOVE;
  }

  static gboolean watch(gpointer self) {
    auto& preview = *static_cast<EffectPreview*>(self);
    if (preview.is_whole()) return G_SOURCE_CONTINUE;
    preview.watch_ = 0;
    return G_SOURCE_REMOVE;
  }

  void lose(const std::string& reason) {
    if (is_lost_) return;
    is_lost_ = true;
    lost_(reason);
  }

  bool is_whole() {
    if (is_lost_) return false;
    const char* loss = nullptr;
    if (std::any_of(drawables_.begin(), drawables_.end(),
                    [this](GimpDrawable* drawable) {
                      return is_gone(image_, drawable);
                    })) {
      loss = _("The layer was deleted. Nothing was blurred.");
    } else if (display_ && !gimp_display_is_valid(display_)) {
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

  void update_canvas() {
    if (!wanted_) {
      reveal(false);
    } else if (!is_complete()) {
      remove();
      append();
    } else {
      for (const Effect& effect : effects_) {
        set_filter(effect.filter, effect.drawable, *wanted_);
        gimp_drawable_filter_update(effect.filter);
      }
      reveal(true);
    }
    gimp_displays_flush();
  }

  // A user may have removed one by hand.
  bool is_complete() const {
    return !effects_.empty() &&
           std::all_of(effects_.begin(), effects_.end(), [](const Effect& it) {
             return gimp_drawable_filter_is_valid(it.filter);
           });
  }

  void append() {
    saved_ = SavedImage(image_);
    for (GimpDrawable* drawable : drawables_) {
      if (!has_changeable_area(drawable)) continue;
      GimpDrawableFilter* filter =
          new_filter(drawable, _("Gaussian Kernel (preview)"));
      if (!filter) return lose(operation_missing());
      set_filter(filter, drawable, *wanted_);
      effects_.push_back({drawable, filter});
    }
    mark_effects(image_, effects_);
    const QuietChange change(image_, *saved_);
    for (const Effect& effect : effects_) {
      gimp_drawable_append_filter(effect.drawable, effect.filter);
    }
    is_shown_ = true;
  }

  void remove() {
    if (effects_.empty()) return;
    if (gimp_image_is_valid(image_)) {
      bool is_clean = true;
      {
        const QuietChange change(image_, *saved_);
        for (const Effect& effect : effects_) {
          if (!gimp_drawable_filter_is_valid(effect.filter)) continue;
          // GIMP 3.0 crashes on the effect of a deleted layer. Should the
          // layer come back by undo, the mark tells a later run.
          if (is_gone(image_, effect.drawable)) {
            is_clean = false;
          } else {
            gimp_drawable_filter_delete(effect.filter);
          }
        }
      }
      if (is_clean) {
        gimp_image_detach_parasite(image_, mark_of(getpid()).c_str());
      }
      gimp_displays_flush();
    }
    effects_.clear();
  }

  void reveal(bool shown) {
    if (shown == is_shown_) return;
    is_shown_ = shown;
    for (const Effect& effect : effects_) {
      if (!gimp_drawable_filter_is_valid(effect.filter)) continue;
      gimp_drawable_filter_set_visible(effect.filter, shown);
      // GIMP does not redraw by itself.
      gimp_drawable_update(effect.drawable, 0, 0,
                           gimp_drawable_get_width(effect.drawable),
                           gimp_drawable_get_height(effect.drawable));
    }
  }

  GimpImage* const image_;
  const std::vector<GimpDrawable*> drawables_;
  GimpDisplay* const display_ = gimp_default_display();
  const std::function<void(const std::string& reason)> lost_;
  bool is_lost_ = false;

  std::optional<Settings> wanted_;  // nothing: the picture as it was
  std::vector<Effect> effects_;
  std::optional<SavedImage> saved_;  // as they were appended
  bool is_shown_ = false;
  guint update_ = 0;
  guint watch_ = 0;
};

}  // namespace

std::string no_preview_reason(const std::vector<GimpDrawable*>& drawables) {
  for (GimpDrawable* drawable : drawables) {
    if (holds_coverage(drawable)) {
      return _("No preview: GIMP can't show one for masks and channels.");
    }
    if (!takes_effect(drawable)) {
      return _(
          "No preview: GIMP can't show one while there is a floating "
          "selection.");
    }
  }
  return {};
}

std::unique_ptr<Preview> open_effect_preview(
    GimpImage* image, const std::vector<GimpDrawable*>& drawables,
    std::function<void(const std::string& reason)> lost) {
  return std::make_unique<EffectPreview>(image, drawables, std::move(lost));
}

void remove_stray_previews(GimpImage* image) {
  gchar** marks = gimp_image_get_parasite_list(image);
  for (gchar** mark = marks; mark && *mark; ++mark) {
    if (!g_str_has_prefix(*mark, kMark)) continue;
    const long process = std::strtol(*mark + sizeof kMark - 1, nullptr, 10);
    if (process <= 0 || is_alive(static_cast<pid_t>(process))) continue;
    std::vector<gint32> ids = marked_effects(image, *mark);
    const Array<GimpLayer*> layers(gimp_image_get_layers(image));
    remove_effects(image, reinterpret_cast<GimpItem**>(layers.get()), ids);
    // Those of deleted layers may come back by undo.
    if (std::none_of(ids.begin(), ids.end(),
                     gimp_drawable_filter_id_is_valid)) {
      gimp_image_detach_parasite(image, *mark);
    }
    gimp_displays_flush();
  }
  g_strfreev(marks);
}

}  // namespace gk::host
