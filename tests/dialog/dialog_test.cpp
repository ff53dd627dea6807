#include "plugin/dialog/dialog.h"

#include <gdk/gdkkeysyms.h>
#include <gtest/gtest.h>
#include <gtk/gtk.h>
#include <libintl.h>

#include <clocale>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "plugin/translation.h"

namespace gk {
namespace {

// What remains of 700 pixels without frame, title and the row of buttons.
constexpr int kMostHeight = 620;
// Made by this folder's build file.
constexpr char kLocale[] = "en_US.UTF-8";

using Visit = std::function<void(GtkWidget*)>;

void for_each(GtkWidget* widget, const Visit& visit) {
  visit(widget);
  if (!GTK_IS_CONTAINER(widget)) return;
  gtk_container_forall(
      GTK_CONTAINER(widget),
      [](GtkWidget* child, gpointer data) {
        for_each(child, *static_cast<const Visit*>(data));
      },
      const_cast<Visit*>(&visit));
}

std::string name_of(GtkWidget* widget) {
  const char* name = atk_object_get_name(gtk_widget_get_accessible(widget));
  return name ? name : "";
}

bool is_control(GtkWidget* widget) {
  return GTK_IS_SPIN_BUTTON(widget) || GTK_IS_RANGE(widget) ||
         GTK_IS_COMBO_BOX(widget) || GTK_IS_CHECK_BUTTON(widget) ||
         GTK_IS_DRAWING_AREA(widget) ||
         (GTK_IS_BUTTON(widget) && !GTK_IS_TOGGLE_BUTTON(widget));
}

int height_of(GtkWidget* widget) {
  GtkRequisition size;
#if GTK_CHECK_VERSION(3, 0, 0)
  gtk_widget_get_preferred_size(widget, nullptr, &size);
#else
  gtk_widget_size_request(widget, &size);
#endif
  return size.height;
}

// A dialog in a window on the screen, and what it told its host.
class Shown {
 public:
  explicit Shown(const DialogState& state = {},
                 const DialogOptions& options = {})
      : window_(gtk_window_new(GTK_WINDOW_TOPLEVEL)) {
    DialogEvents events;
    events.changed = [this](const DialogState& now) { changes.push_back(now); };
    events.compare = [this](bool before) { compares.push_back(before); };
    dialog = std::make_unique<Dialog>(state, options, events);
    gtk_container_add(GTK_CONTAINER(window_), dialog->widget());
    gtk_widget_show(window_);
    settle();
  }
  ~Shown() { close(); }
  Shown(const Shown&) = delete;
  Shown& operator=(const Shown&) = delete;

  void close() {
    if (window_) gtk_widget_destroy(window_);
    window_ = nullptr;
  }
  static void settle() {
    while (gtk_events_pending()) gtk_main_iteration();
  }

  // The control of a type and an accessible name.
  GtkWidget* find(GType type, const std::string& name) const {
    GtkWidget* found = nullptr;
    for_each(window_, [&](GtkWidget* widget) {
      if (G_TYPE_CHECK_INSTANCE_TYPE(widget, type) && name_of(widget) == name) {
        found = widget;
      }
    });
    return found;
  }
  GtkSpinButton* entry(const std::string& name) const {
    return GTK_SPIN_BUTTON(find(GTK_TYPE_SPIN_BUTTON, name));
  }
  GtkRange* slider(const std::string& name) const {
    return GTK_RANGE(find(GTK_TYPE_SCALE, name));
  }
  GtkComboBox* list(const std::string& name) const {
    return GTK_COMBO_BOX(find(GTK_TYPE_COMBO_BOX, name));
  }
  GtkToggleButton* check(const std::string& name) const {
    return GTK_TOGGLE_BUTTON(find(GTK_TYPE_CHECK_BUTTON, name));
  }
  GtkWidget* button(const std::string& name) const {
    return find(GTK_TYPE_BUTTON, name);
  }
  GtkWidget* window() const { return window_; }

  void type(const std::string& name, const char* text) const {
    gtk_entry_set_text(GTK_ENTRY(entry(name)), text);
    gtk_spin_button_update(entry(name));
  }

  std::vector<DialogState> changes;
  std::vector<bool> compares;
  std::unique_ptr<Dialog> dialog;

