# SPDX-License-Identifier: LGPL-3.0-or-later
"""GIMP 3's window and the plug-in's, used as a user does."""

import gettext
import os
import pathlib
import signal
import time
import unittest

import numpy as np

from gimp_3_desktop import Desktop
from screen import enter_session_bus

enter_session_bus()

WORK = pathlib.Path(os.environ["GK_WORK"]) / "gimp-3-gui"
TITLE = "Gaussian Kernel Blur"
PLOT_TITLE = "Gaussian Kernel Matrix"
EFFECT_TITLE = "^Gaussian Kernel$"  # of GIMP's own dialog
MESSAGE = "GIMP Message"
PLUG_IN = "gaussian-kernel"
HEIGHT, WIDTH = 240, 320

PICTURE = f"""
random = np.random.default_rng(0)

def picture():
    blocks = random.integers(0, 2, ({HEIGHT} // 10, {WIDTH} // 10, 3),
                             dtype=np.uint8)
    return np.kron(255 * blocks, np.ones((10, 10, 1), np.uint8))

image = new_image({WIDTH}, {HEIGHT})
layer = new_layer(image, 3)
set_pixels(layer, "R'G'B' u8", picture())
"""
SHOW = """
display = Gimp.Display.new(image)
image.clean_all()
Gimp.displays_flush()
"""


