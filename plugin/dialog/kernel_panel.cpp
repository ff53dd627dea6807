#include "plugin/dialog/kernel_panel.h"

#include <pango/pangocairo.h>

#include <string>
#include <utility>

#include "plugin/dialog/accessible.h"
#include "plugin/dialog/gtk_compat.h"
#include "plugin/dialog/kernel_view.h"
#include "plugin/translation.h"

namespace gk {
namespace {

constexpr int kWidth = 450;
constexpr int kHeight = 208;
constexpr int kIconPixels = 16;
constexpr int kSpacing = 4;

// Letters in the view are a little smaller than in the dialog.
constexpr double kLetters = 0.85;

// The dialog's letters in pixels.
double font_pixels(GtkWidget* widget) {
  PangoContext* context = gtk_widget_get_pango_context(widget);
  const PangoFontDescription* font =
      pango_context_get_font_description(context);
  const double size =
      static_cast<double>(pango_font_description_get_size(font)) / PANGO_SCALE;
  if (pango_font_description_get_size_is_absolute(font)) return size;
  const double resolution = pango_cairo_context_get_resolution(context);
  return size * (resolution > 0 ? resolution : 96) / 72;
}

// Amber that can be read on `background`.
const char* warning_colour(const Colour& background) {
  return luminance(background) < 0.4 ? "#ffb74d" : "#8a4b00";
}

}  // namespace

KernelPanel::KernelPanel()
    : column_(gtk::new_column(kSpacing)),
      area_(gtk_drawing_area_new()),
      summary_(gtk_label_new(nullptr)),
      warning_(gtk_image_new()),
      notes_(gtk_label_new(nullptr)) {
  gtk_widget_set_size_request(area_, kWidth, kHeight);
  gtk_box_pack_start(GTK_BOX(column_), area_, TRUE, TRUE, 0);

  for (GtkWidget* label : {summary_, notes_}) {
    gtk::align_start(label);
    // Text wraps to the window's width, it doesn't widen the window.
    gtk_label_set_line_wrap(GTK_LABEL(label), TRUE);
    gtk_label_set_max_width_chars(GTK_LABEL(label), 1);
  }
  gtk_widget_set_size_request(summary_, kWidth, -1);
  gtk_widget_set_size_request(notes_, kWidth - kIconPixels - kSpacing, -1);
  gtk_image_set_pixel_size(GTK_IMAGE(warning_), kIconPixels);
  gtk_box_pack_start(GTK_BOX(column_), summary_, FALSE, FALSE, 0);

  GtkWidget* row = gtk::new_row(kSpacing);
  gtk::align_top(notes_);
  gtk_box_pack_start(GTK_BOX(row), warning_, FALSE, FALSE, 0);
  gtk_box_pack_start(GTK_BOX(row), notes_, TRUE, TRUE, 0);
  gtk_box_pack_start(GTK_BOX(column_), row, FALSE, FALSE, 0);
  gtk_widget_show_all(column_);

  links_.add(area_, gtk::on_draw(
                        area_,
                        [](GtkWidget* area, cairo_t* cairo, void* self) {
                          static_cast<KernelPanel*>(self)->draw(area, cairo);
                        },
                        this));
  links_.add(column_,
             g_signal_connect_swapped(
                 column_, gtk::kStyleChanged,
                 G_CALLBACK(+[](KernelPanel* self) { self->write(); }), this));
}

void KernelPanel::show(Kernel horizontal, Kernel vertical) {
  horizontal_ = std::move(horizontal);
  vertical_ = std::move(vertical);
  const std::string summary = kernel_summary(*horizontal_, *vertical_);
  gtk_label_set_text(GTK_LABEL(summary_), summary.c_str());
  describe(area_, _("Kernel matrix"),
           kernel_description(*horizontal_, *vertical_).c_str());
  write();
  gtk_widget_queue_draw(area_);
}

void KernelPanel::draw(GtkWidget* area, cairo_t* cairo) const {
  if (!horizontal_) return;
  GtkAllocation allocation;
  gtk_widget_get_allocation(area, &allocation);
  draw_kernel_view(cairo, *horizontal_, *vertical_, allocation.width,
                   allocation.height,
                   {gtk::text_colour(area), gtk::background_colour(area),
                    kLetters * font_pixels(area)});
}

void KernelPanel::write() {
  if (!horizontal_) return;
  const std::string notes = kernel_notes(*horizontal_, *vertical_);
  const bool cut = kernel_is_cut(*horizontal_, *vertical_);
  if (cut) {
    char* markup = g_markup_printf_escaped(
        "<span foreground=\"%s\">%s</span>",
        warning_colour(gtk::background_colour(column_)), notes.c_str());
    gtk_label_set_markup(GTK_LABEL(notes_), markup);
    g_free(markup);
    gtk_image_set_from_icon_name(GTK_IMAGE(warning_), "dialog-warning",
                                 GTK_ICON_SIZE_MENU);
  } else {
    gtk_label_set_text(GTK_LABEL(notes_), notes.c_str());
    gtk_image_clear(GTK_IMAGE(warning_));
  }
  gtk_widget_set_visible(warning_, cut);
}

}  // namespace gk
