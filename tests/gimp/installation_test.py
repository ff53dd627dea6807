# SPDX-License-Identifier: LGPL-3.0-or-later
"""The installed plug-in and operation in GIMP 2.10's console, in German."""

import os
import pathlib
import unittest

import numpy as np

import tiff
from console import Console, quoted
from desktop import make_locale
from installed_tree import LOCALE, InstalledTree

WORK = pathlib.Path(os.environ["GK_WORK"]) / "installation"


class Installation(unittest.TestCase):
    def test_gimp_finds_it_and_speaks_german(self):
        tree = InstalledTree(WORK / "tree")
        self.assertEqual(tree.missing(), [])
        console = Console(
            WORK / "profile", with_operation=False, settings=tree.gimprc()
        )
        locales = console.folder / "locales"
        make_locale(LOCALE, locales)
        console.environment |= {
            "GEGL_PATH": tree.gegl_path,
            "LC_ALL": LOCALE,
            "LOCPATH": str(locales),
        }
        given, made = console.folder / "given.tif", console.folder / "made.tif"
        values = np.random.default_rng(1).integers(0, 256, (30, 40, 3))
        tiff.write(given, values.astype(np.uint8))
        output = console.run(*(
            f"(let* ((image (car (gimp-file-load RUN-NONINTERACTIVE"
            f' {quoted(given)} "")))'
            f" (layer (car (gimp-image-get-active-layer image))))"
            f" (plug-in-gaussian-kernel-blur RUN-NONINTERACTIVE image layer"
            f' {size} 2.0 -1 -1.0 "clamp" "linear" "auto")'
            f' (file-tiff-save RUN-NONINTERACTIVE image layer {quoted(made)} ""'
            f" 0))"
            for size in (9, 20000)
        ))
        refusal = tree.catalogue().gettext("%s is %s; allowed are %s … %s.") % (
            "size", 20000, 0, 8191
        )
        self.assertNotIn("allowed", refusal)
        self.assertIn(refusal, output)
        self.assertTrue((tiff.read(made)[0] != values).any())


if __name__ == "__main__":
    unittest.main(verbosity=2)
