# SPDX-License-Identifier: LGPL-3.0-or-later
"""GIMP 3 with a profile of its own that holds the plug-in and the operation
under test."""

import os
import pathlib
import re
import shutil
import subprocess
import sys

SKIPPED = 77
HERE = pathlib.Path(__file__).resolve().parent


def skip(reason):
    print(f"skipped: {reason}")
    sys.exit(SKIPPED)


def find(kind):
    """The newest GIMP 3 program of that kind ("gimp" or "gimp-console") and
    its version, or skips."""
    for name in (f"{kind}-3.2", f"{kind}-3.0", f"{kind}-3", kind):
        path = shutil.which(name)
        if not path:
            continue
        told = subprocess.run(
            [path, "--version"],
            env=os.environ | {"LC_ALL": "C.UTF-8"},
            capture_output=True,
            text=True,
            check=False,
        ).stdout
        version = re.search(r"\b3\.\d+\.\d+", told)
        if version:
            return path, version.group()
    return skip(f"{kind} of GIMP 3 is not installed")


def quoted(text):
    """`text` as a Script-Fu string."""
    return '"' + str(text).replace("\\", "\\\\").replace('"', '\\"') + '"'


class Profile:
    """`folder` is made anew. Needs GK_PLUG_IN, GK_MODULE and GK_HELP;
    GK_LOCALE, a folder of catalogues, is optional."""

    def __init__(self, folder, with_operation=True, settings=()):
        self.folder = pathlib.Path(folder).absolute()
        shutil.rmtree(self.folder, ignore_errors=True)
        for name in ("data", "cache", "config", "home", "run"):
            (self.folder / name).mkdir(parents=True, mode=0o700)
        self.profile = self.folder / "gimp"
        self.environment = {
            name: value
            for name, value in os.environ.items()
            if name
            not in (
                "DBUS_SESSION_BUS_ADDRESS",
                "DISPLAY",
                "GEGL_PATH",
                "LANGUAGE",
                "WAYLAND_DISPLAY",
            )
        }
        self.environment |= {
            "GIMP3_DIRECTORY": str(self.profile),
            "HOME": str(self.folder / "home"),
            "XDG_DATA_HOME": str(self.folder / "data"),
            "XDG_CACHE_HOME": str(self.folder / "cache"),
            "XDG_CONFIG_HOME": str(self.folder / "config"),
            "XDG_RUNTIME_DIR": str(self.folder / "run"),
            "LC_ALL": "C.UTF-8",
            "GK_TESTS": str(HERE),
        }
        plug_in = self.profile / "plug-ins" / "gaussian-kernel"
        plug_in.mkdir(parents=True)
        shutil.copy(os.environ["GK_PLUG_IN"], plug_in / "gaussian-kernel")
        if os.environ.get("GK_HELP"):
            shutil.copy(os.environ["GK_HELP"], plug_in / "help.html")
        if os.environ.get("GK_LOCALE"):
            shutil.copytree(os.environ["GK_LOCALE"], plug_in / "locale")
        if with_operation:
            modules = self.folder / "data" / "gegl-0.4" / "plug-ins"
            modules.mkdir(parents=True)
            shutil.copy(os.environ["GK_MODULE"], modules)
        (self.profile / "gimprc").write_text(
            "".join(f"{line}\n" for line in settings), encoding="utf-8"
        )

    def run(self, interpreter, command, with_fonts=False, timeout=240):
        """Runs one batch command. Exit status, and what GIMP printed."""
        program, _ = find("gimp-console")
        result = subprocess.run(
            [
                program,
                "--no-interface",
                "--new-instance",
                "--no-data",
                *([] if with_fonts else ["--no-fonts"]),
                "--quit",
                f"--batch-interpreter={interpreter}",
                "-b",
                command,
            ],
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=timeout,
            check=False,
        )
        return result.returncode, result.stdout.decode("utf-8", "replace")

    def run_scheme(self, command):
        return self.run("plug-in-script-fu-eval", command)

    def run_python(self, script, **options):
        """Runs a Python script inside GIMP, after inside_gimp_3.py."""
        path = self.folder / "script.py"
        path.write_text(script, encoding="utf-8")
        return self.run(
            "python-fu-eval",
            f"exec(open({str(HERE / 'inside_gimp_3.py')!r}).read());"
            f"exec(open({str(path)!r}).read())",
            **options,
        )

    def run_cleanly(self, script, **options):
        """As run_python(); fails if the script did."""
        status, output = self.run_python(script, **options)
        if status != 0:
            raise AssertionError(f"exit status {status}\n{output}")
        return output
