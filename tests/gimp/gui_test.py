# SPDX-License-Identifier: LGPL-3.0-or-later
"""The dialog and the preview in GIMP 2.10's own windows."""

import os
import signal
import time
import unittest

import numpy as np

from desktop import CANVAS, REVERT_KEY, enter_session_bus, quoted
from window_case import DIALOG, WindowCase, picture

SELECT = (
    "(gimp-image-select-ellipse image CHANNEL-OP-REPLACE 40 40 250 250)"
)

# What the layer is, how it is set up, how far preview and result may differ.
KINDS_OF_LAYER = {
    "alpha": (picture(4), "#t", 1),
    "grey": (picture(1), "#t", 1),
    "float": (picture(4, np.float32), "#t", 1),
    "u16": (picture(3, np.uint16), "#t", 1),
    "linear": (
        picture(),
        "(gimp-image-convert-precision image PRECISION-FLOAT-LINEAR)",
        1,
    ),
    "selection": (picture(), SELECT, 1),
    "feathered": (picture(), SELECT + "(gimp-selection-feather image 30)", 2),
    "alpha-lock": (picture(4), "(gimp-layer-set-lock-alpha layer TRUE)", 1),
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


class Gui(WindowCase):
    def invert(self, image, layer):
        """A step before the dialog; the picture counts as saved."""
        self.desktop.ask(
            f"(gimp-drawable-invert {layer} FALSE) (gimp-displays-flush)"
            f"(gimp-image-clean-all {image})"
        )

    def test_cancel_leaves_no_trace(self):
        image, layer, _ = self.open(picture())
        original = self.stored(image, layer)
        self.invert(image, layer)
        before_pixels = self.stored(image, layer)
        before = self.canvas()
        self.open_dialog()
        previewed = self.set_sigma("8")
        self.assertGreater(np.abs(previewed - before).mean(), 5)
        self.desktop.screenshot("preview")
        self.assertFalse(self.desktop.is_dirty(image))

        self.desktop.keys("alt+p")
        self.expect_canvas(before, "the preview to go")
        self.desktop.screenshot("preview-off")
        self.desktop.keys("alt+p")
        self.expect_canvas(previewed, "the preview to come back")

        self.desktop.tool("keydown", "alt", "keydown", "a")
        try:
            self.expect_canvas(before, "the picture as it was, to compare")
            self.desktop.screenshot("compare")
        finally:
            self.desktop.tool("keyup", "a", "keyup", "alt")
        self.expect_canvas(previewed, "the preview after comparing")

        self.answer("Escape")
        self.expect_canvas(before, "the picture as it was")
        np.testing.assert_array_equal(self.stored(image, layer), before_pixels)
        self.assert_clean(image)
        # The step before the dialog is the one that undo takes back.
        self.undo()
        self.expect_stored(image, layer, original, "undo")

    def test_ok_is_one_step_and_values_come_back(self):
        image, layer, _ = self.open(picture())
        original = self.stored(image, layer)
        self.invert(image, layer)
        inverted = self.stored(image, layer)
        once = self.blurred(image, 5)
        self.open_dialog()
        previewed = self.set_sigma("5")
        self.answer("Return")
        self.assertLessEqual(np.abs(self.canvas() - previewed).max(), 1)
        np.testing.assert_array_equal(self.stored(image, layer), once)
        self.assertTrue(self.desktop.is_dirty(image))
        self.assertEqual(self.desktop.layer_count(image), 1)
        self.undo()
        self.expect_stored(image, layer, inverted, "undo")
        self.undo()
        self.expect_stored(image, layer, original, "undo of the step before")

        # Again, with the values of last time.
        wanted = self.blurred(image, 5)
        self.open_dialog()
        self.desktop.screenshot("last-values")
        self.answer("Return")
        np.testing.assert_array_equal(self.stored(image, layer), wanted)
        twice = self.blurred(image, 5)
        self.desktop.ask(
            "(plug-in-gaussian-kernel-blur RUN-WITH-LAST-VALS"
            f' {image} {layer} 0 0 0 0 "" "" "")'
        )
        np.testing.assert_array_equal(self.stored(image, layer), twice)

    def check_preview_is_result(
        self, name, sigma, pixels, setup, tolerance
    ):
        image, layer, _ = self.open(pixels)
        self.desktop.ask(
            f"(let* ((image {image}) (layer {layer})) {setup})"
            f"(gimp-displays-flush) (gimp-image-clean-all {image})"
        )
        layers = self.desktop.layer_count(image)
        before = self.canvas()
        self.open_dialog()
        previewed = self.set_sigma(sigma)
        self.desktop.screenshot(name)
        self.assertGreater(np.abs(previewed - before).max(), 20)
        self.answer("Return")
        self.assertLessEqual(
            np.abs(previewed - self.canvas()).max(), tolerance
        )
        self.assertEqual(self.desktop.layer_count(image), layers)
        self.undo()
        self.expect_canvas(before, "undo")

    def test_preview_is_the_result(self):
        for number, (name, case) in enumerate(KINDS_OF_LAYER.items()):
            # Never that of last time, which draws nothing anew.
            sigma = f"6.{number + 1}"
            with self.subTest(name):
                try:
                    self.check_preview_is_result(name, sigma, *case)
                finally:
                    self.clean_up()

    def test_mask_as_target_has_no_preview(self):
        image, layer, _ = self.open(picture())
        self.desktop.ask(
            f"(gimp-layer-add-mask {layer} (car (gimp-layer-create-mask"
            f" {layer} ADD-MASK-COPY)))"
            f"(gimp-layer-set-edit-mask {layer} TRUE) (gimp-displays-flush)"
            f"(gimp-image-clean-all {image})"
        )
        before = self.canvas()
        self.open_dialog(previewing=False)
        shown = self.set_sigma("6", previewing=False)
        self.desktop.screenshot("mask")
        np.testing.assert_array_equal(shown, before)
        self.assertEqual(self.desktop.layer_count(image), 1)
        self.answer("Return")
        self.desktop.wait_for(
            lambda: (self.canvas() != before).any(), "the blurred mask"
        )
        self.undo()
        self.expect_canvas(before, "undo")

    def test_killed_mid_preview(self):
        image, layer, _ = self.open(picture())
        original = self.stored(image, layer)
        self.invert(image, layer)
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
        self.expect_canvas(before, "the stray layer to go")
        # Its own step, the stray layer's (a user may have painted on it), then
        # the one from before the kill.
        self.undo()
        self.undo()
        self.desktop.wait_for(
            lambda: self.desktop.layer_count(image) == 2, "the stray layer"
        )
        self.undo()
        self.expect_stored(image, layer, original, "three undos")

    def kill_mid_preview(self):
        for process in self.kernel_processes():
            os.kill(process, signal.SIGKILL)
        self.desktop.wait_for(
            lambda: not self.desktop.windows(DIALOG), "the dialog to go"
        )
        self.read_message("killed")

    def blur_something_else(self, image):
        """Runs the filter on a new layer, and takes that away again."""
        self.desktop.ask(
            f"(let ((other (car (gimp-layer-new {image} 9 9 RGBA-IMAGE"
            ' "other" 100 LAYER-MODE-NORMAL))))'
            f" (gimp-image-insert-layer {image} other 0 0)"
            " (plug-in-gaussian-kernel-blur RUN-NONINTERACTIVE"
            f' {image} other 3 1.0 -1 -1.0 "clamp" "linear" "auto")'
            f" (gimp-image-remove-layer {image} other))"
        )

    def names(self, image):
        return self.desktop.ask(
            "(apply string-append (map (lambda (layer)"
            ' (string-append (car (gimp-item-get-name layer)) ";"))'
            f" (vector->list (cadr (gimp-image-get-layers {image})))))"
        ).strip('"')

    def test_what_a_user_merged_or_copied_is_kept(self):
        image, _, _ = self.open(picture())
        self.open_dialog()
        self.set_sigma("6.5")
        # A copy of the preview, then all in one layer.
        self.desktop.ask(
            f"(let* ((layers (cadr (gimp-image-get-layers {image})))"
            "  (copy (car (gimp-layer-copy (vector-ref layers 0) FALSE))))"
            f" (gimp-image-insert-layer {image} copy 0 0)"
            ' (gimp-item-set-name copy "copy")'
            " (gimp-item-set-visible copy FALSE)"
            f" (gimp-item-set-name (car (gimp-image-merge-visible-layers {image}"
            '  CLIP-TO-IMAGE)) "merged"))'
        )
        self.read_message("merged")
        self.desktop.wait_for(
            lambda: not self.kernel_processes(), "the plug-in to end"
        )
        names = self.names(image)
        self.assertIn("copy;", names)
        self.assertIn("merged;", names)
        self.blur_something_else(image)
        self.assertEqual(self.names(image), names)

    def test_a_copy_is_kept_where_the_leftover_goes(self):
        image, layer, _ = self.open(picture())
        self.open_dialog()
        self.set_sigma("7.7")
        self.desktop.ask(
            f"(let* ((layers (cadr (gimp-image-get-layers {image})))"
            "  (copy (car (gimp-layer-copy (vector-ref layers 0) FALSE))))"
            f" (gimp-image-insert-layer {image} copy 0 0)"
            ' (gimp-item-set-name copy "copy"))'
        )
        self.kill_mid_preview()
        self.blur_something_else(image)
        names = self.names(image)
        self.assertEqual(self.desktop.layer_count(image), 2, names)
        self.assertIn("copy;", names)
        visible = self.desktop.ask(f"(car (gimp-item-get-visible {layer}))")
        self.assertEqual(visible, "1")

    def test_a_leftover_out_of_sight_goes(self):
        image, _, _ = self.open(picture())
        self.open_dialog()
        before = self.canvas()
        previewed = self.set_sigma("7.8")
        self.assertFalse(np.array_equal(previewed, before))
        self.desktop.keys("alt+p")
        self.desktop.settle()
        self.kill_mid_preview()
        self.assertEqual(self.desktop.layer_count(image), 2)
        self.blur_something_else(image)
        self.assertEqual(self.desktop.layer_count(image), 1)

    def test_a_leftover_that_hides_nothing_is_kept(self):
        image, layer, _ = self.open(picture())
        self.open_dialog()
        self.set_sigma("7.5")
        self.kill_mid_preview()
        self.desktop.ask(f"(gimp-image-remove-layer {image} {layer})")
        self.blur_something_else(image)
        self.assertEqual(self.desktop.layer_count(image), 1)

    def test_a_wrong_call_changes_nothing(self):
        image, layer, _ = self.open(picture())
        self.open_dialog()
        self.set_sigma("7.6")
        self.kill_mid_preview()
        with self.assertRaises(RuntimeError):
            self.desktop.ask(
                "(plug-in-gaussian-kernel-blur RUN-NONINTERACTIVE"
                f' {image} {layer} 3 -5.0 -1 -1.0 "clamp" "linear" "auto")'
            )
        self.assertEqual(self.desktop.layer_count(image), 2)

    def test_saving_during_a_preview_does_not_hide_it(self):
        for edited in (True, False):
            with self.subTest(edited=edited):
                image, layer, _ = self.open(picture())
                path = quoted(self.desktop.folder / f"saved-{edited}.xcf")
                save = (
                    f"(gimp-xcf-save RUN-NONINTERACTIVE {image} {layer}"
                    f" {path} {path}) (gimp-image-set-filename {image} {path})"
                    f" (gimp-image-clean-all {image})"
                )
                self.desktop.ask(save)
                if edited:
                    self.desktop.ask(f"(gimp-drawable-invert {layer} FALSE)")
                self.open_dialog()
                self.set_sigma("5.5" if edited else "5.6")
                self.desktop.ask(save)
                self.assertFalse(self.desktop.is_dirty(image))
                self.answer("Escape")
                # The file holds the preview.
                self.assertTrue(self.desktop.is_dirty(image))
                self.clean_up()

    def test_another_precision_during_a_preview(self):
        image, layer, _ = self.open(picture())
        self.open_dialog()
        self.set_sigma("4.5")
        count = self.previews()
        self.desktop.ask(
            f"(gimp-image-convert-precision {image} PRECISION-FLOAT-GAMMA)"
            "(gimp-displays-flush)"
        )
        self.wait_for_preview(count)
        previewed = self.set_sigma("4.6")
        self.answer("Return")
        self.assertLessEqual(np.abs(previewed - self.canvas()).max(), 1)
        self.assertEqual(self.desktop.layer_count(image), 1)

    def test_another_selection_during_a_preview(self):
        image, _, _ = self.open(picture())
        self.open_dialog()
        self.set_sigma("4.7")
        # With the same bounds.
        self.desktop.ask(
            f"(gimp-selection-all {image}) (gimp-image-select-rectangle"
            f" {image} CHANNEL-OP-SUBTRACT 100 100 200 150)"
        )
        previewed = self.set_sigma("9.7")
        self.answer("Return")
        self.assertLessEqual(np.abs(previewed - self.canvas()).max(), 2)

    def test_indexed_during_a_preview(self):
        image, _, _ = self.open(picture())
        self.open_dialog()
        self.set_sigma("3.5")
        self.desktop.ask(
            f"(gimp-image-convert-indexed {image} CONVERT-DITHER-NONE"
            ' CONVERT-PALETTE-GENERATE 16 FALSE FALSE "")'
        )
        self.read_message("indexed")
        self.desktop.wait_for(
            lambda: not self.kernel_processes(), "the plug-in to end"
        )
        self.assertEqual(self.desktop.layer_count(image), 1)

    def test_locked_during_the_dialog(self):
        image, layer, _ = self.open(picture())
        before = self.stored(image, layer)
        self.open_dialog()
        self.set_sigma("3.6")
        self.desktop.ask(f"(gimp-item-set-lock-content {layer} TRUE)")
        self.answer("Return")
        self.read_message("locked")
        np.testing.assert_array_equal(self.stored(image, layer), before)
        self.assertEqual(self.desktop.layer_count(image), 1)

    def test_cancel_does_not_wait_for_the_preview(self):
        # Large, and exactly: drawing it all takes its time.
        image, _, _ = self.open(
            np.random.default_rng(3)
            .integers(0, 256, (7000, 7000, 1))
            .astype(np.uint8)
        )
        self.open_dialog()
        count = self.previews()
        self.desktop.keys("alt+t", "Down")
        self.wait_for_preview(count)
        count = self.previews()
        self.desktop.keys("alt+g", "ctrl+a")
        self.desktop.type("60")
        self.desktop.keys("shift+Tab", "Escape")
        self.desktop.wait_for(
            lambda: not self.kernel_processes(), "the plug-in to end"
        )
        self.assertEqual(self.previews(), count)
        self.assert_clean(image)

    def check_loss(self, name, lose):
        """`lose`, given image, layer and display, takes the target away."""
        opened = self.open(picture())
        self.open_dialog()
        self.set_sigma("4")
        lose(*opened)
        self.desktop.wait_for(
            lambda: not self.desktop.windows(DIALOG), "the dialog to close"
        )
        self.read_message(name)
        self.assertEqual(self.desktop.ask("(+ 1 1)"), "2")
        self.desktop.wait_for(
            lambda: not self.kernel_processes(), "the plug-in to end"
        )
        return opened[0]

    def test_layer_deleted(self):
        image = self.check_loss(
            "layer-deleted",
            lambda image, layer, _: self.desktop.ask(
                f"(gimp-image-remove-layer {image} {layer})"
            ),
        )
        self.assertEqual(self.desktop.layer_count(image), 0)

    def test_image_closed(self):
        self.check_loss(
            "image-closed",
            lambda image, _, display: self.desktop.ask(
                f"(gimp-image-clean-all {image})"
                f"(gimp-display-delete {display})"
            ),
        )

    def test_display_closed(self):
        def close_one_view(image, _, display):
            # A second window keeps the image.
            self.desktop.ask(
                f"(gimp-display-new {image}) (gimp-display-delete {display})"
            )

        image = self.check_loss("display-closed", close_one_view)
        self.assertEqual(self.desktop.layer_count(image), 1)
        self.assertFalse(self.desktop.is_dirty(image))

    def test_file_revert(self):
        def revert(*_):
            self.press_in_canvas(REVERT_KEY)
            self.desktop.activate("Revert")
            self.desktop.settle()
            self.desktop.screenshot("revert")
            self.desktop.keys("alt+r")

        self.check_loss("reverted", revert)
        images = self.desktop.ask("(car (gimp-image-list))")
        self.assertEqual(images, "1")
        image = self.desktop.ask("(vector-ref (cadr (gimp-image-list)) 0)")
        self.assertEqual(self.desktop.layer_count(image), 1)

    def press_cancel_in_the_bar(self):
        window = self.desktop.windows(CANVAS)[-1]
        geometry = self.desktop.geometry(window)
        width, height = geometry["WIDTH"], geometry["HEIGHT"]
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
        self.set_sigma("200", previewing=False)
        self.desktop.keys("Return")
        self.desktop.wait_for(
            lambda: not self.desktop.windows(DIALOG), "the dialog to close"
        )
        self.desktop.activate(CANVAS)
        self.desktop.screenshot("progress")
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

    def test_from_the_menu(self):
        image, _, _ = self.open(picture())
        self.desktop.activate(CANVAS)
        self.desktop.menu("alt+r", "b", "k")
        self.dialog_at_the_side()
        self.desktop.screenshot("from-the-menu")
        self.answer("Escape")
        self.assert_clean(image)

    def test_help_opens_the_installed_page(self):
        self.open(picture())
        self.open_dialog()
        self.desktop.visited.unlink(missing_ok=True)
        self.desktop.keys("alt+h")
        visited = self.desktop.wait_for(
            lambda: self.desktop.visited.exists()
            and self.desktop.visited.read_text(encoding="utf-8"),
            "the help page",
        )
        page = self.desktop.console.profile / (
            "plug-ins/gaussian-kernel/help.html"
        )
        self.assertIn(visited.strip(), (str(page), page.as_uri()))
        self.assertTrue(page.exists())
        self.answer("Escape")

    def plot_pixels(self, image):
        layer = int(
            self.desktop.ask(f"(car (gimp-image-get-active-drawable {image}))")
        )
        return self.stored(image, layer)

    def test_plot_from_a_script(self):
        image = int(
            self.desktop.ask(
                "(car (plug-in-gaussian-kernel-plot RUN-NONINTERACTIVE"
                " 21 4.5 -1 -1.0 640))"
            )
        )
        self.desktop.ask(f"(gimp-display-new {image})")
        self.desktop.settle()
        self.desktop.screenshot("plot")
        pixels = self.plot_pixels(image)
        self.assertEqual(pixels.shape[1], 640)
        self.assertGreater(len(np.unique(pixels.reshape(-1, 3), axis=0)), 100)

    def test_plot_from_its_dialog(self):
        self.open(picture())
        self.desktop.activate(CANVAS)
        self.desktop.menu("alt+r", "r", "m")
        self.dialog_at_the_side()
        self.set_sigma("3", previewing=False)
        self.desktop.screenshot("plot-dialog")
        self.answer("Return")
        self.assertEqual(self.desktop.ask("(car (gimp-image-list))"), "2")
        image = self.desktop.ask(
            "(apply max (vector->list (cadr (gimp-image-list))))"
        )
        self.desktop.settle()
        self.desktop.screenshot("plot-from-its-dialog")
        wanted = int(
            self.desktop.ask(
                "(car (plug-in-gaussian-kernel-plot RUN-NONINTERACTIVE"
                " 0 3.0 -1 -1.0 800))"
            )
        )
        np.testing.assert_array_equal(
            self.plot_pixels(image), self.plot_pixels(wanted)
        )


if __name__ == "__main__":
    enter_session_bus()
    unittest.main(verbosity=2)
