#include "plugin/dialog/dialog.h"

#include <cmath>
#include <optional>
#include <utility>

#include "plugin/dialog/accessible.h"
#include "plugin/dialog/compare_button.h"
#include "plugin/dialog/gtk_compat.h"
#include "plugin/dialog/kernel_panel.h"
#include "plugin/dialog/number_row.h"
#include "plugin/dialog/signal_links.h"
#include "plugin/dialog/word_row.h"
#include "plugin/translation.h"

namespace gk {
namespace {

using namespace parameters;

constexpr int kSpacing = 6;
constexpr int kRowSpacing = 4;
constexpr int kMargin = 12;
constexpr int kReasonWidth = 330;

// Small sigmas matter most, so they get most of the slider.
constexpr double kSigmaPower = 2;
constexpr int kSigmaDecimals = 4;

NumberRange size_range(const char* label, const char* tooltip) {
  return {label,
          tooltip,
          static_cast<double>(kSize.minimum),
          static_cast<double>(kSize.maximum),
          static_cast<double>(Kernel::kMinSize),
          static_cast<double>(kSize.slider_maximum),
          1,
          1,
          10,
          0};
}

NumberRange sigma_range(const char* label, const char* tooltip) {
  return {label,
          tooltip,
          kSigma.minimum,
          kSigma.maximum,
          kSigma.slider_minimum,
          kSigma.slider_maximum,
          kSigmaPower,
          0.1,
          1,
          kSigmaDecimals};
}

NumberRange width_range() {
  return {_(kPlotWidth.nick),
          _(kPlotWidth.blurb),
          static_cast<double>(kPlotWidth.minimum),
          static_cast<double>(kPlotWidth.maximum),
          0,
          0,
          1,
          10,
          100,
          0};
}

bool is_on(GtkWidget* check) {
  return gtk_toggle_button_get_active(GTK_TOGGLE_BUTTON(check));
}

}  // namespace

struct Dialog::Controls {
  Controls(const DialogState& initial, const DialogOptions& options,
           DialogEvents given);
  ~Controls();

  void add_kernel_rows();
  void add_blur_rows(const DialogOptions& options);
  void add_preview_row(const DialogOptions& options);
  GtkWidget* add_check(const char* label, const char* tooltip);

  // Takes what a user did.
  void take_checks();
  void take(const DialogState& next);
  void refresh();
  void commit();

  DialogState state;
  DialogEvents events;
  bool alive = true;  // the widgets are
  bool refreshing = false;
  bool committing = false;

