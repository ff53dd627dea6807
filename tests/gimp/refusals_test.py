# SPDX-License-Identifier: LGPL-3.0-or-later
"""Bad input through the PDB: one clear message, and not a pixel touched."""

import os
import re
import unittest

import numpy as np

import tiff
from console import Console, quoted

WORK = os.environ["GK_WORK"]
WORDS = '"clamp" "linear" "auto"'


class Refusals(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.console = Console(os.path.join(WORK, "refusals"))
        cls.photo = str(cls.console.folder / "photo.tif")
        pixels = np.random.default_rng(2).integers(0, 256, (20, 30, 3))
        tiff.write(cls.photo, pixels.astype(np.uint8))

    def call(self, name, arguments, before="", target="layer", console=None):
        """A command that prepares, calls, and saves what it left."""
        folder = (console or self.console).folder
        before_path, after_path = (
            quoted(folder / (name + end)) for end in (".b.tif", ".a.tif")
        )
        # Each command starts with no variable of the one before.
        opened = (
            "(let* ((images (vector->list (cadr (gimp-image-list))))"
            " (image (apply min images)) (copy (apply max images))"
            " (layer (car (gimp-image-get-active-drawable image)))"
            " (group (aref (cadr (gimp-image-get-layers image)) 0))"
            " (save (lambda (whole to)"
            "   (if (= (car (gimp-image-base-type whole)) INDEXED)"
            "       (gimp-image-convert-rgb whole))"
            "   (file-tiff-save RUN-NONINTERACTIVE whole"
            '     (car (gimp-image-flatten whole)) to "" 0)'
            "   (gimp-image-delete whole)))) "
        )
        return [
            f"(let* ((image (car (gimp-file-load RUN-NONINTERACTIVE"
            f' {quoted(self.photo)} "")))'
            f" (layer (car (gimp-image-get-active-drawable image))))"
            f" {before}"
            f" (gimp-image-set-active-layer image layer)"
            f" (gimp-image-duplicate image))",
            f'{opened} (gimp-message "{name}:")'
            f" (plug-in-gaussian-kernel-blur {arguments}))".replace(
                "TARGET", target
            ),
            f'{opened} (gimp-message "end")'
            f" (save copy {before_path}) (save image {after_path}))",
        ]

    def messages(self, cases, console=None):
        """By name: what GIMP said about each call."""
        console = console or self.console
        commands = []
        for name, *rest in cases:
            commands += self.call(name, *rest, console=console)
        output = console.run(*commands)
        messages = {}
        for name, *_ in cases:
            found = re.search(rf"{name}:\n(.*?)Warning: end\n", output, re.S)
            self.assertIsNotNone(found, output)
            messages[name] = found[1]
            before, _ = tiff.read(console.folder / (name + ".b.tif"))
            after, _ = tiff.read(console.folder / (name + ".a.tif"))
            np.testing.assert_array_equal(before, after, name)
        return messages

    def check(self, expected, cases, console=None):
        messages = self.messages(cases, console)
        for name, parts in expected.items():
            with self.subTest(name):
                message = messages[name]
                errors = re.findall("^Error: ", message, re.M)
                self.assertEqual(len(errors), 1, message)
                for part in parts:
                    self.assertIn(part, message)

    def test_numbers_and_words(self):
        def arguments(size="9", sigma="2.0", rest="-1 -1.0", words=WORDS):
            return (
                f"RUN-NONINTERACTIVE image layer {size} {sigma} {rest} {words}"
            )

        ranges = {
            "size-minus-one": (
                arguments("-1"),
                ("size is -1", "0 … 8191"),
            ),
            "size-8192": (arguments("8192"), ("size is 8192", "0 … 8191")),
            "size-huge": (
                arguments("2147483647"),
                ("size is 2147483647", "0 … 8191"),
            ),
            "sigma-negative": (
                arguments(sigma="-0.5"),
                ("sigma is -0.5", "0 … 1000"),
            ),
            "sigma-huge": (
                arguments(sigma="1e9"),
                ("sigma is 1000000000", "0 … 1000"),
            ),
            "size-y": (
                arguments(rest="-2 -1.0"),
                ("size-y is -2", "-1 … 8191"),
            ),
            "sigma-y": (
                arguments(rest="-1 1001.0"),
                ("sigma-y is 1001", "-1 … 1000"),
            ),
            # GIMP itself refuses what is no finite number.
            "sigma-infinite": (
                arguments(sigma="(* 1e308 10)"),
                ("inf", "out of range"),
            ),
            "sigma-nan": (
                arguments(sigma="(- (* 1e308 10) (* 1e308 10))"),
                ("nan", "out of range"),
            ),
            "word-policy": (
                arguments(words='"wrap" "linear" "auto"'),
                (
                    'abyss-policy is "wrap"',
                    "none, clamp, loop, mirror, black, white",
                ),
            ),
            "word-light": (
                arguments(words='"clamp" "Linear" "auto"'),
                ('light is "Linear"', "linear, perceptual"),
            ),
            "word-method": (
                arguments(words='"clamp" "linear" ""'),
                ('method is ""', "auto, exact, fast"),
            ),
            "too-few": (
                "RUN-NONINTERACTIVE image layer 9 2.0",
                ("expected 10", "received 5"),
            ),
            "too-many": (
                arguments() + " 1",
                ("expected 10", "received 11"),
            ),
        }
        self.check(
            {name: parts for name, (_, parts) in ranges.items()},
            [(name, call) for name, (call, _) in ranges.items()],
        )

    def test_targets(self):
        call = f"RUN-NONINTERACTIVE image TARGET 9 2.0 -1 -1.0 {WORDS}"
        self.check(
            {
                "indexed": ("indexed", "convert the image"),
                "group": ("layer group", "merge it first"),
                "locked": ("locked", "unlock"),
                "in-locked-group": ("locked", "unlock"),
                "no-window": ("no display", "RUN-NONINTERACTIVE"),
            },
            [
                (
                    "indexed",
                    call,
                    "(gimp-image-convert-indexed image CONVERT-DITHER-NONE"
                    ' CONVERT-PALETTE-GENERATE 16 FALSE FALSE "")',
                ),
                (
                    "group",
                    call,
                    "(let* ((group (car (gimp-layer-group-new image))))"
                    "(gimp-image-insert-layer image group 0 0)"
                    "(gimp-image-reorder-item image layer group 0))",
                    "group",
                ),
                (
                    "locked",
                    call,
                    "(gimp-item-set-lock-content layer TRUE)",
                ),
                (
                    "in-locked-group",
                    call,
                    "(let* ((group (car (gimp-layer-group-new image))))"
                    "(gimp-image-insert-layer image group 0 0)"
                    "(gimp-image-reorder-item image layer group 0)"
                    "(gimp-item-set-lock-content group TRUE))",
                ),
                ("no-window", call.replace("NONINTERACTIVE", "INTERACTIVE")),
            ],
        )

    def test_missing_operation(self):
        console = Console(
            os.path.join(WORK, "no-operation"), with_operation=False
        )
        call = f"RUN-NONINTERACTIVE image layer 9 2.0 -1 -1.0 {WORDS}"
        self.check(
            {
                "missing": (
                    "gaussian-kernel:blur is not installed",
                    str(console.modules),
                    "gaussian-kernel.so",
                )
            },
            [("missing", call)],
            console,
        )
        console.environment["GEGL_PATH"] = os.environ["GK_SYSTEM_MODULES"]
        self.check(
            {
                "elsewhere": (
                    "gaussian-kernel:blur is not installed",
                    "GEGL_PATH",
                    os.environ["GK_SYSTEM_MODULES"],
                )
            },
            [("elsewhere", call)],
            console,
        )

    def test_plot(self):
        output = self.console.run(
            "(plug-in-gaussian-kernel-plot RUN-NONINTERACTIVE 9 2.0 -1 -1 63)",
            "(plug-in-gaussian-kernel-plot RUN-NONINTERACTIVE 9 -2.0 -1 -1 640)",
        )
        self.assertIn("width is 63; allowed are 64 … 8192", output)
        self.assertIn("sigma is -2; allowed are 0 … 1000", output)


if __name__ == "__main__":
    unittest.main(verbosity=2)
