# SPDX-License-Identifier: LGPL-3.0-or-later
"""The dialog and the preview in GIMP 2.10's own windows."""

import os
import pathlib
import signal
import time
import unittest

import numpy as np

import tiff
from desktop import ACCELERATOR, CANVAS, Desktop, quoted

DIALOG = "Gaussian Kernel"
MESSAGE = "GIMP Message"


def picture(channels=3, dtype=np.uint8):
    """Squares of colour, so that every blur shows."""
    squares = np.random.default_rng(5).random((18, 24, channels))
    if channels % 2 == 0:
        squares[:, :, -1] = 0.25 + 0.75 * squares[:, :, -1]
    values = np.kron(squares, np.ones((20, 20, 1)))
    if np.dtype(dtype).kind == "u":
        values = np.round(values * np.iinfo(dtype).max)
    return values.astype(dtype)


class Gui(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.desktop = Desktop(os.path.join(os.environ["GK_WORK"], "gui"))

    @classmethod
    def tearDownClass(cls):
        cls.desktop.close()

    def setUp(self):
        self.opened = []

    def tearDown(self):
        self.desktop.screenshot(f"{self._testMethodName}-end")
        for window in self.desktop.windows(DIALOG):
            self.desktop.tool("windowactivate", "--sync", window)
            self.desktop.keys("Escape")
        self.close_messages()
        for image, display in self.opened:
            for script in (
                f"(gimp-image-clean-all {image})",
                f"(gimp-display-delete {display})",
            ):
                try:
                    self.desktop.ask(script)
                except RuntimeError:
                    pass

    # Steps of a user.

    def open(self, pixels):
        path = self.desktop.folder / f"{self._testMethodName}.tif"
        tiff.write(path, pixels)
        image, layer, display = self.desktop.open_image(path)
        self.opened.append((image, display))
        self.park_pointer()
        return image, layer, display

    def park_pointer(self):
        self.desktop.tool("mousemove", 1279, 2)

    def open_dialog(self):
        self.desktop.activate(CANVAS)
        self.desktop.keys(ACCELERATOR)
        return self.dialog_at_the_side()

    def dialog_at_the_side(self):
        window = self.desktop.activate(DIALOG)
        # Out of the canvas's way.
        self.desktop.tool("windowmove", "--sync", window, 805, 250)
        self.park_pointer()
        self.desktop.settle()
        return window

    def set_sigma(self, value):
        self.desktop.activate(DIALOG)
        self.desktop.keys("alt+g", "ctrl+a")
        self.desktop.type(value)
        # To the slider, where Return means OK.
        self.desktop.keys("shift+Tab")
        self.desktop.settle()

    def answer(self, key):
        self.desktop.activate(DIALOG)
        self.desktop.keys(key)
        self.desktop.wait_for(
            lambda: not self.desktop.windows(DIALOG), "the dialog to close"
        )
        self.desktop.settle()

    def undo(self):
        self.desktop.activate(CANVAS)
        self.desktop.keys("ctrl+z")
        self.desktop.settle()

    def read_message(self, name):
        """Waits for GIMP's message, keeps a picture of it, closes it."""
        self.desktop.wait_for(
            lambda: self.desktop.windows(MESSAGE), "GIMP's message"
        )
        self.desktop.settle()
        self.desktop.screenshot(name)
        self.close_messages()

    def close_messages(self):
        for window in self.desktop.windows(MESSAGE):
            self.desktop.tool("windowactivate", "--sync", window)
            self.desktop.keys("Escape")
        self.park_pointer()

    # What a user sees, and what GIMP holds.

    def canvas(self):
        """The left part of the canvas, which no window hides."""
        return self.desktop.settle()[330:720, 460:790].astype(int)

    def stored(self, image, layer):
        path = self.desktop.folder / "stored.tif"
        path.unlink(missing_ok=True)
        self.desktop.ask(
            f"(file-tiff-save RUN-NONINTERACTIVE {image} {layer}"
            f' {quoted(path)} "" 0)'
        )
        return tiff.read(path)[0]

    def blurred(self, image, layer, sigma, times=1):
        """What the non-interactive call makes of the same layer."""
        call = (
            "(plug-in-gaussian-kernel-blur RUN-NONINTERACTIVE copy drawable"
            f' 0 {sigma} -1 -1.0 "clamp" "linear" "auto")'
        )
        path = self.desktop.folder / "wanted.tif"
        self.desktop.ask(
            f"(let* ((copy (car (gimp-image-duplicate {image})))"
            f" (drawable (car (gimp-image-get-active-drawable copy))))"
            f" {call * times}"
            f" (file-tiff-save RUN-NONINTERACTIVE copy drawable"
            f' {quoted(path)} "" 0)'
            f" (gimp-image-delete copy))"
        )
        return tiff.read(path)[0]

    def assert_clean(self, image, layers=1):
        self.assertEqual(self.desktop.layer_count(image), layers)
        self.assertFalse(self.desktop.is_dirty(image))
        title = self.desktop.title_of(self.desktop.windows(CANVAS)[-1])
        self.assertNotIn("*", title)

    def kernel_processes(self):
        program = str(self.desktop.console.profile / "plug-ins")
        found = []
        for folder in pathlib.Path("/proc").glob("[0-9]*"):
            try:
                command = (folder / "cmdline").read_bytes().decode()
            except OSError:
                continue
            if command.startswith(program):
                found.append(int(folder.name))
        return found

    # Scenarios.

    def test_cancel_leaves_no_trace(self):
        image, layer, _ = self.open(picture())
        original = self.stored(image, layer)
        self.desktop.ask(
            f"(gimp-drawable-invert {layer} FALSE) (gimp-displays-flush)"
            f"(gimp-image-clean-all {image})"
        )
        before_pixels = self.stored(image, layer)
        before = self.canvas()
        self.open_dialog()
        self.set_sigma("8")
        previewed = self.canvas()
        self.assertGreater(np.abs(previewed - before).mean(), 5)
        self.desktop.screenshot("preview")
        self.assertFalse(self.desktop.is_dirty(image))

        self.desktop.keys("alt+p")
        np.testing.assert_array_equal(self.canvas(), before)
        self.desktop.screenshot("preview-off")
        self.desktop.keys("alt+p")
        np.testing.assert_array_equal(self.canvas(), previewed)

        self.desktop.tool("keydown", "alt", "keydown", "a")
        time.sleep(0.5)
        compared = self.canvas()
        self.desktop.screenshot("compare")
        self.desktop.tool("keyup", "a", "keyup", "alt")
        np.testing.assert_array_equal(compared, before)
        np.testing.assert_array_equal(self.canvas(), previewed)

        self.answer("Escape")
        np.testing.assert_array_equal(self.canvas(), before)
        np.testing.assert_array_equal(self.stored(image, layer), before_pixels)
        self.assert_clean(image)
        # The step before the dialog is the one that undo takes back.
        self.undo()
        np.testing.assert_array_equal(self.stored(image, layer), original)

    def test_ok_is_one_step_and_values_come_back(self):
        image, layer, _ = self.open(picture())
        original = self.stored(image, layer)
        self.desktop.ask(f"(gimp-drawable-invert {layer} FALSE)")
        inverted = self.stored(image, layer)
        once = self.blurred(image, layer, 5)
        self.open_dialog()
        self.set_sigma("5")
        previewed = self.canvas()
        self.answer("Return")
        self.assertLessEqual(np.abs(self.canvas() - previewed).max(), 1)
        np.testing.assert_array_equal(self.stored(image, layer), once)
        self.assertTrue(self.desktop.is_dirty(image))
        self.assertEqual(self.desktop.layer_count(image), 1)
        self.undo()
        np.testing.assert_array_equal(self.stored(image, layer), inverted)
        self.undo()
        np.testing.assert_array_equal(self.stored(image, layer), original)

        # Again, with the values of last time.
        wanted = self.blurred(image, layer, 5)
        self.open_dialog()
        self.desktop.screenshot("last-values")
        self.answer("Return")
        np.testing.assert_array_equal(self.stored(image, layer), wanted)
        twice = self.blurred(image, layer, 5)
        self.desktop.ask(
            "(plug-in-gaussian-kernel-blur RUN-WITH-LAST-VALS"
            f' {image} {layer} 0 0 0 0 "" "" "")'
        )
        np.testing.assert_array_equal(self.stored(image, layer), twice)

    def check_preview_is_result(self, name, pixels, setup, tolerance):
        image, layer, display = self.open(pixels)
        self.desktop.ask(
            f"(let* ((image {image}) (layer {layer})) {setup})"
            f"(gimp-displays-flush) (gimp-image-clean-all {image})"
        )
        layers = self.desktop.layer_count(image)
        before = self.canvas()
        self.open_dialog()
        self.set_sigma("6")
        previewed = self.canvas()
        self.desktop.screenshot(name)
        self.assertGreater(np.abs(previewed - before).max(), 20)
        self.answer("Return")
        result = self.canvas()
        self.assertLessEqual(np.abs(previewed - result).max(), tolerance)
        self.assertEqual(self.desktop.layer_count(image), layers)
        self.undo()
        np.testing.assert_array_equal(self.canvas(), before)
        self.desktop.ask(
            f"(gimp-image-clean-all {image}) (gimp-display-delete {display})"
        )
        self.opened.clear()

    def test_preview_is_the_result(self):
        select = (
            "(gimp-image-select-ellipse image CHANNEL-OP-REPLACE"
            " 40 40 250 250) {} (gimp-selection-feather image 30)"
        )
        cases = {
            "alpha": (picture(4), "#t", 1),
            "grey": (picture(1), "#t", 1),
            "float": (picture(4, np.float32), "#t", 1),
            "u16": (picture(3, np.uint16), "#t", 1),
            "linear": (
                picture(),
                "(gimp-image-convert-precision image PRECISION-FLOAT-LINEAR)",
                1,
            ),
            "selection": (picture(), select.format("").split(" (gimp-sel")[0], 1),
            "feathered": (picture(), select.format(""), 2),
            "alpha-lock": (
                picture(4),
                "(gimp-layer-set-lock-alpha layer TRUE)",
                1,
            ),
            "layer-mask": (
                picture(4),
                "(gimp-layer-add-mask layer (car (gimp-layer-create-mask"
                " layer ADD-MASK-COPY))) (gimp-layer-set-edit-mask layer FALSE)",
                1,
            ),
            "mode-in-group": (
                picture(4),
                "(let ((group (car (gimp-layer-group-new image))))"
                " (gimp-image-insert-layer image group 0 0)"
                " (gimp-image-reorder-item image layer group 0)"
                " (gimp-layer-set-mode layer LAYER-MODE-DIFFERENCE)"
                " (gimp-layer-set-opacity layer 60)"
                " (gimp-image-set-active-layer image layer))",
                1,
            ),
        }
        for name, case in cases.items():
            with self.subTest(name):
                self.check_preview_is_result(name, *case)

    def test_mask_as_target_has_no_preview(self):
        image, layer, _ = self.open(picture())
        self.desktop.ask(
            f"(gimp-layer-add-mask {layer} (car (gimp-layer-create-mask"
            f" {layer} ADD-MASK-COPY)))"
            f"(gimp-layer-set-edit-mask {layer} TRUE) (gimp-displays-flush)"
            f"(gimp-image-clean-all {image})"
        )
        before = self.canvas()
        self.open_dialog()
        self.set_sigma("6")
        self.desktop.screenshot("mask")
        np.testing.assert_array_equal(self.canvas(), before)
        self.assertEqual(self.desktop.layer_count(image), 1)
        self.answer("Return")
        self.assertTrue((self.canvas() != before).any())
        self.undo()
        np.testing.assert_array_equal(self.canvas(), before)

    def test_killed_mid_preview(self):
        image, layer, _ = self.open(picture())
        original = self.stored(image, layer)
        self.desktop.ask(
            f"(gimp-drawable-invert {layer} FALSE) (gimp-displays-flush)"
            f"(gimp-image-clean-all {image})"
        )
        inverted = self.stored(image, layer)
        before = self.canvas()
        self.open_dialog()
        self.set_sigma("8")
        processes = self.kernel_processes()
        self.assertEqual(len(processes), 1)
        os.kill(processes[0], signal.SIGKILL)
        self.desktop.wait_for(
            lambda: not self.desktop.windows(DIALOG), "the dialog to go"
        )
        self.read_message("killed")
        np.testing.assert_array_equal(self.stored(image, layer), inverted)
        self.assertFalse(self.desktop.is_dirty(image))
        self.assertEqual(self.desktop.layer_count(image), 2)

        # The next run takes away what the dead one left.
        self.desktop.ask(
            "(plug-in-gaussian-kernel-blur RUN-NONINTERACTIVE"
            f' {image} {layer} 1 0.0 -1 -1.0 "clamp" "linear" "auto")'
        )
        self.assertEqual(self.desktop.layer_count(image), 1)
        np.testing.assert_array_equal(self.canvas(), before)
        # Its own step, then the one from before the kill.
        self.undo()
        self.undo()
        np.testing.assert_array_equal(self.stored(image, layer), original)

    def check_loss(self, name, script):
        image, layer, display = self.open(picture())
        self.open_dialog()
        self.set_sigma("4")
        self.desktop.ask(
            script.format(image=image, layer=layer, display=display)
        )
        self.desktop.wait_for(
            lambda: not self.desktop.windows(DIALOG), "the dialog to close"
        )
        self.read_message(name)
        self.assertEqual(self.desktop.ask("(+ 1 1)"), "2")
        self.assertEqual(self.kernel_processes(), [])
        return image

    def test_layer_deleted(self):
        image = self.check_loss(
            "layer-deleted", "(gimp-image-remove-layer {image} {layer})"
        )
        self.assertEqual(self.desktop.layer_count(image), 0)

    def test_image_closed(self):
        self.check_loss(
            "image-closed",
            "(gimp-image-clean-all {image}) (gimp-display-delete {display})",
        )

    def press_cancel_in_the_bar(self):
        window = self.desktop.windows(CANVAS)[-1]
        geometry = dict(
            line.split("=")
            for line in self.desktop.tool("getwindowgeometry", "--shell", window)
        )
        width, height = int(geometry["WIDTH"]), int(geometry["HEIGHT"])
        # Left of the docks, at the end of the status bar.
        self.desktop.tool(
            "mousemove", "--window", window, width - 247, height - 17
        )
        self.desktop.tool("click", 1)

    def test_apply_can_be_cancelled(self):
        pixels = np.random.default_rng(3).random((2000, 3000, 4))
        image, layer, _ = self.open(pixels.astype(np.float32))
        before = self.stored(image, layer)
        self.open_dialog()
        # Without a preview; exactly, which takes its time.
        self.desktop.keys("alt+p", "alt+t", "Down")
        self.set_sigma("200")
        self.answer("Return")
        self.desktop.screenshot("progress")
        self.desktop.activate(CANVAS)
        self.assertTrue(self.kernel_processes(), "it was over too soon")
        start = time.monotonic()
        self.press_cancel_in_the_bar()
        self.desktop.wait_for(
            lambda: not self.kernel_processes(), "the plug-in to end"
        )
        print(f"cancelled after {1000 * (time.monotonic() - start):.0f} ms")
        self.desktop.settle()
        self.desktop.screenshot("cancelled")
        self.assert_clean(image)
        np.testing.assert_array_equal(self.stored(image, layer), before)

    def test_from_the_menu_and_help(self):
        image, _, _ = self.open(picture())
        self.desktop.activate(CANVAS)
        self.desktop.keys("alt+r", "b", "k")
        self.dialog_at_the_side()
        self.desktop.screenshot("from-the-menu")
        self.answer("Escape")
        self.assert_clean(image)

    def test_plot_from_a_script(self):
        image = int(
            self.desktop.ask(
                "(car (plug-in-gaussian-kernel-plot RUN-NONINTERACTIVE"
                " 21 4.5 -1 -1.0 640))"
            )
        )
        self.assertEqual(
            self.desktop.ask(f"(car (gimp-image-width {image}))"), "640"
        )
        display = int(self.desktop.ask(f"(car (gimp-display-new {image}))"))
        self.opened.append((image, display))
        self.desktop.settle()
        self.desktop.screenshot("plot")
        layer = int(
            self.desktop.ask(f"(car (gimp-image-get-active-drawable {image}))")
        )
        pixels = self.stored(image, layer)
        self.assertGreater(len(np.unique(pixels.reshape(-1, 3), axis=0)), 100)


if __name__ == "__main__":
    unittest.main(verbosity=2)
