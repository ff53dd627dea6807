# SPDX-License-Identifier: LGPL-3.0-or-later
"""Selections, locks, offsets, masks, channels, profiles: where the plug-in
changes pixels, and what it leaves alone."""

import os
import re
import struct
import unittest

import numpy as np

import definition
import tiff
from console import Console, quoted

SIZE, SIGMA = 9, 2.0


def adobe_rgb():
    """A matrix profile with Adobe RGB (1998)'s primaries and its curve."""

    def fixed(value):
        return struct.pack(">i", round(value * 65536))

    def colour(values):
        return b"XYZ \0\0\0\0" + b"".join(fixed(value) for value in values)

    description = b"Adobe RGB (1998) compatible"
    text = b"desc\0\0\0\0" + struct.pack(">I", len(description) + 1)
    text += description + b"\0" + bytes(8 + 3 + 67)
    # 563 / 256, as 8.8 fixed point.
    curve = b"curv\0\0\0\0" + struct.pack(">IH", 1, 563) + b"\0\0"
    tags = [
        (b"desc", text),
        (b"cprt", b"text\0\0\0\0none\0"),
        (b"wtpt", colour((0.95045, 1.0, 1.08905))),
        (b"rXYZ", colour((0.60974, 0.31111, 0.01947))),
        (b"gXYZ", colour((0.20528, 0.62567, 0.06087))),
        (b"bXYZ", colour((0.14919, 0.06322, 0.74457))),
        (b"rTRC", curve),
        (b"gTRC", curve),
        (b"bTRC", curve),
    ]
    table, body = struct.pack(">I", len(tags)), b""
    start = 128 + 4 + 12 * len(tags)
    for name, data in tags:
        table += name + struct.pack(">II", start + len(body), len(data))
        body += data.ljust(-len(data) % 4 + len(data), b"\0")
    head = struct.pack(">I4sI4s4s4s", start + len(body), b"", 0x02400000,
                       b"mntr", b"RGB ", b"XYZ ")
    head += struct.pack(">6H4s", 2026, 1, 1, 0, 0, 0, b"acsp")
    head = head.ljust(68, b"\0") + b"".join(map(fixed, (0.9642, 1.0, 0.8249)))
    return head.ljust(128, b"\0") + table + body


def noise(channels, shape=(40, 60), dtype=np.uint8):
    values = np.random.default_rng(7).random(shape + (channels,))
    return np.round(values * np.iinfo(dtype).max).astype(dtype)


def exact(pixels, **options):
    return definition.blur(
        definition.as_numbers(pixels), SIZE, SIGMA, **options
    )


