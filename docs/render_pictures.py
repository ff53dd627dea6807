#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-3.0-or-later
"""Renders the pictures of README.md with the project itself:
    docs/render_pictures.py BUILD_FOLDER [PICTURE…]
PICTURE is before-after, matrix or dialog; all if none is named. Needs GIMP 2.10,
for the dialog also Xvfb, openbox, xdotool and ImageMagick."""

import os
import pathlib
import subprocess
import sys
import tempfile

from PIL import Image

import scene

HERE = pathlib.Path(__file__).resolve().parent
TREE = HERE.parent
sys.path.insert(0, str(TREE / "tests" / "gimp"))

from console import Console, quoted  # noqa: E402  pylint: disable=all


def before_after(work):
    before, after = work / "before.png", work / "after.png"
    scene.write(before)
    system = subprocess.run(
        ["pkg-config", "--variable=pluginsdir", "gegl-0.4"],
        capture_output=True, text=True, check=True,
    ).stdout.strip()
    module = pathlib.Path(os.environ["GK_MODULE"]).parent
    subprocess.run(
        ["gegl", before, "-o", after, "--", "gaussian-kernel:blur",
         "size=31", "sigma=6"],
        env=os.environ | {"GEGL_PATH": f"{system}:{module}"},
        check=True,
    )
    left, right = Image.open(before), Image.open(after)
    both = Image.new("RGB", (left.width + 8 + right.width, left.height), "white")
    both.paste(left, (0, 0))
    both.paste(right, (left.width + 8, 0))
    both.save(HERE / "before-after.png", optimize=True)


def matrix(work):
    console = Console(work / "console")
    path = work / "matrix.png"
    console.run_cleanly(
        "(let* ((image (car (plug-in-gaussian-kernel-plot RUN-NONINTERACTIVE"
        " 9 2.0 -1 -1.0 720))) (layer (car"
        " (gimp-image-get-active-drawable image))))"
        f' (gimp-file-save RUN-NONINTERACTIVE image layer {quoted(path)} "")'
        " (gimp-image-delete image))"
    )
    Image.open(path).convert("RGB").save(HERE / "matrix.png", optimize=True)


def dialog(work):
    from desktop import ACCELERATOR, CANVAS, Desktop

    photo = work / "harbour.png"
    scene.write(photo, width=900, height=480)
    desktop = Desktop(work / "desktop")
    try:
        desktop.open_image(photo)
        canvas = desktop.activate(CANVAS)
        desktop.keys("Tab")  # no docks
        desktop.tool("windowsize", "--sync", canvas, 1000, 640)
        desktop.tool("windowmove", "--sync", canvas, 0, 20)
        desktop.settle()
        desktop.keys(ACCELERATOR)
        window = desktop.activate("Gaussian Kernel")
        desktop.tool("windowmove", "--sync", window, 530, 50)
        desktop.tool("mousemove", 1279, 2)
        desktop.settle()
        desktop.keys("alt+g", "ctrl+a")
        desktop.type("4.5\t")
        desktop.settle()
        screen = Image.fromarray(desktop.settle())
        screen.crop((0, 20, 1000, 684)).save(HERE / "dialog.png", optimize=True)
    finally:
        desktop.close()


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    build = pathlib.Path(sys.argv[1]).resolve()
    os.environ["GK_PLUG_IN"] = str(build / "plugin/host/gaussian-kernel")
    os.environ["GK_MODULE"] = str(build / "plugin/gegl/gaussian-kernel.so")
    os.environ["GK_HELP"] = str(TREE / "plugin/help/help.html")
    pictures = {
        "before-after": before_after,
        "matrix": matrix,
        "dialog": dialog,
    }
    for name in sys.argv[2:] or pictures:
        with tempfile.TemporaryDirectory() as work:
            pictures[name](pathlib.Path(work))


if __name__ == "__main__":
    sys.dont_write_bytecode = True
    main()
