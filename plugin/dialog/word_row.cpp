#include "plugin/dialog/word_row.h"

#include <utility>

#include "plugin/dialog/accessible.h"
#include "plugin/dialog/gtk_compat.h"

namespace gk {

WordRow::WordRow(GtkWidget* grid, Place place, const char* label,
                 std::vector<Item> items, std::function<void(int)> changed)
    : items_(std::move(items)), changed_(std::move(changed)) {
  label_ = gtk_label_new_with_mnemonic(label);
  gtk::align_start(label_);
  gtk::attach(grid, label_, place.column, place.row, 1, false);
  list_ = gtk_combo_box_text_new();
  for (const Item& item : items_) {
    gtk_combo_box_text_append_text(GTK_COMBO_BOX_TEXT(list_),
                                   item.label.c_str());
  }
  gtk_label_set_mnemonic_widget(GTK_LABEL(label_), list_);
  gtk::attach(grid, list_, place.column + 1, place.row, place.columns, true);
  links_.connect(list_, "changed",
                 G_CALLBACK(+[](GtkComboBox* list, WordRow* self) {
                   const int index = gtk_combo_box_get_active(list);
                   if (self->showing_ || index < 0) return;
                   self->explain(self->items_[index]);
                   self->changed_(index);
                 }),
                 this);
}

void WordRow::show(int index) {
  if (replaced_) return;
  showing_ = true;
  gtk_combo_box_set_active(GTK_COMBO_BOX(list_), index);
  showing_ = false;
  explain(items_[index]);
}

void WordRow::replace(const Item& item) {
  showing_ = true;
  replaced_ = true;
  gtk_combo_box_text_append_text(GTK_COMBO_BOX_TEXT(list_), item.label.c_str());
  gtk_combo_box_set_active(GTK_COMBO_BOX(list_),
                           static_cast<int>(items_.size()));
  showing_ = false;
  explain(item);
  gtk::set_label_sensitive(label_, false);
  gtk::make_list_insensitive(list_);
}

void WordRow::explain(const Item& item) {
  gtk_widget_set_tooltip_text(list_, item.tooltip.c_str());
  describe(list_, gtk_label_get_text(GTK_LABEL(label_)), item.tooltip.c_str());
}

}  // namespace gk
