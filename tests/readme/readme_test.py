# SPDX-License-Identifier: LGPL-3.0-or-later
"""Runs the commands of README.md as a user would paste them:
    readme_test.py gegl|gimp-3|gimp-2.10

An HTML comment above a block says what becomes of it:
    <!-- run: WHERE… -->           run in each WHERE
    <!-- run: ci -->               not here: .ci/run has the same commands
    <!-- makes: FILE… -->          FILE is the photo of the same name, blurred
    <!-- makes-other: FILE… -->    FILE is a picture
    <!-- save: FILE -->            the block is FILE
"""

import atexit
import os
import pathlib
import re
import shlex
import shutil
import subprocess
import sys
import tempfile

import numpy as np
from PIL import Image

TREE = pathlib.Path(os.environ["GK_SOURCE"])
BUILD = pathlib.Path(os.environ["GK_BUILD"])
sys.path[:0] = [str(TREE / "docs"), str(TREE / "tests" / "gimp")]

import definition  # noqa: E402
import scene  # noqa: E402

SKIPPED = 77
SIZE, SIGMA = 21, 4.5
PROGRAMS = {
    "gegl": ["gegl", "cc", "pkg-config"],
    "gimp-3": ["gimp-console"],
    "gimp-2.10": ["gimp-console-2.10"],
}
PLUG_INS = {
    "gegl": None,
    "gimp-3": "plugin/host/gimp_3/gaussian-kernel",
    "gimp-2.10": "plugin/host/gaussian-kernel",
}
COMMENT = re.compile(r"<!-- ([a-z-]+): (.*) -->$")


def skip(reason):
    print(f"skipped: {reason}")
    sys.exit(SKIPPED)


def fail(reason):
    print(f"failed: {reason}")
    sys.exit(1)


def blocks():
    """Each fenced block of README.md: line, language, comments, text."""
    comments, found, language = {}, [], None
    text = (TREE / "README.md").read_text(encoding="utf-8")
    for number, line in enumerate(text.splitlines(), 1):
        if language is not None:
            if line == "```":
                found.append((start, language, comments, "\n".join(body) + "\n"))
                language, comments = None, {}
            else:
                body.append(line)
        elif line.startswith("```"):
            start, language, body = number, line[3:], []
        elif match := COMMENT.match(line):
            comments[match[1]] = match[2].split()
        elif line:
            comments = {}
    return found


def check_all_are_run(found):
    stages = [
        line.strip()
        for line in (TREE / ".ci" / "run").read_text(encoding="utf-8").splitlines()
        if not line.lstrip().startswith("#")
    ]
    for line, language, comments, text in found:
        where = comments.get("run", [])
        if language == "sh" and not where:
            fail(f"README.md:{line}: no test runs this block")
        if language != "sh" and "save" not in comments:
            fail(f"README.md:{line}: nothing is done with this block")
        for name in where:
            if name == "ci":
                for command in text.splitlines():
                    if not any(command in line for line in stages):
                        fail(f"README.md:{line}: .ci/run has no {command}")
            elif name not in PROGRAMS:
                fail(f"README.md:{line}: {name} is none of {list(PROGRAMS)}")


def check_pixels(path, photo, size, sigma, output):
    if not path.exists():
        fail(f"{path} was not made:\n{output}")
    stored = np.asarray(Image.open(photo).convert("RGB"))
    blurred = np.asarray(Image.open(path).convert("RGB")).astype(int)
    exact = definition.blur(stored / 255.0, size, sigma)
    error = np.abs(blurred - np.floor(exact * 255 + 0.5)).max()
    if error > 1:
        fail(f"{path} is wrong by {error} codes:\n{output}")