 private:
  GtkWidget* window_;
};

bool is_sensitive(gpointer widget) {
  return gtk_widget_is_sensitive(GTK_WIDGET(widget));
}

TEST(DialogTest, OpensWithTheStateThatItIsGiven) {
  DialogState state;
  state.settings = {
      21, 5, 31, 7.25, Border::kMirror, Light::kPerceptual, Method::kExact};
  state.link = Link::kFree;
  state.preview = false;
  const Shown shown(state);
  EXPECT_EQ(shown.dialog->state(), state);
  EXPECT_TRUE(shown.changes.empty());
  EXPECT_EQ(gtk_spin_button_get_value(shown.entry("Size")), 21);
  EXPECT_EQ(gtk_spin_button_get_value(shown.entry("Sigma")), 5);
  EXPECT_EQ(gtk_spin_button_get_value(shown.entry("Vertical size")), 31);
  EXPECT_STREQ(gtk_entry_get_text(GTK_ENTRY(shown.entry("Vertical sigma"))),
               "7.25");
  EXPECT_EQ(gtk_combo_box_get_active(shown.list("Borders")), 3);
  EXPECT_EQ(gtk_combo_box_get_active(shown.list("Light")), 1);
  EXPECT_EQ(gtk_combo_box_get_active(shown.list("Method")), 1);
  EXPECT_FALSE(gtk_toggle_button_get_active(shown.check("Preview")));
}

TEST(DialogTest, ShowsTheSizeThatFollowsSigma) {
  const Shown shown;
  EXPECT_EQ(gtk_spin_button_get_value(shown.entry("Size")), 9);
  shown.type("Sigma", "5");
  EXPECT_EQ(gtk_spin_button_get_value(shown.entry("Size")), 41);
  ASSERT_EQ(shown.changes.size(), 1u);
  EXPECT_EQ(shown.changes[0].settings.size, 0);
  EXPECT_EQ(shown.changes[0].settings.sigma, 5);
}

TEST(DialogTest, ASliderTellsOnceForEachMove) {
  const Shown shown;
  gtk_range_set_value(shown.slider("Sigma"), 0.5);
  ASSERT_EQ(shown.changes.size(), 1u);
  EXPECT_EQ(shown.changes[0].settings.sigma, 12.5);
  EXPECT_EQ(gtk_spin_button_get_value(shown.entry("Sigma")), 12.5);
  gtk_range_set_value(shown.slider("Size"), 0.5);
  ASSERT_EQ(shown.changes.size(), 2u);
  EXPECT_EQ(shown.changes[1].settings.size, 51);
  EXPECT_EQ(shown.changes[1].link, Link::kFree);
}

TEST(DialogTest, TheEntryReachesBeyondTheSlider) {
  const Shown shown;
  shown.type("Sigma", "1000");
  EXPECT_EQ(shown.dialog->state().settings.sigma, 1000);
  EXPECT_EQ(gtk_range_get_value(shown.slider("Sigma")), 1);
  shown.type("Size", "8191");
  EXPECT_EQ(shown.dialog->state().settings.size, 8191);
}

TEST(DialogTest, ChangingTheLinkTellsOnce) {
  const Shown shown;
  gtk_combo_box_set_active(shown.list("Link"), 1);
  ASSERT_EQ(shown.changes.size(), 1u);
  EXPECT_EQ(shown.changes[0].link, Link::kSigmaFollowsSize);
  EXPECT_EQ(shown.changes[0].settings.size, 9);
  EXPECT_EQ(shown.changes[0].settings.sigma, 1.5);
  shown.type("Size", "60");
  EXPECT_EQ(gtk_spin_button_get_value(shown.entry("Sigma")), 10);
  EXPECT_EQ(shown.changes.size(), 2u);
}

TEST(DialogTest, TheChainLocksTheVerticalAxis) {
  const Shown shown;
  EXPECT_FALSE(is_sensitive(shown.entry("Vertical size")));
  EXPECT_FALSE(is_sensitive(shown.slider("Vertical sigma")));
  gtk_toggle_button_set_active(shown.check("Same vertically"), FALSE);
  ASSERT_EQ(shown.changes.size(), 1u);
  EXPECT_EQ(shown.changes[0].settings.sigma_y, 1);
  EXPECT_TRUE(is_sensitive(shown.entry("Vertical size")));
  shown.type("Vertical sigma", "3");
  EXPECT_EQ(gtk_spin_button_get_value(shown.entry("Vertical size")), 25);
  EXPECT_EQ(gtk_spin_button_get_value(shown.entry("Size")), 9);
  gtk_toggle_button_set_active(shown.check("Same vertically"), TRUE);
  EXPECT_EQ(shown.dialog->state(), DialogState{});
  EXPECT_EQ(shown.changes.size(), 3u);
}

TEST(DialogTest, EveryWordCanBeChosen) {
  const Shown shown;
  gtk_combo_box_set_active(shown.list("Borders"), 2);
  gtk_combo_box_set_active(shown.list("Light"), 1);
  gtk_combo_box_set_active(shown.list("Method"), 2);
  ASSERT_EQ(shown.changes.size(), 3u);
  const Settings& settings = shown.changes.back().settings;
  EXPECT_EQ(settings.border, Border::kLoop);
  EXPECT_EQ(settings.light, Light::kPerceptual);
  EXPECT_EQ(settings.method, Method::kFast);
}

TEST(DialogTest, SetStateShowsItAndTellsOnce) {
  const Shown shown;
  DialogState state;
  state.settings.size = 21;
  state.settings.sigma = 5;
  state.link = Link::kFree;
  shown.dialog->set_state(state);
  ASSERT_EQ(shown.changes.size(), 1u);
  EXPECT_EQ(shown.changes[0], state);
  EXPECT_EQ(gtk_spin_button_get_value(shown.entry("Size")), 21);
  shown.dialog->set_state(state);
  EXPECT_EQ(shown.changes.size(), 1u) << "nothing changed";
  shown.dialog->set_state({});
  EXPECT_EQ(shown.changes.size(), 2u);
  EXPECT_EQ(shown.dialog->state(), DialogState{});
}

TEST(DialogTest, KeepsASigmaThatTheEntryShowsRounded) {
  DialogState state;
  state.settings.sigma = 1.23456789;
  const Shown shown(state);
  EXPECT_STREQ(gtk_entry_get_text(GTK_ENTRY(shown.entry("Sigma"))), "1.2346");
  gtk_spin_button_update(shown.entry("Sigma"));
  EXPECT_EQ(shown.dialog->state().settings.sigma, 1.23456789);
  EXPECT_TRUE(shown.changes.empty());
}

TEST(DialogTest, StateTakesWhatIsTypedButNotEntered) {
  const Shown shown;
  gtk_entry_set_text(GTK_ENTRY(shown.entry("Sigma")), "2.5");
  EXPECT_EQ(shown.dialog->state().settings.sigma, 2.5);
}

TEST(DialogTest, CompareLastsWhileItIsHeld) {
  const Shown shown;
  GtkWidget* button = shown.button("Compare");
  g_signal_emit_by_name(button, "pressed");
  EXPECT_EQ(shown.compares, (std::vector<bool>{true}));
  g_signal_emit_by_name(button, "released");
  EXPECT_EQ(shown.compares, (std::vector<bool>{true, false}));
}

void send_key(GtkWidget* widget, GdkEventType type, guint key) {
  GdkEvent* event = gdk_event_new(type);
  event->key.window = GDK_WINDOW(g_object_ref(gtk_widget_get_window(widget)));
  event->key.keyval = key;
  gtk_widget_event(widget, event);
  gdk_event_free(event);
}

TEST(DialogTest, CompareListensToTheKeyboard) {
  const Shown shown;
  GtkWidget* button = shown.button("Compare");
  send_key(button, GDK_KEY_PRESS, GDK_KEY_space);
  send_key(button, GDK_KEY_PRESS, GDK_KEY_space);
  EXPECT_EQ(shown.compares, (std::vector<bool>{true})) << "keys repeat";
  send_key(button, GDK_KEY_RELEASE, GDK_KEY_space);
  EXPECT_EQ(shown.compares, (std::vector<bool>{true, false}));
  gtk_widget_mnemonic_activate(button, FALSE);
  EXPECT_EQ(shown.compares.back(), true);
  send_key(button, GDK_KEY_RELEASE, GDK_KEY_a);
  EXPECT_EQ(shown.compares.back(), false);
}

TEST(DialogTest, CompareEndsWithTheWindow) {
  Shown shown;
  g_signal_emit_by_name(shown.button("Compare"), "pressed");
  shown.close();
  EXPECT_EQ(shown.compares, (std::vector<bool>{true, false}));
}

TEST(DialogTest, AWidgetWithoutItsDialogDoesNothing) {
  Shown shown;
  shown.dialog.reset();
  shown.type("Sigma", "7");
  gtk_range_set_value(shown.slider("Size"), 0.7);
  gtk_combo_box_set_active(shown.list("Borders"), 0);
  g_signal_emit_by_name(shown.button("Compare"), "pressed");
  gtk_widget_queue_draw(shown.window());
  Shown::settle();
  EXPECT_TRUE(shown.changes.empty());
  EXPECT_TRUE(shown.compares.empty());
}

TEST(DialogTest, ADialogWithoutItsWidgetKeepsItsState) {
  Shown shown;
  shown.type("Sigma", "7");
  shown.close();
  EXPECT_EQ(shown.dialog->state().settings.sigma, 7);
  shown.dialog->set_state({});
  EXPECT_EQ(shown.dialog->state(), DialogState{});
}

TEST(DialogTest, MasksHaveNoLightAndNoPreview) {
  DialogOptions options;
  options.light_matters = false;
  options.no_preview_reason = "Masks show none";
  const Shown shown({}, options);
  EXPECT_FALSE(is_sensitive(shown.list("Light")));
  EXPECT_FALSE(is_sensitive(shown.check("Preview")));
  EXPECT_EQ(shown.button("Compare"), nullptr);
  bool told = false;
  for_each(shown.window(), [&](GtkWidget* widget) {
    told |= GTK_IS_LABEL(widget) &&
            gtk_label_get_text(GTK_LABEL(widget)) == options.no_preview_reason;
  });
  EXPECT_TRUE(told);
  gtk_toggle_button_set_active(shown.check("Same vertically"), FALSE);
  EXPECT_TRUE(shown.dialog->state().preview) << "remembered for the next layer";
}

TEST(DialogTest, ASizeThatCantBeHadDoesNotStayInItsEntry) {
  DialogState state;
  state.settings = {1, 1 / 6.0};
  state.link = Link::kSigmaFollowsSize;
  const Shown shown(state);
  shown.type("Size", "0");
  EXPECT_EQ(shown.dialog->state().settings.size, 1);
  EXPECT_EQ(gtk_spin_button_get_value(shown.entry("Size")), 1);
}

TEST(DialogTest, TheEffectIsOfferedOnlyWhereItCanBeKept) {
  EXPECT_EQ(Shown().check("Keep as layer effect"), nullptr);
  DialogOptions options;
  options.offer_keep_effect = true;
  const Shown shown({}, options);
  gtk_toggle_button_set_active(shown.check("Keep as layer effect"), TRUE);
  EXPECT_TRUE(shown.dialog->state().keep_effect);
}

TEST(DialogTest, ThePlotAsksForItsWidthOnly) {
  DialogOptions options;
  options.kind = DialogOptions::Kind::kPlot;
  const Shown shown({}, options);
  EXPECT_EQ(shown.list("Borders"), nullptr);
  EXPECT_EQ(shown.check("Preview"), nullptr);
  EXPECT_EQ(gtk_spin_button_get_value(shown.entry("Image width")), 800);
  shown.type("Image width", "1200");
  EXPECT_EQ(shown.dialog->state().plot_width, 1200);
  EXPECT_EQ(shown.changes.size(), 1u);
}

TEST(DialogTest, TheViewTellsItsFactsToScreenReaders) {
  const Shown shown;
  GtkWidget* view = shown.find(GTK_TYPE_DRAWING_AREA, "Kernel matrix");
  ASSERT_NE(view, nullptr);
  const auto description = [&] {
    return std::string(
        atk_object_get_description(gtk_widget_get_accessible(view)));
  };
  EXPECT_NE(description().find("9 × 9 · keeps 99.99 %"), std::string::npos);
  shown.type("Size", "21");
  shown.type("Sigma", "5");
  EXPECT_NE(description().find("21 × 21 · keeps 96.5 %"), std::string::npos);
}

// In each language that the project speaks.
class DialogLanguageTest : public testing::TestWithParam<const char*> {
 protected:
  void SetUp() override { speak(GetParam()); }
  void TearDown() override { speak("en"); }