  GtkWidget* column = nullptr;
  GtkWidget* grid = nullptr;
  int rows = 0;
  GtkWidget* chain = nullptr;
  GtkWidget* preview = nullptr;
  GtkWidget* keep_effect = nullptr;
  std::optional<NumberRow> size, sigma, size_y, sigma_y, plot_width;
  std::optional<WordRow> link, border, light, method;
  std::optional<CompareButton> compare;  // only where there is a preview
  std::optional<KernelPanel> panel;
  SignalLinks links;  // the last member: gone before what handlers use
};

Dialog::Controls::Controls(const DialogState& initial,
                           const DialogOptions& options, DialogEvents given)
    : state(consistent(initial)), events(std::move(given)) {
  column = gtk::new_column(kSpacing);
  g_object_ref_sink(column);
  gtk_container_set_border_width(GTK_CONTAINER(column), kMargin);
  links.connect(column, "destroy", G_CALLBACK(+[](GtkWidget*, Controls* self) {
                  self->alive = false;
                }),
                this);

  panel.emplace();
  gtk_box_pack_start(GTK_BOX(column), panel->widget(), TRUE, TRUE, 0);
  grid = gtk::new_grid(kRowSpacing, kSpacing);
  gtk_box_pack_start(GTK_BOX(column), grid, FALSE, FALSE, 0);
  add_kernel_rows();
  if (options.kind == DialogOptions::Kind::kPlot) {
    plot_width.emplace(grid, rows++, width_range(), [this](double value) {
      DialogState next = state;
      next.plot_width = static_cast<int>(std::lround(value));
      take(next);
    });
  } else {
    add_blur_rows(options);
    add_preview_row(options);
  }
  gtk_widget_show_all(column);
  refresh();
}

Dialog::Controls::~Controls() { g_object_unref(column); }

void Dialog::Controls::add_kernel_rows() {
  const auto size_changed = [this](Axis axis) {
    return [this, axis](double value) {
      const int size = static_cast<int>(std::lround(value));
      take(with_size(state, axis, size));
      // What can't be had must not stay in the entry.
      if (shown_size(state, axis) != size) refresh();
    };
  };
  const auto sigma_changed = [this](Axis axis) {
    return [this, axis](double value) { take(with_sigma(state, axis, value)); };
  };
  size.emplace(grid, rows++, size_range(_(kSize.nick), _(kSize.blurb)),
               size_changed(Axis::kHorizontal));
  sigma.emplace(grid, rows++, sigma_range(_(kSigma.nick), _(kSigma.blurb)),
                sigma_changed(Axis::kHorizontal));
  link.emplace(
      grid, WordRow::Place{0, rows, 1}, _("Li_nk"), items_of(kLinks),
      [this](int index) { take(with_link(state, kLinks[index].value)); });

  chain =
      add_check(_("Same _vertically"), _("One size and sigma for both axes"));
  gtk::attach(grid, chain, 2, rows++, 2, false);
  size_y.emplace(
      grid, rows++,
      size_range(_(kSizeY.nick), _("Kernel height in pixels; 0 = automatic")),
      size_changed(Axis::kVertical));
  sigma_y.emplace(
      grid, rows++,
      sigma_range(_(kSigmaY.nick),
                  _("Vertical standard deviation in pixels; 0 = no blur")),
      sigma_changed(Axis::kVertical));
}

void Dialog::Controls::add_blur_rows(const DialogOptions& options) {
  border.emplace(grid, WordRow::Place{0, rows++, 3}, _("_Borders"),
                 items_of(kBorders), [this](int index) {
                   DialogState next = state;
                   next.settings.border = kBorders[index].value;
                   take(next);
                 });
  light.emplace(grid, WordRow::Place{0, rows, 1}, _("L_ight"),
                items_of(kLights), [this](int index) {
                  DialogState next = state;
                  next.settings.light = kLights[index].value;
                  take(next);
                });
  if (!options.light_matters) {
    light->replace(
        {_("Stored values"), _("Masks and channels hold coverage, not light")});
  }
  method.emplace(grid, WordRow::Place{2, rows++, 1}, _("Me_thod"),
                 items_of(kMethods), [this](int index) {
                   DialogState next = state;
                   next.settings.method = kMethods[index].value;
                   take(next);
                 });
}

void Dialog::Controls::add_preview_row(const DialogOptions& options) {
  GtkWidget* row = gtk::new_row(kMargin);
  gtk_box_pack_start(GTK_BOX(column), row, FALSE, FALSE, 0);
  preview = add_check(_("_Preview"), _("Shows the result on the canvas"));
  gtk_box_pack_start(GTK_BOX(row), preview, FALSE, FALSE, 0);
  if (options.offer_keep_effect) {
    keep_effect = add_check(
        _("_Keep as layer effect"),
        _("The layer keeps its pixels and shows the blur as an effect that can "
          "be edited"));
    gtk_box_pack_start(GTK_BOX(row), keep_effect, FALSE, FALSE, 0);
  }
  if (options.no_preview_reason.empty()) {
    compare.emplace([this](bool down) {
      if (events.compare) events.compare(down);
    });
    gtk_box_pack_end(GTK_BOX(row), compare->widget(), FALSE, FALSE, 0);
    return;
  }
  gtk::make_check_insensitive(preview);
  const char* why = options.no_preview_reason.c_str();
  gtk_widget_set_tooltip_text(preview, why);
  atk_object_set_description(gtk_widget_get_accessible(preview), why);
  GtkWidget* reason = gtk_label_new(why);
  gtk::align_start(reason);
  gtk_label_set_line_wrap(GTK_LABEL(reason), TRUE);
  gtk_label_set_max_width_chars(GTK_LABEL(reason), 1);
  if (keep_effect) {
    gtk_box_pack_start(GTK_BOX(column), reason, FALSE, FALSE, 0);
  } else {
    gtk_widget_set_size_request(reason, kReasonWidth, -1);
    gtk_box_pack_start(GTK_BOX(row), reason, TRUE, TRUE, 0);
  }
}

void Dialog::Controls::take_checks() {
  DialogState next = state;
  if (compare) next.preview = is_on(preview);
  if (keep_effect) next.keep_effect = is_on(keep_effect);
  next = with_chain(next, is_on(chain));
  take(next);
}

GtkWidget* Dialog::Controls::add_check(const char* label, const char* tooltip) {
  GtkWidget* check = gtk_check_button_new_with_mnemonic(label);
  gtk_widget_set_tooltip_text(check, tooltip);
  gtk::keep_readable_when_checked(check);
  describe(check,
           gtk_label_get_text(GTK_LABEL(gtk_bin_get_child(GTK_BIN(check)))),
           tooltip);
  links.connect(check, "toggled",
                G_CALLBACK(+[](GtkToggleButton*, Controls* self) {
                  if (!self->refreshing) self->take_checks();
                }),
                this);
  return check;
}

void Dialog::Controls::take(const DialogState& next) {
  if (next == state) return;
  state = next;
  refresh();
  if (events.changed) events.changed(state);
}

void Dialog::Controls::refresh() {
  if (!alive) return;
  refreshing = true;
  const Settings& settings = state.settings;
  size->show(shown_size(state, Axis::kHorizontal));
  sigma->show(shown_sigma(state, Axis::kHorizontal));
  size_y->show(shown_size(state, Axis::kVertical));
  sigma_y->show(shown_sigma(state, Axis::kVertical));
  link->show(index_of(kLinks, state.link));
  const bool chained = is_chained(settings);
  gtk_toggle_button_set_active(GTK_TOGGLE_BUTTON(chain), chained);
  size_y->set_sensitive(!chained);
  sigma_y->set_sensitive(!chained);

  const auto show_check = [](GtkWidget* check, bool on) {
    if (check) gtk_toggle_button_set_active(GTK_TOGGLE_BUTTON(check), on);
  };
  if (plot_width) plot_width->show(state.plot_width);
  if (border) border->show(index_of(kBorders, settings.border));
  if (light) light->show(index_of(kLights, settings.light));
  if (method) method->show(index_of(kMethods, settings.method));
  show_check(preview, compare && state.preview);
  show_check(keep_effect, state.keep_effect);

  panel->show(horizontal_kernel(settings), vertical_kernel(settings));
  refreshing = false;
}

void Dialog::Controls::commit() {
  if (!alive || committing) return;
  committing = true;
  for (std::optional<NumberRow>* row :
       {&size, &sigma, &size_y, &sigma_y, &plot_width}) {
    if (*row) (*row)->commit();
  }
  committing = false;
}

Dialog::Dialog(const DialogState& state, const DialogOptions& options,
               DialogEvents events)
    : controls_(std::make_unique<Controls>(state, options, std::move(events))) {
}

Dialog::~Dialog() = default;

GtkWidget* Dialog::widget() const { return controls_->column; }

const DialogState& Dialog::state() const {
  controls_->commit();
  return controls_->state;
}

void Dialog::set_state(const DialogState& state) {
  controls_->take(consistent(state));
}

}  // namespace gk
