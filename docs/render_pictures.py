#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-3.0-or-later
"""Renders the pictures of README.md with the project itself:
    docs/render_pictures.py BUILD_FOLDER OUTPUT_FOLDER [PICTURE…]
PICTURE is before-after, matrix or dialog-2.10, which need GIMP 2.10 and are made
if none is named; or dialog, which needs GIMP 3:
    tools/in-debian forky docs/render_pictures.py /build /build dialog
The dialogs also need Xvfb, openbox, xdotool and ImageMagick."""

import os
import pathlib
import subprocess
import sys
import tempfile
import time

from PIL import Image

import scene

TREE = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(TREE / "tests" / "gimp"))


def before_after(work, output):
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
    both.save(output, optimize=True)


def matrix(work, output):
    from console import Console, quoted

    console = Console(work / "console")
    path = work / "matrix.png"
    console.run_cleanly(
        "(let* ((image (car (plug-in-gaussian-kernel-plot RUN-NONINTERACTIVE"
        " 9 2.0 -1 -1.0 720))) (layer (car"
        " (gimp-image-get-active-drawable image))))"
        f' (gimp-file-save RUN-NONINTERACTIVE image layer {quoted(path)} "")'
        " (gimp-image-delete image))"
    )
    Image.open(path).convert("RGB").save(output, optimize=True)


def dialog_2_10(work, output):
    from desktop import BLUR_KEY, CANVAS, Desktop

    photo = work / "harbour.png"
    scene.write(photo, width=900, height=560)
    desktop = Desktop(work / "desktop")
    try:
        desktop.open_image(photo)
        canvas = desktop.activate(CANVAS)
        desktop.tool("windowsize", "--sync", canvas, 1240, 800)
        desktop.tool("windowmove", "--sync", canvas, 0, 0)
        desktop.settle()
        desktop.keys(BLUR_KEY)
        window = desktop.activate("Gaussian Kernel")
        desktop.tool("windowmove", "--sync", window, 760, 120)
        desktop.tool("mousemove", 1279, 2)
        desktop.settle()
        desktop.keys("alt+g", "ctrl+a")
        desktop.type("4.5\t")
        desktop.settle()
        screen = Image.fromarray(desktop.settle())
        screen.crop((0, 0, 1244, 822)).save(output, optimize=True)
    finally:
        desktop.close()


def dialog(work, output):
    from gimp_3_desktop import Desktop
    from screen import enter_session_bus

    enter_session_bus()
    photo = work / "harbour.png"
    scene.write(photo, width=560, height=600)
    desktop = Desktop(work / "desktop", work)
    try:
        desktop.tell(f"""
image = load({str(photo)!r})
display = Gimp.Display.new(image)
Gimp.displays_flush()
""")
        canvas = desktop.wait_for(
            lambda: desktop.windows("picture-window"), "the picture"
        )[-1]
        desktop.tool("windowsize", "--sync", canvas, 1140, 780)
        desktop.tool("windowmove", "--sync", canvas, 0, 0)
        desktop.press(desktop.wait_for(
            lambda: desktop.part("gimp", "menu item", "Gaussian Kernel Blur"),
            "the menu item",
        ))
        window = desktop.wait_for(
            lambda: desktop.windows("Gaussian Kernel Blur"), "the dialog"
        )[-1]
        desktop.tool("windowmove", "--sync", window, 780, 90)
        desktop.wait_for(
            lambda: desktop.part("gaussian-kernel", "spin button", "Sigma"),
            "its parts",
        ).get_value_iface().set_current_value(4.5)
        desktop.tool("mousemove", 1399, 2)
        seen = None
        while seen is None or (seen != desktop.pixels()).any():
            seen = desktop.pixels()
            time.sleep(2)
        Image.fromarray(seen).crop((0, 0, 1280, 820)).save(
            output, optimize=True
        )
    finally:
        desktop.close()


def main():
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    build, output = (pathlib.Path(path).resolve() for path in sys.argv[1:3])
    names = sys.argv[3:] or ["before-after", "matrix", "dialog-2.10"]
    host = "gimp_3/gaussian-kernel" if "dialog" in names else "gaussian-kernel"
    os.environ["GK_PLUG_IN"] = str(build / "plugin/host" / host)
    os.environ["GK_MODULE"] = str(build / "plugin/gegl/gaussian-kernel.so")
    os.environ["GK_HELP"] = str(TREE / "plugin/help/help.html")
    pictures = {
        "before-after": before_after,
        "matrix": matrix,
        "dialog-2.10": dialog_2_10,
        "dialog": dialog,
    }
    for name in names:
        with tempfile.TemporaryDirectory() as work:
            pictures[name](pathlib.Path(work), output / f"{name}.png")


if __name__ == "__main__":
    sys.dont_write_bytecode = True
    main()
