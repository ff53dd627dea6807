# SPDX-License-Identifier: LGPL-3.0-or-later
"""GIMP 2.10 and the gegl command blur the shared picture as every release
does."""

import os
import pathlib
import unittest

import shared_picture
import tiff
from console import Console, quoted

FOLDER = pathlib.Path(os.environ["GK_WORK"]) / "shared-picture"


class SharedPicture(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.console = Console(FOLDER)

    def test_gimp(self):
        given = self.console.folder / "given.tif"
        tiff.write(given, shared_picture.picture())
        made = {
            light: self.console.folder / f"{light}.tif"
            for light in shared_picture.LIGHTS
        }
        self.console.run_cleanly(*(
            f"(let* ((image (car (gimp-file-load RUN-NONINTERACTIVE"
            f' {quoted(given)} "")))'
            f" (layer (car (gimp-image-get-active-layer image))))"
            f" (plug-in-gaussian-kernel-blur RUN-NONINTERACTIVE image layer"
            f" {shared_picture.SIZE} {shared_picture.SIGMA} -1 -1.0"
            f' "clamp" "{light}" "auto")'
            f" (file-tiff-save RUN-NONINTERACTIVE image layer {quoted(path)}"
            f' "" 0))'
            for light, path in made.items()
        ))
        for light, path in made.items():
            shared_picture.judge(tiff.read(path)[0], "GIMP 2.10", light)

    def test_gegl(self):
        shared_picture.judge_gegl(self.console.folder)


if __name__ == "__main__":
    unittest.main(verbosity=2)
