// Shows the dialog's content in a plain window, to look at it: not a test.
// Usage: dialog-demo [--plot] [--mask] [--keep] [--no-preview REASON]
//                    [SIZE SIGMA [SIZE_Y SIGMA_Y]]

#include <glib/gi18n.h>
#include <gtk/gtk.h>

#include <clocale>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "plugin/dialog/dialog.h"

namespace {

gk::DialogState state_from(const std::vector<double>& numbers) {
  gk::DialogState state;
  gk::Settings& settings = state.settings;
  if (numbers.size() >= 2) {
    settings.size = static_cast<int>(numbers[0]);
    settings.sigma = numbers[1];
  }
  if (numbers.size() >= 4) {
    settings.size_y = static_cast<int>(numbers[2]);
    settings.sigma_y = numbers[3];
  }
  return state;
}

}  // namespace

int main(int argc, char** argv) {
  gtk_init(&argc, &argv);
  if (const char* folder = std::getenv("GK_LOCALE_DIR")) {
    bindtextdomain(gk::parameters::kTextDomain, folder);
    bind_textdomain_codeset(gk::parameters::kTextDomain, "UTF-8");
  }
  gk::DialogOptions options;
  std::vector<double> numbers;
  for (int i = 1; i < argc; ++i) {
    const std::string_view argument = argv[i];
    if (argument == "--plot") {
      options.kind = gk::DialogOptions::Kind::kPlot;
    } else if (argument == "--mask") {
      options.light_matters = false;
    } else if (argument == "--keep") {
      options.offer_keep_effect = true;
    } else if (argument == "--no-preview" && i + 1 < argc) {
      options.no_preview_reason = argv[++i];
    } else {
      numbers.push_back(g_ascii_strtod(argv[i], nullptr));
    }
  }

  gk::DialogEvents events;
  events.changed = [](const gk::DialogState& state) {
    const gk::Settings& settings = state.settings;
    std::printf("size %d, sigma %g, size-y %d, sigma-y %g, %s, preview %d\n",
                settings.size, settings.sigma, settings.size_y,
                settings.sigma_y, gk::word_for(state.link), state.preview);
    std::fflush(stdout);
  };
  events.compare = [](bool before) {
    std::printf("compare %d\n", before);
    std::fflush(stdout);
  };

  GtkWidget* window = gtk_dialog_new_with_buttons(
      "Gaussian Kernel Blur", nullptr, static_cast<GtkDialogFlags>(0), "_Help",
      GTK_RESPONSE_HELP, "_Reset", GTK_RESPONSE_REJECT, "_Cancel",
      GTK_RESPONSE_CANCEL, "_OK", GTK_RESPONSE_OK, nullptr);
  gtk_dialog_set_default_response(GTK_DIALOG(window), GTK_RESPONSE_OK);
  gk::Dialog dialog(state_from(numbers), options, events);
  gtk_box_pack_start(GTK_BOX(gtk_dialog_get_content_area(GTK_DIALOG(window))),
                     dialog.widget(), TRUE, TRUE, 0);
  gtk_widget_show(window);
  int response = 0;
  while ((response = gtk_dialog_run(GTK_DIALOG(window))) ==
         GTK_RESPONSE_REJECT) {
    dialog.set_state({});
  }
  std::printf("response %d\n", response);
  gtk_widget_destroy(window);
}