class Machine:
    """A user's home, a clone with the build folder inside, and some photos."""

    def __init__(self, where):
        self.where = where
        # Not below the build folder: Meson wants no source inside it.
        root = pathlib.Path(tempfile.mkdtemp(prefix=f"readme-{where}-"))
        atexit.register(shutil.rmtree, root, ignore_errors=True)
        self.clone, self.photos = root / "clone", root / "pictures"
        (root / "home").mkdir(parents=True)
        (root / "bin").mkdir()
        self.clone.mkdir()
        for path in TREE.iterdir():
            if not path.name.startswith(("build", ".git")):
                (self.clone / path.name).symlink_to(path)
        (self.clone / "build").symlink_to(BUILD)
        (self.photos / "photos").mkdir(parents=True)
        for seed, name in enumerate(("photo", "photos/a", "photos/b")):
            scene.write(
                self.photos / f"{name}.png", width=90, height=60, seed=seed
            )
        # The one way in which this is not a user's machine: nothing is
        # installed outside `root`.
        sudo = root / "bin" / "sudo"
        sudo.write_text(f'#!/bin/sh\nDESTDIR={root / "system"} exec "$@"\n')
        sudo.chmod(0o755)
        self.system = root / "system"
        keep = ("LANG", "PATH", "LD_PRELOAD", "ASAN_OPTIONS", "CCACHE_DIR")
        self.environment = {
            name: os.environ[name] for name in keep if name in os.environ
        } | {
            "HOME": str(root / "home"),
            "LC_ALL": "C.UTF-8",
            "GK_BUILD_DIR": str(BUILD),
            "PATH": f"{root / 'bin'}:{os.environ['PATH']}",
        }

    def run(self, text):
        """Runs a block where a user would be. What it printed."""
        in_clone = re.search(r"^(tools/|meson )", text, re.M)
        result = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", text],
            cwd=self.clone if in_clone else self.photos,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=500,
            check=False,
        )
        output = result.stdout.decode("utf-8", "replace")
        if result.returncode != 0:
            fail(f"exit status {result.returncode} of\n{text}\n{output}")
        return output

    def check_blurred(self, name, output):
        photo = self.photos / name.replace("blurred/", "photos/").replace(
            "blurred.png", "photo.png"
        )
        check_pixels(self.photos / name, photo, SIZE, SIGMA, output)
        (self.photos / name).unlink()

    def check_own_photo(self):
        """tools/try once more, with a photo whose name needs quoting."""
        photo = self.photos / 'it\'s a "photo" (1).png'
        shutil.copy(self.photos / "photo.png", photo)
        output = self.run(f"tools/try {shlex.quote(str(photo))}")
        settings = re.search(r"size (\d+), sigma ([\d.]+),", output)
        result = re.search(r"result: (/.*)$", output, re.M)
        if not settings or not result or "Gaussian Kernel Blur" not in output:
            fail(f"tools/try does not say what it did:\n{output}")
        size, sigma = int(settings[1]), float(settings[2])
        check_pixels(pathlib.Path(result[1]), photo, size, sigma, output)

    def check_installed(self):
        names = {
            path.name for path in self.system.rglob("*") if path.is_file()
        }
        wanted = {"gaussian-kernel.so", "gaussian-kernel.mo", "gaussian-kernel"}
        if missing := wanted - names:
            fail(f"meson install did not install {missing}; only {names}")


def main():
    where = sys.argv[1]
    found = blocks()
    check_all_are_run(found)
    for program in PROGRAMS[where]:
        if not shutil.which(program):
            skip(f"{program} is not installed")
    plug_in = PLUG_INS[where]
    if plug_in and not (BUILD / plug_in).exists():
        skip(f"the plug-in for {where} is not built")
    machine = Machine(where)
    ran = 0
    for line, language, comments, text in found:
        if language == "sh" and where not in comments["run"]:
            continue
        for name in comments.get("save", []):
            (machine.photos / name).write_text(text, encoding="utf-8")
        if language != "sh":
            continue
        print(f"README.md:{line}: {text.splitlines()[0]}", flush=True)
        output = machine.run(text)
        for name in comments.get("makes", []):
            machine.check_blurred(name, output)
        for name in comments.get("makes-other", []):
            if np.asarray(Image.open(machine.photos / name)).std() == 0:
                fail(f"{name} is of a single colour")
        if "meson install" in text:
            machine.check_installed()
        if "tools/try" in text:
            machine.check_own_photo()
        ran += 1
    if not ran:
        fail(f"README.md has no block for {where}")
    print(f"{ran} blocks ran")


if __name__ == "__main__":
    main()
