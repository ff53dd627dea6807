// What GTK 2 and GTK 3 call differently.

#ifndef GK_PLUGIN_DIALOG_GTK_COMPAT_H_
#define GK_PLUGIN_DIALOG_GTK_COMPAT_H_

#include <gtk/gtk.h>

#include "plugin/dialog/viridis.h"

namespace gk::gtk {

// Draws a widget's inside; `self` is what was given to on_draw().
using DrawFunction = void (*)(GtkWidget* widget, cairo_t* cairo, void* self);

#if GTK_CHECK_VERSION(3, 0, 0)

inline constexpr char kStyleChanged[] = "style-updated";

inline GtkWidget* new_row(int spacing) {
  return gtk_box_new(GTK_ORIENTATION_HORIZONTAL, spacing);
}
inline GtkWidget* new_column(int spacing) {
  return gtk_box_new(GTK_ORIENTATION_VERTICAL, spacing);
}
inline GtkWidget* new_slider(GtkAdjustment* adjustment) {
  return gtk_scale_new(GTK_ORIENTATION_HORIZONTAL, adjustment);
}
inline GtkWidget* new_grid(int row_spacing, int column_spacing) {
  GtkWidget* grid = gtk_grid_new();
  gtk_grid_set_row_spacing(GTK_GRID(grid), row_spacing);
  gtk_grid_set_column_spacing(GTK_GRID(grid), column_spacing);
  return grid;
}
inline void attach(GtkWidget* grid, GtkWidget* child, int column, int row,
                   int columns, bool expand) {
  gtk_widget_set_hexpand(child, expand);
  gtk_widget_set_valign(child, GTK_ALIGN_CENTER);
  gtk_grid_attach(GTK_GRID(grid), child, column, row, columns, 1);
}
inline void align_start(GtkWidget* label) {
  gtk_label_set_xalign(GTK_LABEL(label), 0);
}
inline void align_top(GtkWidget* widget) {
  gtk_widget_set_valign(widget, GTK_ALIGN_START);
}

// Labels that stay readable on GIMP's own themes.
inline void set_label_sensitive(GtkWidget* label, bool sensitive) {
  gtk_widget_set_sensitive(label, sensitive);
}
inline void keep_readable_when_checked(GtkWidget* /*check*/) {}
inline void keep_readable_when_insensitive(GtkWidget* /*entry*/) {}
inline void make_check_insensitive(GtkWidget* check) {
  gtk_widget_set_sensitive(check, FALSE);
}
inline void make_list_insensitive(GtkWidget* list) {
  gtk_widget_set_sensitive(list, FALSE);
}

inline Colour text_colour(GtkWidget* widget) {
  GdkRGBA colour;
  gtk_style_context_get_color(gtk_widget_get_style_context(widget),
                              gtk_widget_get_state_flags(widget), &colour);
  return {colour.red, colour.green, colour.blue};
}
// That of the nearest parent that paints one.
inline Colour background_colour(GtkWidget* widget) {
  for (; widget; widget = gtk_widget_get_parent(widget)) {
    GdkRGBA* colour = nullptr;
    gtk_style_context_get(gtk_widget_get_style_context(widget),
                          gtk_widget_get_state_flags(widget),
                          "background-color", &colour, nullptr);
    const GdkRGBA found = *colour;
    gdk_rgba_free(colour);
    if (found.alpha > 0.5) return {found.red, found.green, found.blue};
  }
  return {1, 1, 1};
}

inline gulong on_draw(GtkWidget* widget, DrawFunction draw, void* self) {
  g_object_set_data(G_OBJECT(widget), "gk-draw",
                    reinterpret_cast<gpointer>(draw));
  return g_signal_connect(
      widget, "draw",
      G_CALLBACK(+[](GtkWidget* drawn, cairo_t* cairo, void* owner) {
        reinterpret_cast<DrawFunction>(
            g_object_get_data(G_OBJECT(drawn), "gk-draw"))(drawn, cairo, owner);
        return gboolean{FALSE};
      }),
      self);
}

#else

inline constexpr char kStyleChanged[] = "style-set";

inline GtkWidget* new_row(int spacing) { return gtk_hbox_new(FALSE, spacing); }
inline GtkWidget* new_column(int spacing) {
  return gtk_vbox_new(FALSE, spacing);
}
inline GtkWidget* new_slider(GtkAdjustment* adjustment) {
  return gtk_hscale_new(adjustment);
}
inline GtkWidget* new_grid(int row_spacing, int column_spacing) {
  GtkWidget* grid = gtk_table_new(1, 1, FALSE);
  gtk_table_set_row_spacings(GTK_TABLE(grid), row_spacing);
  gtk_table_set_col_spacings(GTK_TABLE(grid), column_spacing);
  return grid;
}
inline void attach(GtkWidget* grid, GtkWidget* child, int column, int row,
                   int columns, bool expand) {
  gtk_table_attach(
      GTK_TABLE(grid), child, column, column + columns, row, row + 1,
      static_cast<GtkAttachOptions>(expand ? GTK_EXPAND | GTK_FILL : GTK_FILL),
      static_cast<GtkAttachOptions>(0), 0, 0);
}
inline void align_start(GtkWidget* label) {
  gtk_misc_set_alignment(GTK_MISC(label), 0, 0.5);
}
inline void align_top(GtkWidget* widget) {
  float x = 0;
  gtk_misc_get_alignment(GTK_MISC(widget), &x, nullptr);
  gtk_misc_set_alignment(GTK_MISC(widget), x, 0);
}

inline GdkColor between(const GdkColor& a, const GdkColor& b) {
  const auto middle = [](guint16 from, guint16 to) {
    return static_cast<guint16>((from + to) / 2);
  };
  return {0, middle(a.red, b.red), middle(a.green, b.green),
          middle(a.blue, b.blue)};
}
inline GdkColor dim_text_colour(GtkWidget* widget) {
  gtk_widget_ensure_style(widget);
  const GtkStyle* style = gtk_widget_get_style(widget);
  return between(style->fg[GTK_STATE_NORMAL], style->bg[GTK_STATE_NORMAL]);
}

// GTK 2 draws insensitive text over a white shadow, which on a dark ground is
// brighter than the text that can be used.
inline gboolean draw_dim(GtkWidget* label, GdkEventExpose* event, void*) {
  if (gtk_widget_is_sensitive(label)) return FALSE;
  int x = 0, y = 0;
  gtk_label_get_layout_offsets(GTK_LABEL(label), &x, &y);
  const GdkColor dim = dim_text_colour(label);
  cairo_t* cairo = gdk_cairo_create(gtk_widget_get_window(label));
  gdk_cairo_region(cairo, event->region);
  cairo_clip(cairo);
  gdk_cairo_set_source_color(cairo, &dim);
  cairo_move_to(cairo, x, y);
  pango_cairo_show_layout(cairo, gtk_label_get_layout(GTK_LABEL(label)));
  cairo_destroy(cairo);
  return TRUE;
}
inline void draw_dim_when_insensitive(GtkWidget* label) {
  g_signal_handlers_disconnect_by_func(
      label, reinterpret_cast<gpointer>(draw_dim), nullptr);
  g_signal_connect(label, "expose-event", G_CALLBACK(draw_dim), nullptr);
}
inline void set_label_sensitive(GtkWidget* label, bool sensitive) {
  draw_dim_when_insensitive(label);
  gtk_widget_set_sensitive(label, sensitive);
}
inline void make_check_insensitive(GtkWidget* check) {
  draw_dim_when_insensitive(gtk_bin_get_child(GTK_BIN(check)));
  gtk_widget_set_sensitive(check, FALSE);
}
inline void make_list_insensitive(GtkWidget* list) {
  gtk_widget_set_sensitive(list, FALSE);
  const auto restyle = +[](GtkWidget* widget, GtkStyle*, void*) {
    // On the lighter ground of a button.
    const GdkColor dim =
        between(gtk_widget_get_style(widget)->fg[GTK_STATE_NORMAL],
                dim_text_colour(widget));
    GList* cells = gtk_cell_layout_get_cells(GTK_CELL_LAYOUT(widget));
    for (const GList* link = cells; link; link = link->next) {
      g_object_set(link->data, "foreground-gdk", &dim, nullptr);
    }
    g_list_free(cells);
  };
  g_signal_connect(list, "style-set", G_CALLBACK(restyle), nullptr);
}
// GIMP's dark theme writes insensitive numbers in their ground's own colour.
inline void keep_readable_when_insensitive(GtkWidget* entry) {
  const auto restyle = +[](GtkWidget* widget, GtkStyle*, void*) {
    const GtkStyle* style = gtk_widget_get_style(widget);
    const GdkColor dim = between(style->text[GTK_STATE_NORMAL],
                                 style->base[GTK_STATE_INSENSITIVE]);
    if (!gdk_color_equal(&dim, &style->text[GTK_STATE_INSENSITIVE])) {
      gtk_widget_modify_text(widget, GTK_STATE_INSENSITIVE, &dim);
    }
  };
  g_signal_connect(entry, "style-set", G_CALLBACK(restyle), nullptr);
}

// GIMP's dark theme writes what is checked as dimly as what is insensitive.
inline void keep_readable_when_checked(GtkWidget* check) {
  const auto restyle = +[](GtkWidget* label, GtkStyle*, void*) {
    const GtkStyle* style = gtk_widget_get_style(label);
    const GdkColor normal = style->fg[GTK_STATE_NORMAL];
    if (!gdk_color_equal(&normal, &style->fg[GTK_STATE_ACTIVE])) {
      gtk_widget_modify_fg(label, GTK_STATE_ACTIVE, &normal);
    }
  };
  GtkWidget* label = gtk_bin_get_child(GTK_BIN(check));
  g_signal_connect(label, "style-set", G_CALLBACK(restyle), nullptr);
}

inline Colour colour_of(const GdkColor& colour) {
  return {colour.red / 65535.0, colour.green / 65535.0, colour.blue / 65535.0};
}
inline Colour text_colour(GtkWidget* widget) {
  return colour_of(
      gtk_widget_get_style(widget)->fg[gtk_widget_get_state(widget)]);
}
inline Colour background_colour(GtkWidget* widget) {
  return colour_of(
      gtk_widget_get_style(widget)->bg[gtk_widget_get_state(widget)]);
}

inline gulong on_draw(GtkWidget* widget, DrawFunction draw, void* self) {
  g_object_set_data(G_OBJECT(widget), "gk-draw",
                    reinterpret_cast<gpointer>(draw));
  return g_signal_connect(
      widget, "expose-event",
      G_CALLBACK(+[](GtkWidget* drawn, GdkEventExpose* event, void* owner) {
        cairo_t* cairo = gdk_cairo_create(gtk_widget_get_window(drawn));
        gdk_cairo_region(cairo, event->region);
        cairo_clip(cairo);
        reinterpret_cast<DrawFunction>(
            g_object_get_data(G_OBJECT(drawn), "gk-draw"))(drawn, cairo, owner);
        cairo_destroy(cairo);
        return gboolean{FALSE};
      }),
      self);
}

#endif

}  // namespace gk::gtk

#endif  // GK_PLUGIN_DIALOG_GTK_COMPAT_H_
