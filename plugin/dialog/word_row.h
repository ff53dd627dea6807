// A choice among words as label and drop-down list.

#ifndef GK_PLUGIN_DIALOG_WORD_ROW_H_
#define GK_PLUGIN_DIALOG_WORD_ROW_H_

#include <gtk/gtk.h>

#include <functional>
#include <string>
#include <vector>

#include "plugin/dialog/signal_links.h"
#include "plugin/parameters.h"
#include "plugin/translation.h"

namespace gk {

class WordRow {
 public:
  struct Item {
    std::string label;    // translated
    std::string tooltip;  // translated
  };

  // Where in a grid the label goes, and how many columns the list fills beside
  // it.
  struct Place {
    int column, row, columns;
  };

  // `label` is translated and has a mnemonic. `changed` is called with the
  // index of what a user chooses, never from show().
  WordRow(GtkWidget* grid, Place place, const char* label,
          std::vector<Item> items, std::function<void(int)> changed);

  void show(int index);
  // Shows nothing but `item`, and lets nobody change it.
  void replace(const Item& item);

 private:
  void explain(const Item& item);

  std::vector<Item> items_;
  std::function<void(int)> changed_;
  bool showing_ = false;
  bool replaced_ = false;
  GtkWidget* label_;
  GtkWidget* list_;
  SignalLinks links_;  // the last member: gone before what handlers use
};

template <typename E, std::size_t N>
std::vector<WordRow::Item> items_of(const parameters::Word<E> (&words)[N]) {
  std::vector<WordRow::Item> items;
  for (const parameters::Word<E>& word : words) {
    items.push_back({_(word.label), _(word.tooltip)});
  }
  return items;
}

template <typename E, std::size_t N>
int index_of(const parameters::Word<E> (&words)[N], E value) {
  for (std::size_t i = 0; i < N; ++i) {
    if (words[i].value == value) return static_cast<int>(i);
  }
  return 0;
}

}  // namespace gk

#endif  // GK_PLUGIN_DIALOG_WORD_ROW_H_