  static std::vector<std::pair<DialogState, DialogOptions>> all_kinds() {
    DialogState wordy;
    wordy.settings = {20, 5, 32, 8.4};
    wordy.link = Link::kFree;
    DialogOptions mask;
    mask.light_matters = false;
    mask.no_preview_reason =
        _("No preview: GIMP can't show one for masks and channels.");
    DialogOptions effect;
    effect.offer_keep_effect = true;
    DialogOptions plot;
    plot.kind = DialogOptions::Kind::kPlot;
    return {
        {{}, {}}, {wordy, {}}, {wordy, mask}, {wordy, effect}, {wordy, plot}};
  }

 private:
  static void speak(const char* language) {
    g_setenv("LANGUAGE", language, TRUE);
    // Makes gettext look at the environment again.
    std::setlocale(LC_MESSAGES, "C");
    std::setlocale(LC_MESSAGES, kLocale);
    const bool right_to_left = std::string(language) == "ar";
    gtk_widget_set_default_direction(right_to_left ? GTK_TEXT_DIR_RTL
                                                   : GTK_TEXT_DIR_LTR);
  }
};

TEST_P(DialogLanguageTest, IsTranslated) {
  const std::string preview = _("_Preview");
  EXPECT_EQ(preview == "_Preview", std::string(GetParam()) == "en") << preview;
}

TEST_P(DialogLanguageTest, NamesAndExplainsEveryControl) {
  for (const auto& [state, options] : all_kinds()) {
    const Shown shown(state, options);
    for_each(shown.dialog->widget(), [](GtkWidget* widget) {
      // Parts of a combo box answer for themselves.
      if (!is_control(widget) ||
          GTK_IS_COMBO_BOX(gtk_widget_get_parent(widget))) {
        return;
      }
      EXPECT_NE(name_of(widget), "") << G_OBJECT_TYPE_NAME(widget);
      const char* description =
          atk_object_get_description(gtk_widget_get_accessible(widget));
      EXPECT_TRUE(description && *description) << name_of(widget);
    });
  }
}

TEST_P(DialogLanguageTest, HasNoMnemonicTwice) {
  for (const auto& [state, options] : all_kinds()) {
    const Shown shown(state, options);
    std::map<guint, std::string> taken;
    // The host's own buttons.
    for (const char* label : {_("_Reset"), _("_Cancel"), _("_OK")}) {
      GtkWidget* button = gtk_label_new_with_mnemonic(label);
      g_object_ref_sink(button);
      taken[gtk_label_get_mnemonic_keyval(GTK_LABEL(button))] = label;
      g_object_unref(button);
    }
    // GIMP's own: Help, and in GIMP 3 also those that keep settings.
    static const std::map<std::string, std::map<guint, std::string>> kOfGimp = {
        {"en",
         {{GDK_KEY_h, "_Help"},
          {GDK_KEY_l, "_Load Saved Settings"},
          {GDK_KEY_s, "_Save Settings"}}},
        {"de",
         {{GDK_KEY_h, "_Hilfe"},
          {GDK_KEY_g, "_Gespeicherte Einstellungen laden"},
          {GDK_KEY_s, "Einstellungen _speichern"},
          {GDK_KEY_z, "_Zurücksetzen"}}},
        {"ar", {}},  // not translated
    };
    const auto& of_gimp = kOfGimp.at(GetParam());
    taken.insert(of_gimp.begin(), of_gimp.end());
    int mnemonics = 0;
    for_each(shown.dialog->widget(), [&](GtkWidget* widget) {
      if (!GTK_IS_LABEL(widget)) return;
      const guint key = gtk_label_get_mnemonic_keyval(GTK_LABEL(widget));
      if (key == GDK_KEY_VoidSymbol) return;
      ++mnemonics;
      const std::string label = gtk_label_get_label(GTK_LABEL(widget));
      EXPECT_TRUE(taken.emplace(key, label).second)
          << label << " and " << taken[key];
    });
    EXPECT_GE(mnemonics, 7);
  }
}

TEST_P(DialogLanguageTest, FitsASmallScreen) {
  for (const auto& [state, options] : all_kinds()) {
    const Shown shown(state, options);
    EXPECT_LE(height_of(shown.dialog->widget()), kMostHeight);
  }
}

INSTANTIATE_TEST_SUITE_P(Languages, DialogLanguageTest,
                         testing::Values("en", "de", "ar"),
                         [](const auto& info) {
                           return std::string(info.param);
                         });

}  // namespace
}  // namespace gk

int main(int argc, char** argv) {
  testing::InitGoogleTest(&argc, argv);
  if (!gtk_init_check(&argc, &argv)) {
    std::puts("Skipped: there is no display; install xvfb.");
    return 77;
  }
  // Misuse of GTK is a failure.
  g_log_set_always_fatal(static_cast<GLogLevelFlags>(G_LOG_LEVEL_CRITICAL));
  if (!std::setlocale(LC_ALL, gk::kLocale)) {
    std::printf("Skipped: there is no locale %s; install locales.\n",
                gk::kLocale);
    return 77;
  }
  bindtextdomain(gk::parameters::kTextDomain, GK_LOCALE_FOLDER);
  bind_textdomain_codeset(gk::parameters::kTextDomain, "UTF-8");
  return RUN_ALL_TESTS();
}
