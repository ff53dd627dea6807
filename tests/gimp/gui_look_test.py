# SPDX-License-Identifier: LGPL-3.0-or-later
"""The dialog in GIMP 2.10 in other languages, on both themes, and to a screen
reader. Screenshots are kept to be looked at."""

import gettext
import os
import unittest

from desktop import BLUR_KEY, enter_session_bus
from window_case import DIALOG, WindowCase, picture

HIGHEST = 700  # pixels, of the whole dialog
TITLE = "Gaussian Kernel Blur"

# Each control by its role and its name in the tree.
CONTROLS = [
    ("slider", "Size"),
    ("spin button", "Size"),
    ("slider", "Sigma"),
    ("spin button", "Sigma"),
    ("combo box", "Link"),
    ("check box", "Same vertically"),
    ("slider", "Vertical size"),
    ("spin button", "Vertical size"),
    ("slider", "Vertical sigma"),
    ("spin button", "Vertical sigma"),
    ("combo box", "Borders"),
    ("combo box", "Light"),
    ("combo box", "Method"),
    ("check box", "Preview"),
    ("push button", "Compare"),
    ("push button", "Help"),
    ("push button", "Reset"),
    ("push button", "Cancel"),
    ("push button", "OK"),
]


class Look(WindowCase):
    """In each language and theme, with a GIMP for each."""

    def setUp(self):
        self.stop()

    def show(self, name, locale, theme):
        type(self).name = f"look-{name}"
        type(self).options = {"locale": locale, "theme": theme}
        self.start()
        catalogue = gettext.translation(
            "gaussian-kernel",
            os.environ["GK_LOCALE"],
            [locale[:2]],
            fallback=locale.startswith("C."),
        )
        title = catalogue.gettext(TITLE)
        self.open(picture())
        count = self.previews()
        self.press_in_canvas(BLUR_KEY)
        window = self.desktop.activate(title)
        self.desktop.tool("windowmove", "--sync", window, 1040, 100)
        self.park_pointer()
        self.wait_for_preview(count)
        self.desktop.settle()
        self.desktop.screenshot(name)
        height = self.desktop.geometry(window)["HEIGHT"]
        print(f"{name}: {height} pixels high")
        self.assertLessEqual(height, HIGHEST)
        self.desktop.keys("Escape")
        self.desktop.wait_for(
            lambda: not self.desktop.windows(title), "the dialog to close"
        )

    def test_german_on_the_dark_theme(self):
        self.show("german-dark", "de_DE.UTF-8", "Dark")

    def test_arabic_on_the_light_theme(self):
        self.show("arabic-light", "ar_EG.UTF-8", "Light")


class ScreenReader(WindowCase):
    """On GIMP's light theme."""

    name = "screen-reader"
    options = {"theme": "Light", "readable": True}

    def parts(self, root):
        yield root
        for i in range(root.get_child_count()):
            child = root.get_child_at_index(i)
            if child:
                yield from self.parts(child)

    def plug_in(self, atspi):
        desktop = atspi.get_desktop(0)
        for i in range(desktop.get_child_count()):
            program = desktop.get_child_at_index(i)
            if program and program.get_name() == "gaussian-kernel":
                return program
        return None

    def test_the_tree_names_every_control(self):
        self.open(picture())
        self.open_dialog()
        self.desktop.screenshot("light")
        os.environ["DISPLAY"] = self.desktop.console.environment["DISPLAY"]
        import gi

        gi.require_version("Atspi", "2.0")
        from gi.repository import Atspi

        Atspi.init()
        program = self.desktop.wait_for(
            lambda: self.plug_in(Atspi), "the plug-in in the tree"
        )
        parts = [
            (part.get_role_name(), part.get_name() or "", part)
            for part in self.parts(program)
        ]
        found = [(role, name.rstrip(".…")) for role, name, _ in parts]
        print("\n".join(f"{role}: {name}" for role, name in found))
        for control in CONTROLS:
            with self.subTest(control):
                self.assertIn(control, found)
        for role, name, part in parts:
            if part.get_state_set().contains(Atspi.StateType.FOCUSABLE):
                self.assertTrue(name, f"a {role} without a name")
        matrix = [part for _, name, part in parts if name == "Kernel matrix"]
        self.assertEqual(len(matrix), 1)
        self.assertIn("keeps", matrix[0].get_description())

        # As a screen reader's user would press it.
        cancel = next(
            part for role, name, part in parts
            if (role, name) == ("push button", "Cancel")
        )
        cancel.get_action_iface().do_action(0)
        self.desktop.wait_for(
            lambda: not self.desktop.windows(DIALOG), "the dialog to close"
        )


if __name__ == "__main__":
    enter_session_bus()
    unittest.main(verbosity=2)