class Windows(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.desktop = Desktop(WORK / "profile", WORK / "screens")

    @classmethod
    def tearDownClass(cls):
        cls.desktop.close()

    def tearDown(self):
        desktop = self.desktop
        desktop.screenshot(self.id().rpartition(".")[2] + "-end")
        desktop.let_go()
        for title in TITLE, PLOT_TITLE, EFFECT_TITLE:
            for window in desktop.windows(title):
                desktop.keys(window, "Escape")
        self.wait_for_end()
        for window in desktop.windows(MESSAGE):
            desktop.keys(window, "Escape")
        desktop.wait_for(lambda: not desktop.windows(MESSAGE), "no message")
        desktop.tell("if display.is_valid(): display.delete()")

    # What GIMP holds.

    def show(self, more=""):
        """Opens a picture and finds it on the screen."""
        desktop = self.desktop
        desktop.tell(PICTURE + more + SHOW)
        self.place = desktop.wait_for(self.find, "the picture")
        self.original = self.layer_pixels()

    def layer_pixels(self, drawable="layer"):
        return np.array(
            self.desktop.ask(f"pixels({drawable}, \"R'G'B' u8\").tolist()"),
            np.uint8,
        )

    def shown_pixels(self):
        return np.array(
            self.desktop.ask("flat(image, \"R'G'B' u8\").tolist()"), np.uint8
        )

    def find(self):
        wanted = self.shown_pixels()
        screen = self.desktop.pixels()
        rows, columns = np.nonzero(
            (screen[: -HEIGHT, : -WIDTH] == wanted[0, 0]).all(axis=2)
        )
        for y, x in zip(rows, columns):
            there = screen[y : y + HEIGHT, x : x + WIDTH]
            if (there[9::20, 9] == wanted[9::20, 9]).all() and (
                there[4:-4, 4:-4] == wanted[4:-4, 4:-4]
            ).all():
                return y, x
        return None

    def canvas(self):
        y, x = self.place
        # The layer's boundary may be drawn.
        return self.desktop.pixels()[y + 4 : y + HEIGHT - 4,
                                     x + 4 : x + WIDTH - 4]

    def wait_for_canvas(self, pixels, what):
        # GIMP's display and its export may round a blended pixel differently.
        inner = pixels[4:-4, 4:-4].astype(int)
        self.desktop.wait_for(
            lambda: np.abs(self.canvas().astype(int) - inner).max() <= 1, what
        )

    def blurred(self, **settings):
        """What the same call without a dialog makes visible."""
        self.desktop.tell(f"""
twin = image.duplicate()
for target in twin.get_selected_drawables():
    for effect in target.get_filters():
        effect.delete()
blur(twin, twin.get_selected_drawables(), **{settings!r})
twin_pixels = flat(twin, "R'G'B' u8").tolist()
twin.delete()
""")
        return np.array(self.desktop.ask("twin_pixels"), np.uint8)

    def steps(self):
        """What Edit offers to undo and redo."""
        program = self.desktop.program("gimp")
        program.clear_cache()
        names = []
        for part in self.desktop.parts(program):
            try:
                name = part.get_name() or ""
                if part.get_role_name() == "menu item" and (
                    name.startswith(("Undo", "Redo"))
                    and name != "Undo History"
                ):
                    names.append(name)
            except self.desktop.gone:
                pass
        return names

    def trace(self):
        """All that Cancel must leave as it was."""
        return (
            self.steps(),
            self.desktop.title(),
            self.desktop.ask("len(layer.get_filters())"),
            self.desktop.ask("image.get_parasite_list()"),
        )

    # The dialog.

    def open_dialog(self, title=TITLE):
        desktop = self.desktop
        desktop.press(desktop.wait_for(
            lambda: desktop.part("gimp", "menu item", title), "the menu item"
        ))
        self.dialog = desktop.wait_for(
            lambda: desktop.windows(title), "the dialog"
        )[-1]
        desktop.tool("windowmove", "--sync", self.dialog, "880", "10")
        desktop.wait_for(lambda: desktop.program(PLUG_IN), "its parts")

    def part(self, role, name):
        return self.desktop.wait_for(
            lambda: self.desktop.part(PLUG_IN, role, name), name
        )

    def set(self, name, value):
        self.part("spin button", name).get_value_iface().set_current_value(
            value
        )

    def click(self, role, name):
        self.desktop.press(self.part(role, name))

    def leave(self, key):
        self.desktop.keys(self.dialog, key)
        self.wait_for_end()

    def accept(self):
        self.click("button", "OK")
        self.wait_for_end()

    def wait_for_end(self):
        self.desktop.wait_for(
            lambda: not self.plug_in_process(), "the plug-in to end"
        )

    def undo(self):
        window = self.desktop.windows("picture-window")[-1]
        self.desktop.keys(window, "ctrl+z")

    def plug_in_process(self):
        program = str(
            self.desktop.profile.profile / "plug-ins" / PLUG_IN / PLUG_IN
        )
        for process in pathlib.Path("/proc").iterdir():
            try:
                words = (process / "cmdline").read_bytes().split(b"\0")
            except OSError:
                continue
            if words[0].decode() == program:
                return int(process.name)
        return None

    def message(self):
        """What GIMP tells in a window, which then is closed."""
        desktop = self.desktop
        window = desktop.wait_for(
            lambda: desktop.windows(MESSAGE), "a message"
        )[-1]
        told = self.told("gimp")
        desktop.keys(window, "Escape")
        desktop.wait_for(lambda: not desktop.windows(MESSAGE), "it to go")
        return told

    def told(self, program):
        """The texts in its windows."""
        told = []
        for part in self.desktop.parts(self.desktop.program(program)):
            try:
                if part.get_role_name() == "label":
                    told.append(part.get_name() or "")
            except self.desktop.gone:
                pass
        return "\n".join(told)

    # Scenarios.

    def test_preview_and_cancel_leave_no_trace(self):
        self.show("""
layer.invert(False)
""")
        before = self.trace()
        self.open_dialog()
        self.set("Sigma", 5.0)
        blurred = self.blurred(sigma=5.0)
        self.assertFalse(np.array_equal(blurred, self.original))
        self.wait_for_canvas(blurred, "the preview")
        self.desktop.screenshot("preview")
        self.click("check box", "Preview")
        self.wait_for_canvas(self.original, "the preview to be off")
        self.click("check box", "Preview")
        self.wait_for_canvas(blurred, "the preview to be on")
        self.leave("Escape")
        self.wait_for_canvas(self.original, "the picture as it was")
        np.testing.assert_array_equal(self.layer_pixels(), self.original)
        self.assertEqual(self.trace(), before)

    def test_ok_is_one_step(self):
        self.show()
        before = self.trace()
        self.open_dialog()
        self.set("Sigma", 4.0)
        blurred = self.blurred(sigma=4.0)
        self.wait_for_canvas(blurred, "the preview")
        self.leave("Return")
        self.desktop.wait_for(
            lambda: np.array_equal(self.layer_pixels(), blurred), "the blur"
        )
        self.wait_for_canvas(blurred, "the blur on the canvas")
        self.assertEqual(self.desktop.ask("len(layer.get_filters())"), 0)
        self.assertIn("*", self.desktop.title())
        self.desktop.screenshot("ok")
        self.undo()
        self.wait_for_canvas(self.original, "the picture as it was")
        np.testing.assert_array_equal(self.layer_pixels(), self.original)
        self.desktop.wait_for(
            lambda: self.steps()[0] == before[0][0], "the step to be undone"
        )
        self.assertEqual(self.desktop.title(), before[1])

    def test_a_kept_effect_is_one_step(self):
        self.show()
        self.open_dialog()
        self.set("Sigma", 3.0)
        blurred = self.blurred(sigma=3.0)
        box = self.part("check box", "Keep as layer effect")
        self.desktop.press(box)
        self.accept()
        self.desktop.wait_for(
            lambda: self.desktop.ask(
                "[f.get_name() for f in layer.get_filters()]"
            )
            == ["Gaussian Kernel"],
            "the effect",
        )
        self.wait_for_canvas(blurred, "the effect on the canvas")
        np.testing.assert_array_equal(self.layer_pixels(), self.original)
        self.desktop.screenshot("kept-effect")
        self.undo()
        self.wait_for_canvas(self.original, "the picture as it was")
        self.assertEqual(self.desktop.ask("len(layer.get_filters())"), 0)
        # The next test wants the default again.
        self.open_dialog()
        self.desktop.press(self.part("check box", "Keep as layer effect"))
        self.accept()

    def effect_cell(self):
        """Where the layer's row shows that there are effects."""
        desktop = self.desktop
        name = desktop.part("gimp", "table cell", "layer")
        place = name and desktop.place(name)
        if not place:
            return None
        table = name.get_parent().get_parent()
        cells = set()
        for part in desktop.parts(table):
            middle = desktop.place(part)
            if (
                part.get_role_name() == "table cell"
                and middle
                and middle[1] == place[1]
            ):
                cells.add(middle)
        # Eye, lock, effects, picture, name.
        return sorted(cells)[2] if len(cells) >= 5 else None

    def effect_dialog(self):
        """Opens the effect from the layer's list of effects. GIMP 3.2 does
        nothing the first time that it has to leave a tool for that."""
        desktop = self.desktop
        desktop.hold(*desktop.wait_for(self.effect_cell, "the layer's row"))
        desktop.let_go()
        edit = desktop.wait_for(
            lambda: desktop.described("gimp", "button", "Edit the selected"),
            "the list of effects",
        )
        button = desktop.wait_for(lambda: desktop.place(edit), "its buttons")
        desktop.screenshot("effects")
        desktop.hold(*button)
        desktop.let_go()
        end = time.monotonic() + 5
        while time.monotonic() < end:
            if windows := desktop.windows(EFFECT_TITLE):
                return windows
            time.sleep(0.1)
        return None

    def test_a_kept_effect_is_edited_in_gimps_own_dialog(self):
        desktop = self.desktop
        self.show()
        desktop.tell("""
blur(image, [layer], sigma=3.0, keep_effect=True)
Gimp.displays_flush()
""")
        window = desktop.wait_for(self.effect_dialog, "GIMP's dialog")[-1]
        desktop.tool("windowmove", "--sync", window, "880", "10")
        spin = desktop.wait_for(
            lambda: desktop.described(
                "gimp", "spin button", "Standard deviation of the Gaussian"
            ),
            "sigma",
        )
        blurred = self.blurred(sigma=6.0)
        spin.get_value_iface().set_current_value(6.0)
        self.wait_for_canvas(blurred, "the other blur")
        desktop.screenshot("effect-dialog")
        desktop.keys(window, "Return")
        desktop.wait_for(
            lambda: not desktop.windows(EFFECT_TITLE), "the dialog to end"
        )
        desktop.wait_for(
            lambda: desktop.ask(
                "[f.get_config().get_property('sigma')"
                " for f in layer.get_filters()]"
            )
            == [6.0],
            "the changed effect",
        )
        self.wait_for_canvas(blurred, "the other blur to stay")
        np.testing.assert_array_equal(self.layer_pixels(), self.original)

    def test_compare_shows_the_picture_while_it_is_held(self):
        self.show()
        self.open_dialog()
        self.set("Sigma", 5.0)
        blurred = self.blurred(sigma=5.0)
        self.wait_for_canvas(blurred, "the preview")
        button = self.part("button", "Compare")
        self.desktop.hold(*self.desktop.wait_for(
            lambda: self.desktop.place(button), "the button"
        ))
        self.wait_for_canvas(self.original, "the picture as it was")
        self.desktop.screenshot("compare")
        self.desktop.let_go()
        self.wait_for_canvas(blurred, "the preview again")
        self.leave("Escape")

    def test_help_opens_the_page_beside_the_plug_in(self):
        folder = self.desktop.profile.folder
        reader, read = folder / "reader", folder / "reader.read"
        reader.write_text('#!/bin/sh\nprintf %s "$1" >"$0.read"\n')
        reader.chmod(0o755)
        applications = folder / "data" / "applications"
        applications.mkdir(exist_ok=True)
        (applications / "reader.desktop").write_text(
            f"[Desktop Entry]\nType=Application\nName=Reader\n"
            f"Exec={reader} %u\n"
        )
        (folder / "config" / "mimeapps.list").write_text(
            "[Default Applications]\nx-scheme-handler/file=reader.desktop\n"
        )
        self.show()
        self.open_dialog()
        self.click("button", "Help")
        self.desktop.wait_for(
            lambda: read.exists() and read.read_text(), "the page"
        )
        page = self.desktop.profile.profile / "plug-ins" / PLUG_IN / "help.html"
        self.assertEqual(read.read_text(), str(page))
        self.leave("Escape")

    def test_the_matrix_becomes_an_image(self):
        desktop = self.desktop
        self.show()
        before = desktop.ask("len(Gimp.get_images())")
        self.open_dialog(PLOT_TITLE)
        self.set("Size", 21)
        self.set("Image width", 400)
        desktop.screenshot("matrix-dialog")
        self.accept()
        desktop.wait_for(
            lambda: desktop.ask("len(Gimp.get_images())") == before + 1,
            "the image",
        )
        desktop.tell(
            "plot = max(Gimp.get_images(), key=lambda one: one.get_id())"
        )
        self.assertEqual(desktop.ask("plot.get_width()"), 400)
        # Viridis' yellow, at the peak.
        self.assertTrue(desktop.ask(
            "bool((flat(plot, \"R'G'B' u8\") == (253, 231, 37))"
            ".all(axis=2).any())"
        ))
        desktop.screenshot("matrix")
        desktop.tell("""
newest = display.get_id() + 1
assert Gimp.Display.id_is_valid(newest)
Gimp.Display.get_by_id(newest).delete()
""")

    def test_several_layers_are_one_step(self):
        self.show("""
second = new_layer(image, 3, "second")
set_pixels(second, "R'G'B' u8", picture())
second.set_opacity(50)
image.set_selected_layers([layer, second])
""")
        shown = self.shown_pixels()
        before = [self.layer_pixels(), self.layer_pixels("second")]
        self.open_dialog()
        self.set("Sigma", 3.0)
        blurred = self.blurred(sigma=3.0)
        self.wait_for_canvas(blurred, "the preview")
        self.accept()
        self.desktop.wait_for(
            lambda: not np.array_equal(self.layer_pixels("second"), before[1]),
            "the second blur",
        )
        self.wait_for_canvas(blurred, "the blur on the canvas")
        self.undo()
        self.wait_for_canvas(shown, "the picture as it was")
        np.testing.assert_array_equal(self.layer_pixels(), before[0])
        np.testing.assert_array_equal(self.layer_pixels("second"), before[1])

    def test_a_selection_limits_preview_and_result(self):
        self.show("""
image.select_ellipse(Gimp.ChannelOps.REPLACE, 60, 60, 150, 120)
""")
        self.open_dialog()
        self.set("Sigma", 3.0)
        blurred = self.blurred(sigma=3.0)
        self.assertTrue((blurred[:50] == self.original[:50]).all())
        self.wait_for_canvas_but_ants(blurred)
        self.desktop.screenshot("selection")
        self.accept()
        self.desktop.wait_for(
            lambda: np.array_equal(self.layer_pixels(), blurred), "the blur"
        )

    def wait_for_canvas_but_ants(self, pixels):
        inner = pixels[4:-4, 4:-4]
        self.desktop.wait_for(
            lambda: (self.canvas() == inner).all(axis=2).mean() > 0.98,
            "the preview",
        )

    def test_a_mask_has_no_preview(self):
        self.show("""
mask = layer.create_mask(Gimp.AddMaskType.WHITE)
layer.add_mask(mask)
image.select_rectangle(Gimp.ChannelOps.REPLACE, 0, 0, 160, 240)
mask.edit_fill(Gimp.FillType.FOREGROUND)
Gimp.Selection.none(image)
layer.set_edit_mask(True)
layer.set_show_mask(False)
mask_before = drawable_pixels = pixels(mask, drawable_encoding(mask)).copy()
layer.set_apply_mask(False)
""")
        self.open_dialog()
        self.set("Sigma", 5.0)
        self.assertIn("No preview", self.told(PLUG_IN))
        self.desktop.screenshot("mask")
        self.accept()
        self.desktop.wait_for(
            lambda: self.desktop.ask(
                "bool((pixels(mask, drawable_encoding(mask))"
                " != mask_before).any())"
            ),
            "the mask to be blurred",
        )
        np.testing.assert_array_equal(self.layer_pixels(), self.original)

    def test_a_group_keeps_an_effect(self):
        self.show("""
group = Gimp.GroupLayer.new(image, "group")
image.insert_layer(group, None, 0)
image.reorder_item(layer, group, 0)
image.set_selected_layers([group])
""")
        self.open_dialog()
        self.set("Sigma", 3.0)
        blurred = self.blurred(sigma=3.0)
        self.wait_for_canvas(blurred, "the preview")
        self.desktop.screenshot("group")
        self.accept()
        self.desktop.wait_for(
            lambda: self.desktop.ask(
                "[f.get_name() for f in group.get_filters()]"
            )
            == ["Gaussian Kernel"],
            "the effect",
        )
        self.wait_for_canvas(blurred, "the effect on the canvas")
        np.testing.assert_array_equal(self.layer_pixels(), self.original)

    def test_a_killed_preview_costs_nothing(self):
        self.show("""
layer.invert(False)
""")
        before = self.steps()
        self.open_dialog()
        self.set("Sigma", 6.0)
        blurred = self.blurred(sigma=6.0)
        self.wait_for_canvas(blurred, "the preview")
        os.kill(self.plug_in_process(), signal.SIGKILL)
        self.wait_for_end()
        self.desktop.screenshot("killed")
        self.assertIn("crashed", self.message())
        self.assertEqual(
            self.desktop.ask("[f.get_name() for f in layer.get_filters()]"),
            ["Gaussian Kernel (preview)"],
        )
        np.testing.assert_array_equal(self.layer_pixels(), self.original)
        self.assertEqual(self.steps(), before)
        # The next run clears up, and the history still works.
        self.open_dialog()
        self.leave("Escape")
        self.wait_for_canvas(self.original, "the picture as it was")
        self.assertEqual(self.desktop.ask("len(layer.get_filters())"), 0)
        self.undo()
        self.wait_for_canvas(255 - self.original, "the inversion undone")

    def test_closing_the_image_closes_the_dialog(self):
        self.show()
        self.open_dialog()
        self.set("Sigma", 2.5)
        self.wait_for_canvas(self.blurred(sigma=2.5), "the preview")
        self.desktop.tell("display.delete()")
        self.wait_for_end()
        self.assertEqual(self.desktop.ask("1 + 1"), 2)
        self.desktop.screenshot("image-closed")
        self.assertIn("The image was closed", self.message())

    def test_deleting_the_layer_closes_the_dialog(self):
        self.show("""
new_layer(image, 3, "second", None, 1)
image.set_selected_layers([layer])
""")
        self.open_dialog()
        self.set("Sigma", 2.5)
        self.wait_for_canvas(self.blurred(sigma=2.5), "the preview")
        self.desktop.tell("image.remove_layer(layer)")
        self.wait_for_end()
        self.assertEqual(self.desktop.ask("1 + 1"), 2)
        self.desktop.screenshot("layer-deleted")
        self.assertIn("The layer was deleted", self.message())

    def test_reverting_the_image_closes_the_dialog(self):
        desktop = self.desktop
        self.show(f"""
save(image, {str(WORK / 'revert.xcf')!r})
image.set_file(Gio.File.new_for_path({str(WORK / 'revert.xcf')!r}))
""")
        self.open_dialog()
        self.set("Sigma", 2.5)
        self.wait_for_canvas(self.blurred(sigma=2.5), "the preview")
        desktop.press(desktop.wait_for(
            lambda: desktop.part("gimp", "menu item", "Revert"), "the menu item"
        ))
        desktop.press(desktop.wait_for(
            lambda: desktop.part("gimp", "button", "Revert"), "the question"
        ))
        self.wait_for_end()
        desktop.screenshot("reverted")
        self.assertIn("The image was closed", self.message())
        self.wait_for_canvas(self.original, "the picture of the file")
        self.assertFalse(desktop.ask("image.is_valid()"))

    def test_a_floating_selection_has_no_preview(self):
        self.show("""
image.select_rectangle(Gimp.ChannelOps.REPLACE, 0, 0, 160, 240)
Gimp.edit_copy([layer])
Gimp.Selection.none(image)
floating = Gimp.edit_paste(layer, True)[0]
image.select_rectangle(Gimp.ChannelOps.REPLACE, 0, 0, 0, 0)
""")
        self.open_dialog()
        self.set("Sigma", 5.0)
        self.assertIn("floating selection", self.told(PLUG_IN))
        self.desktop.screenshot("floating")
        self.accept()
        self.desktop.wait_for(
            lambda: (self.layer_pixels("floating")
                     != self.original[:, :160]).any(),
            "the blur",
        )
        np.testing.assert_array_equal(self.layer_pixels(), self.original)

    def test_reset_and_saved_settings_reach_the_dialog(self):
        self.show()
        self.open_dialog()
        self.set("Sigma", 7.0)
        self.wait_for_canvas(self.blurred(sigma=7.0), "the preview")
        self.click("button", "Save Settings")
        self.set("Sigma", 2.0)
        self.wait_for_canvas(self.blurred(sigma=2.0), "the preview")
        self.click("button", "Load Saved Settings")
        self.wait_for_canvas(self.blurred(sigma=7.0), "the saved settings")
        spin = self.part("spin button", "Sigma").get_value_iface()
        self.assertEqual(spin.get_current_value(), 7.0)
        self.click("button", "Reset")
        self.click("button", "Reset to Factory Defaults")
        self.wait_for_canvas(self.blurred(), "the defaults")
        self.assertEqual(spin.get_current_value(), 1.0)


class Languages(unittest.TestCase):
    def show_dialog(self, name, locale, theme):
        catalogue = gettext.translation(
            PLUG_IN, os.environ["GK_LOCALE"], [locale[:2]], fallback=True
        )
        self.assertTrue(
            locale.startswith("C") or catalogue.info(), "no catalogue"
        )
        title = catalogue.gettext(TITLE)
        label = catalogue.gettext("Gaussian _Kernel Blur...")
        desktop = Desktop(
            WORK / f"profile-{name}", WORK / "screens", locale, theme
        )
        try:
            desktop.tell(PICTURE + SHOW)
            desktop.press(desktop.wait_for(
                lambda: desktop.part(
                    "gimp", "menu item", label.replace("_", "").rstrip(".…")
                ),
                "the menu item",
            ))
            window = desktop.wait_for(
                lambda: desktop.windows(title), "the dialog"
            )[-1]
            desktop.tool("windowmove", "--sync", window, "800", "10")
            desktop.wait_for(
                lambda: desktop.ask("len(layer.get_filters())"), "the preview"
            )
            shape = desktop.geometry(window)
            before = None
            while before is None or (before != desktop.pixels()).any():
                before = desktop.pixels()
                time.sleep(0.3)
            desktop.screenshot(name)
        finally:
            desktop.close()
        print(f"{name}: {shape['WIDTH']} x {shape['HEIGHT']}")

    def test_german_on_a_light_theme(self):
        self.show_dialog("german-light", "de_DE.UTF-8", "light")

    def test_arabic(self):
        self.show_dialog("arabic-dark", "ar_EG.UTF-8", "dark")


if __name__ == "__main__":
    unittest.main(verbosity=2)
