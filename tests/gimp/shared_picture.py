# SPDX-License-Identifier: LGPL-3.0-or-later
"""One picture and its blurs that every GIMP and the gegl command must make
alike, to a code of 255."""

import hashlib
import os
import pathlib
import subprocess

import numpy as np

import definition

SIZE, SIGMA = 15, 3.0
LIGHTS = ("linear", "perceptual")
_ALLOWED = 1  # code


def picture():
    """Rows x columns x R'G'B'A: all codes, no pixel without alpha."""
    y, x, channel = np.indices((60, 80, 4))
    values = (x * x * 31 + y * (x + 17) * 7 + (channel + 1) * x * y * 13) % 256
    values[:, :, 3] = np.maximum(values[:, :, 3], 1)
    return values.astype(np.uint8)


def expected(light):
    curve = definition.SRGB if light == "linear" else definition.AS_STORED
    exact = definition.blur(
        definition.as_numbers(picture()), SIZE, SIGMA, curve=curve
    )
    return np.floor(np.clip(exact, 0, 1) * 255 + 0.5).astype(np.uint8)


def judge(made, maker, light):
    """Says how far `made` is from the definition; fails beyond one code."""
    apart = np.abs(made.astype(int) - expected(light))
    digest = hashlib.sha256(np.ascontiguousarray(made).tobytes()).hexdigest()
    line = (
        f"shared picture, {maker}, {light}: {np.count_nonzero(apart)} of"
        f" {apart.size} codes differ, by {apart.max()} at most,"
        f" sha256 {digest}"
    )
    with open(
        os.path.join(os.environ["GK_WORK"], "shared-picture.txt"), "a",
        encoding="utf-8",
    ) as file:
        print(line, file=file)
    print(line)
    assert apart.max() <= _ALLOWED, line
    assert (made != picture()).mean() > 0.5, line


def judge_gegl(folder):
    """The same for the gegl command, which must find the operation."""
    from PIL import Image

    folder = pathlib.Path(folder)
    given, made = folder / "shared.png", folder / "shared-made.png"
    Image.fromarray(picture(), "RGBA").save(given)
    for light in LIGHTS:
        made.unlink(missing_ok=True)
        subprocess.run(
            ["gegl", str(given), "-o", str(made), "--", "gaussian-kernel:blur",
             f"size={SIZE}", f"sigma={SIGMA}", f"light={light}"],
            env=os.environ | {
                "GEGL_PATH": os.environ["GK_SYSTEM_MODULES"]
                + ":" + os.path.dirname(os.environ["GK_MODULE"]),
            },
            stdin=subprocess.DEVNULL,
            check=True,
        )
        with Image.open(made) as image:
            assert image.mode == "RGBA", image.mode
            judge(np.array(image), "gegl", light)
