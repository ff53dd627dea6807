# SPDX-License-Identifier: LGPL-3.0-or-later
"""GIMP 2.10 on the console, with a profile of its own that holds the plug-in
and the operation under test."""

import os
import pathlib
import shutil
import subprocess
import sys

SKIPPED = 77
PROGRAM = "gimp-console-2.10"


def skip(reason):
    print(f"skipped: {reason}")
    sys.exit(SKIPPED)


def quoted(text):
    """`text` as a Script-Fu string."""
    return '"' + str(text).replace("\\", "\\\\").replace('"', '\\"') + '"'


class Console:
    """`folder` is made anew. Needs GK_PLUG_IN, GK_MODULE and GK_HELP;
    GK_LOCALE, a folder of catalogues, is optional."""

    def __init__(self, folder, with_operation=True, settings=()):
        if not shutil.which(PROGRAM):
            skip(f"{PROGRAM} is not installed")
        self.folder = pathlib.Path(folder).absolute()
        shutil.rmtree(self.folder, ignore_errors=True)
        for name in ("data", "cache", "config", "home"):
            (self.folder / name).mkdir(parents=True)
        self.profile = self.folder / "gimp"
        self.environment = {
            name: value
            for name, value in os.environ.items()
            if name not in ("GEGL_PATH", "DISPLAY", "LANGUAGE")
        }
        self.environment |= {
            "GIMP2_DIRECTORY": str(self.profile),
            "HOME": str(self.folder / "home"),
            "XDG_DATA_HOME": str(self.folder / "data"),
            "XDG_CACHE_HOME": str(self.folder / "cache"),
            "XDG_CONFIG_HOME": str(self.folder / "config"),
            "LC_ALL": "C.UTF-8",
        }
        # GIMP completes no profile that it did not begin.
        self.run()
        plug_in = self.profile / "plug-ins" / "gaussian-kernel"
        plug_in.mkdir(parents=True)
        shutil.copy(os.environ["GK_PLUG_IN"], plug_in / "gaussian-kernel")
        shutil.copy(os.environ["GK_HELP"], plug_in / "help.html")
        if os.path.isdir(os.environ.get("GK_LOCALE", "")):
            shutil.copytree(os.environ["GK_LOCALE"], plug_in / "locale")
        self.modules = self.folder / "data" / "gegl-0.4" / "plug-ins"
        if with_operation:
            self.modules.mkdir(parents=True, exist_ok=True)
            shutil.copy(os.environ["GK_MODULE"], self.modules)
        with open(self.profile / "gimprc", "a", encoding="utf-8") as file:
            for line in settings:
                print(line, file=file)

    def run(self, *commands):
        """Runs Script-Fu commands one after the other, each whether or not the
        one before failed. What GIMP printed."""
        arguments = [PROGRAM, "-i", "-d", "-f"]
        for command in commands:
            arguments += ["-b", command]
        result = subprocess.run(
            arguments + ["-b", "(gimp-quit 1)"],
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=240 + 20 * len(commands),
            check=False,
        )
        return result.stdout.decode("utf-8", "replace")

    def run_cleanly(self, *commands):
        """As run(); fails if a command did."""
        output = self.run(*commands)
        if "experienced an execution error" in output or "CRITICAL" in output:
            raise AssertionError(output)
        return output