class Targets(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.console = Console(os.path.join(os.environ["GK_WORK"], "targets"))

    def edit(self, pixels, body, profile=None, precision=None, **files):
        """Loads `pixels`, runs `body` with image, layer, blur and save, and
        reads back the layer and each of `files`, which body saved."""
        given = self.console.folder / "given.tif"
        after = self.console.folder / "after.tif"
        tiff.write(given, pixels, profile)
        after.unlink(missing_ok=True)
        self.console.run_cleanly(
            f"(let* ((image (car (gimp-file-load RUN-NONINTERACTIVE"
            f' {quoted(given)} "")))'
            f" (layer (car (gimp-image-get-active-drawable image)))"
            f" (blur (lambda (drawable light)"
            f"   (plug-in-gaussian-kernel-blur RUN-NONINTERACTIVE image"
            f"     drawable {SIZE} {SIGMA} -1 -1.0"
            f'     "clamp" light "auto")))'
            f" (save (lambda (drawable path)"
            f"   (file-tiff-save RUN-NONINTERACTIVE image drawable path"
            f'     "" 0))))'
            f" {body}"
            f" (save layer {quoted(after)})"
            f" (gimp-image-delete image))"
        )
        return tiff.read(after)

    def assert_within(self, stored, wanted, codes=1):
        self.assertLessEqual(definition.largest_error(stored, wanted), codes)

    def test_hard_selection(self):
        pixels = noise(3)
        after, _ = self.edit(
            pixels,
            "(gimp-image-select-rectangle image CHANNEL-OP-REPLACE 10 5 30 20)"
            '(blur layer "linear")',
        )
        inside = np.zeros(pixels.shape[:2], bool)
        inside[5:25, 10:40] = True
        np.testing.assert_array_equal(after[~inside], pixels[~inside])
        # The kernel reads the pixels outside.
        wanted = exact(pixels)
        self.assert_within(after[inside], wanted[inside])
        self.assertTrue((after[inside] != pixels[inside]).any())

    def test_half_selection(self):
        pixels = noise(3)
        after, _ = self.edit(
            pixels,
            "(gimp-selection-all image)"
            "(let ((channel (car (gimp-selection-save image))))"
            '(gimp-context-set-foreground "#808080")'
            "(gimp-drawable-fill channel FILL-FOREGROUND)"
            "(gimp-image-select-item image CHANNEL-OP-REPLACE channel)"
            "(gimp-image-remove-channel image channel)"
            "(gimp-image-set-active-layer image layer))"
            '(blur layer "linear")',
        )
        light = definition.srgb_to_linear(definition.as_numbers(pixels))
        blurred = definition.srgb_to_linear(exact(pixels))
        share = 128 / 255
        mixed = definition.linear_to_srgb(light + share * (blurred - light))
        perceptual = definition.as_numbers(pixels) * (
            1 - share
        ) + share * exact(pixels)
        # GIMP itself mixes, in the one light or the other.
        error = min(
            definition.largest_error(after, mixed),
            definition.largest_error(after, perceptual),
        )
        self.assertLessEqual(error, 2)

    def test_selection_beside_the_layer(self):
        pixels = noise(3)
        after, _ = self.edit(
            pixels,
            "(gimp-layer-set-offsets layer 100 100)"
            "(gimp-image-resize image 300 300 0 0)"
            "(gimp-image-select-rectangle image CHANNEL-OP-REPLACE 1 1 20 20)"
            '(blur layer "linear")'
            "(gimp-image-set-active-layer image layer)",
        )
        np.testing.assert_array_equal(after, pixels)

    def test_offset_layer_with_selection(self):
        pixels = noise(3)
        after, _ = self.edit(
            pixels,
            "(gimp-layer-set-offsets layer -7 30)"
            "(gimp-image-select-rectangle image CHANNEL-OP-REPLACE 0 30 20 5)"
            '(blur layer "linear") (gimp-layer-set-offsets layer 0 0)',
        )
        inside = np.zeros(pixels.shape[:2], bool)
        inside[0:5, 7:27] = True
        np.testing.assert_array_equal(after[~inside], pixels[~inside])
        self.assert_within(after[inside], exact(pixels)[inside])

    def test_locked_alpha(self):
        pixels = noise(4)
        after, _ = self.edit(
            pixels, '(gimp-layer-set-lock-alpha layer TRUE) (blur layer "linear")'
        )
        np.testing.assert_array_equal(after[:, :, 3], pixels[:, :, 3])
        opaque = pixels[:, :, 3] > 0
        self.assert_within(
            after[:, :, :3][opaque], exact(pixels)[:, :, :3][opaque]
        )

    def test_masks_and_channels_keep_their_values(self):
        """Coverage is blurred as it is stored, whatever `light` says."""
        row, columns = 20, range(12, 48)
        targets = {
            "mask": "(let ((mask (car (gimp-layer-create-mask layer"
            " ADD-MASK-BLACK)))) (gimp-layer-add-mask layer mask) mask)",
            "channel": "(let ((channel (car (gimp-channel-new image 60 40"
            ' "c" 100 \'(0 0 0)))))'
            " (gimp-image-insert-channel image channel 0 0)"
            " (gimp-drawable-fill channel FILL-FOREGROUND) channel)",
            "selection": "(car (gimp-image-get-selection image))",
        }
        given = self.console.folder / "sheet.tif"
        tiff.write(given, noise(3))
        commands, names = [], []
        for precision in ("U8-GAMMA", "U8-LINEAR"):
            for target, make in targets.items():
                for light in ("linear", "perceptual"):
                    name = f"{target}, {precision}, {light}"
                    names.append(name)
                    commands.append(
                        f"(let* ((image (car (gimp-file-load"
                        f' RUN-NONINTERACTIVE {quoted(given)} "")))'
                        f" (layer (car"
                        f"   (gimp-image-get-active-drawable image))))"
                        f" (if (not (= (car (gimp-image-get-precision image))"
                        f"     PRECISION-{precision}))"
                        f"   (gimp-image-convert-precision image"
                        f"     PRECISION-{precision}))"
                        f" (gimp-context-set-foreground '(0 0 0))"
                        f" (gimp-context-set-background '(255 255 255))"
                        f" (let ((target {make}))"
                        f"  (gimp-image-select-rectangle image"
                        f"    CHANNEL-OP-REPLACE 20 10 20 20)"
                        + (
                            ""
                            if target == "selection"
                            else "(gimp-drawable-edit-fill target FILL-WHITE)"
                            "(gimp-selection-none image)"
                        )
                        + "  (plug-in-gaussian-kernel-blur RUN-NONINTERACTIVE"
                        f"    image target {SIZE} {SIGMA} -1 -1.0"
                        f'    "clamp" "{light}" "auto")'
                        f'  (gimp-message (string-append "{name}: "'
                        f"   (apply string-append (map (lambda (x)"
                        f"    (string-append (number->string (aref (cadr"
                        f"     (gimp-drawable-get-pixel target x {row})) 0))"
                        f'     " "))'
                        f"    '({' '.join(map(str, columns))}))))))"
                        f" (gimp-image-delete image))"
                    )
        output = self.console.run_cleanly(*commands)
        step = np.zeros((40, 60, 1))
        step[10:30, 20:40] = 1
        wanted = exact(step, curve=definition.AS_STORED)[row, columns, 0]
        for name in names:
            with self.subTest(name):
                found = re.search(f"{name}: ([0-9 ]+)", output)
                values = np.array(found[1].split(), float)
                np.testing.assert_allclose(values, 255 * wanted, atol=1)

    def test_adobe_rgb(self):
        profile = adobe_rgb()
        pixels = noise(3, dtype=np.uint16)
        after, kept = self.edit(pixels, '(blur layer "linear")', profile)
        self.assertEqual(kept, profile)
        power = definition.gamma(563 / 256)
        self.assert_within(after, exact(pixels, curve=power), 2)
        # And not on sRGB's, which is close to it.
        other = definition.largest_error(after, exact(pixels))
        self.assertGreater(other, 100)

    def test_last_values(self):
        pixels = noise(3)
        after, _ = self.edit(
            pixels,
            "(plug-in-gaussian-kernel-blur RUN-WITH-LAST-VALS image layer"
            ' 0 0 0 0 "" "" "")',
        )
        # Nothing was chosen in this session: the defaults.
        wanted = definition.blur(definition.as_numbers(pixels), 0, 1.0)
        self.assert_within(after, wanted)


if __name__ == "__main__":
    unittest.main(verbosity=2)
