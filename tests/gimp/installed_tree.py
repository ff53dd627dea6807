# SPDX-License-Identifier: LGPL-3.0-or-later
"""What `meson install` puts in place, below a folder of the test's own."""

import gettext
import os
import pathlib
import shutil
import subprocess

LANGUAGE = "de"
LOCALE = "de_DE.UTF-8"


class InstalledTree:
    """`folder` is made anew. Needs GK_BUILD, GK_PLUG_IN_FOLDER, GK_MODULE_FOLDER
    and GK_SYSTEM_MODULES; the folders are absolute, as they will be."""

    def __init__(self, folder):
        self.root = pathlib.Path(folder).absolute()
        shutil.rmtree(self.root, ignore_errors=True)
        subprocess.run(
            ["meson", "install", "-C", os.environ["GK_BUILD"], "--no-rebuild",
             "--destdir", str(self.root)],
            stdin=subprocess.DEVNULL,
            check=True,
        )
        self.plug_in = self._inside(os.environ["GK_PLUG_IN_FOLDER"])
        self.modules = self._inside(os.environ["GK_MODULE_FOLDER"])
        # GEGL looks nowhere else then.
        self.gegl_path = f"{os.environ['GK_SYSTEM_MODULES']}:{self.modules}"

    def _inside(self, folder):
        return self.root / pathlib.Path(folder).relative_to("/")

    def gimprc(self):
        """The lines that make GIMP look here instead of in the user's folder."""
        return (
            f'(plug-in-path "${{gimp_plug_in_dir}}/plug-ins:'
            f'{self.plug_in.parent}")',
        )

    def missing(self):
        """Which of the parts that belong beside each other are not there."""
        parts = (
            self.plug_in / "gaussian-kernel",
            self.plug_in / "help.html",
            self.plug_in / "locale" / LANGUAGE / "LC_MESSAGES"
            / "gaussian-kernel.mo",
            self.modules / "gaussian-kernel.so",
        )
        return [str(part) for part in parts if not part.is_file()]

    def catalogue(self):
        return gettext.translation(
            "gaussian-kernel", self.plug_in / "locale", [LANGUAGE]
        )
