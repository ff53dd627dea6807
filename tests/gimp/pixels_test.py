# SPDX-License-Identifier: LGPL-3.0-or-later
"""What the plug-in makes of pixels of every kind, against the definition."""

import os
import unittest

import numpy as np

import definition
import tiff
from console import Console, quoted

CONSOLE = Console(os.path.join(os.environ["GK_WORK"], "pixels"))


class Case:
    """One picture and one call; run together with the others."""

    def __init__(
        self,
        name,
        pixels,
        size=9,
        sigma=2.0,
        size_y=-1,
        sigma_y=-1.0,
        border="clamp",
        light="linear",
        method="auto",
        precision=None,
    ):
        self.name = name
        self.call = (size, sigma, size_y, sigma_y)
        self.border, self.light = border, light
        # A file holds what the pixels of a linear image hold: light.
        self.linear_storage = bool(precision) and precision.endswith("LINEAR")
        path = str(CONSOLE.folder / name)
        self.given, self.before, self.after = (
            path + end for end in (".tif", ".before.tif", ".after.tif")
        )
        tiff.write(self.given, pixels)
        change = ""
        if precision:
            change = (
                f"(if (not (= (car (gimp-image-get-precision image))"
                f" {precision}))"
                f" (gimp-image-convert-precision image {precision}))"
            )
        numbers = f"{size} {sigma!r} {size_y} {sigma_y!r}"
        words = " ".join(quoted(word) for word in (border, light, method))
        self.command = (
            f"(let* ((image (car (gimp-file-load RUN-NONINTERACTIVE"
            f' {quoted(self.given)} "")))'
            f" (layer (car (gimp-image-get-active-drawable image))))"
            f" {change}"
            f" (file-tiff-save RUN-NONINTERACTIVE image layer"
            f' {quoted(self.before)} "" 0)'
            f" (plug-in-gaussian-kernel-blur RUN-NONINTERACTIVE image layer"
            f" {numbers} {words})"
            f" (file-tiff-save RUN-NONINTERACTIVE image layer"
            f' {quoted(self.after)} "" 0)'
            f" (gimp-image-delete image))"
        )

    def error(self):
        before, _ = tiff.read(self.before)
        after, _ = tiff.read(self.after)
        curve = definition.SRGB
        if self.linear_storage:
            curve = curve[::-1]
        if (self.light == "linear") == self.linear_storage:
            curve = definition.AS_STORED
        exact = definition.blur(
            definition.as_numbers(before),
            *self.call,
            border=self.border,
            curve=curve,
        )
        assert after.dtype == before.dtype and after.shape == before.shape
        changed = (after != before).any()
        return definition.largest_error(after, exact), changed


def noise(dtype, channels, shape=(23, 41)):
    random = np.random.default_rng(channels)
    values = random.random(shape + (channels,))
    if channels % 2 == 0:
        # Clear, translucent and opaque stretches.
        alpha = np.clip(3 * values[:, :, -1] - 1, 0, 1)
        values[:, :, -1] = alpha
    if np.dtype(dtype).kind == "u":
        return np.round(values * np.iinfo(dtype).max).astype(dtype)
    return values.astype(dtype)


CODE = 1.0
CASES = [
    (Case(f"u8-{channels}-{light}", noise(np.uint8, channels), light=light), CODE)
    for channels in (1, 2, 3, 4)
    for light in ("linear", "perceptual")
]
CASES += [
    (Case(f"u16-{channels}", noise(np.uint16, channels)), CODE)
    for channels in (1, 2, 3, 4)
]
CASES += [
    (
        Case(
            f"{kind}-{storage}".lower(),
            noise(np.float32, 4),
            precision=f"PRECISION-{kind}-{storage}",
        ),
        bound,
    )
    for kind, storage, bound in (
        ("U8", "LINEAR", CODE),
        ("U16", "LINEAR", CODE),
        ("U32", "LINEAR", 2.0**32 * 2e-6),
        ("U32", "GAMMA", 2.0**32 * 2e-6),
        ("HALF", "LINEAR", 2.0**-11),
        ("HALF", "GAMMA", 2.0**-11),
        ("FLOAT", "LINEAR", 2e-6),
        ("FLOAT", "GAMMA", 2e-6),
        ("DOUBLE", "LINEAR", 2e-6),
        ("DOUBLE", "GAMMA", 2e-6),
    )
]
CASES += [
    (Case(f"border-{border}", noise(np.uint8, 4), border=border), CODE)
    for border in ("none", "loop", "mirror", "black", "white")
]
CASES += [
    (Case("border-none-opaque", noise(np.uint8, 3), border="none"), CODE),
    (Case("automatic-size", noise(np.uint8, 3), size=0, sigma=3.5), CODE),
    (Case("even-size", noise(np.uint8, 3), size=4, sigma=1.5), CODE),
    (
        Case(
            "two-axes",
            noise(np.uint8, 3),
            size=5,
            sigma=1.0,
            size_y=21,
            sigma_y=6.5,
        ),
        CODE,
    ),
    (Case("larger-than-image", noise(np.uint8, 3), size=101, sigma=30.0), CODE),
    (Case("one-pixel", noise(np.uint8, 4, shape=(1, 1))), CODE),
    (
        Case("hdr", 9 * noise(np.float32, 3) - 3, light="perceptual"),
        2e-5,
    ),
]


class Pixels(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        CONSOLE.run_cleanly(*(case.command for case, _ in CASES))

    def test_every_case_equals_the_definition(self):
        for case, bound in CASES:
            with self.subTest(case.name):
                error, changed = case.error()
                self.assertLessEqual(error, bound)
                self.assertTrue(changed or case.name == "one-pixel")

    def test_size_one_and_sigma_zero_copy(self):
        cases = [
            Case("size-one", noise(np.uint8, 4), size=1),
            Case("sigma-zero", noise(np.uint16, 4), sigma=0.0),
        ]
        CONSOLE.run_cleanly(*(case.command for case in cases))
        for case in cases:
            with self.subTest(case.name):
                before, _ = tiff.read(case.before)
                after, _ = tiff.read(case.after)
                visible = before[:, :, 3] > 0
                np.testing.assert_array_equal(after[visible], before[visible])
                np.testing.assert_array_equal(after[:, :, 3], before[:, :, 3])

    def test_the_method_reaches_the_pixels(self):
        results = {}
        for method in "exact", "fast", "auto":
            case = Case(
                f"method-{method}",
                noise(np.float32, 3, (90, 110)),
                size=61,
                sigma=10.0,
                method=method,
            )
            CONSOLE.run_cleanly(case.command)
            results[method] = tiff.read(case.after)[0]
        difference = np.abs(results["fast"] - results["exact"]).max()
        self.assertGreater(difference, 0)
        self.assertLess(difference, 2e-5)  # of values on the sRGB curve
        np.testing.assert_array_equal(results["auto"], results["fast"])

    def test_flat_pictures_stay_flat(self):
        flat = np.full((40, 50, 3), (255, 128, 1), np.uint8)
        case = Case("flat", flat, size=31, sigma=7.0)
        CONSOLE.run_cleanly(case.command)
        np.testing.assert_array_equal(tiff.read(case.after)[0], flat)


if __name__ == "__main__":
    unittest.main(verbosity=2)
