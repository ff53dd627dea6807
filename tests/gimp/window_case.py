# SPDX-License-Identifier: LGPL-3.0-or-later
"""The steps of a user in GIMP 2.10's windows, for scenarios to be told in."""

import os
import pathlib
import signal
import unittest

import numpy as np

import tiff
from desktop import BLUR_KEY, CANVAS, Desktop, quoted

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


class WindowCase(unittest.TestCase):
    """One GIMP for all scenarios of a class; a new one if it was lost."""

    name = "gui"
    options = {}  # of Desktop
    desktop = None

    @classmethod
    def start(cls):
        cls.stop()
        cls.desktop = Desktop(
            os.path.join(os.environ["GK_WORK"], cls.name), **cls.options
        )

    @classmethod
    def stop(cls):
        if cls.desktop:
            cls.desktop.close()
        cls.desktop = None

    @classmethod
    def tearDownClass(cls):
        cls.stop()

    def setUp(self):
        if not self.desktop or not self.desktop.answers():
            self.start()

    def tearDown(self):
        if not self.desktop:
            return
        self.desktop.screenshot(f"{self._testMethodName}-end")
        try:
            self.clean_up()
        except (AssertionError, OSError, RuntimeError) as error:
            print(f"a new GIMP after {self._testMethodName}: {error}")
            self.stop()

    def clean_up(self):
        """Whatever a scenario left behind, the next finds an empty GIMP."""
        for process in self.kernel_processes():
            os.kill(process, signal.SIGKILL)
        self.desktop.wait_for(
            lambda: not self.desktop.windows(DIALOG), "the dialog to go", 10
        )
        self.close_messages()
        self.desktop.ask(
            "(let ((images (vector->list (cadr (gimp-image-list)))))"
            " (for-each (lambda (image) (gimp-image-clean-all image)) images)"
            " (do ((i 1 (+ i 1))) ((= i 100))"
            "  (if (= TRUE (car (gimp-display-is-valid i)))"
            "   (gimp-display-delete i)))"
            " (for-each (lambda (image)"
            "  (if (= TRUE (car (gimp-image-is-valid image)))"
            "   (gimp-image-delete image))) images))"
        )

    def open(self, pixels):
        path = self.desktop.folder / f"{self._testMethodName}.tif"
        tiff.write(path, pixels)
        opened = self.desktop.open_image(path)
        self.park_pointer()
        return opened

    def park_pointer(self):
        self.desktop.tool("mousemove", 1599, 899)

    def press_in_canvas(self, key):
        self.desktop.activate(CANVAS)
        self.desktop.keys(key)

    def open_dialog(self, previewing=True):
        count = self.previews()
        self.press_in_canvas(BLUR_KEY)
        window = self.dialog_at_the_side()
        if previewing:
            self.wait_for_preview(count)
        return window

    def dialog_at_the_side(self):
        window = self.desktop.activate(DIALOG)
        # Out of the canvas's way.
        self.desktop.tool("windowmove", "--sync", window, 1040, 100)
        self.park_pointer()
        self.desktop.settle()
        return window

    def previews(self):
        """How many have been drawn to their end since GIMP was started."""
        return self.desktop.told().count("preview: all pixels")

    def wait_for_preview(self, count):
        """Until more than `count` are drawn; what the canvas shows then."""
        self.desktop.wait_for(
            lambda: self.previews() > count, "the preview to be drawn"
        )
        return self.canvas()

    def set_sigma(self, value, previewing=True):
        """What the canvas shows then."""
        count = self.previews()
        self.desktop.activate(DIALOG)
        self.desktop.keys("alt+g", "ctrl+a")
        self.desktop.type(value)
        # To the slider, where Return means OK.
        self.desktop.keys("shift+Tab")
        return self.wait_for_preview(count) if previewing else self.canvas()

    def answer(self, key):
        self.desktop.activate(DIALOG)
        self.desktop.keys(key)
        self.desktop.wait_for(
            lambda: not self.desktop.windows(DIALOG), "the dialog to close"
        )
        # The plug-in goes on to work.
        self.desktop.wait_for(
            lambda: not self.kernel_processes(), "the plug-in to end"
        )

    def undo(self):
        self.press_in_canvas("ctrl+z")

    def read_message(self, name):
        """Waits for GIMP's message, keeps a picture of it, closes it."""
        self.desktop.wait_for(
            lambda: self.desktop.windows(MESSAGE), "GIMP's message"
        )
        self.desktop.settle()
        self.desktop.screenshot(name)
        self.close_messages()

    def close_messages(self):
        def gone():
            windows = self.desktop.windows(MESSAGE)
            for window in windows:
                self.desktop.tool("windowactivate", "--sync", window)
                self.desktop.keys("Escape")
            return not windows

        self.desktop.wait_for(gone, "GIMP's message to go")
        self.park_pointer()

    # What a user sees, and what GIMP holds.

    def canvas(self):
        """The middle of the canvas, without its rulers."""
        return self.desktop.settle()[130:690, 230:780].astype(int)

    def expect_canvas(self, wanted, what):
        self.desktop.wait_for(
            lambda: np.array_equal(self.canvas(), wanted), what, 30
        )

    def stored(self, image, layer):
        path = self.desktop.folder / "stored.tif"
        path.unlink(missing_ok=True)
        self.desktop.ask(
            f"(file-tiff-save RUN-NONINTERACTIVE {image} {layer}"
            f' {quoted(path)} "" 0)'
        )
        return tiff.read(path)[0]

    def expect_stored(self, image, layer, wanted, what):
        self.desktop.wait_for(
            lambda: np.array_equal(self.stored(image, layer), wanted), what, 30
        )

    def blurred(self, image, sigma):
        """What the non-interactive call makes of the same layer."""
        path = self.desktop.folder / "wanted.tif"
        self.desktop.ask(
            f"(let* ((copy (car (gimp-image-duplicate {image})))"
            f" (drawable (car (gimp-image-get-active-drawable copy))))"
            " (plug-in-gaussian-kernel-blur RUN-NONINTERACTIVE copy drawable"
            f' 0 {sigma} -1 -1.0 "clamp" "linear" "auto")'
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
