# SPDX-License-Identifier: LGPL-3.0-or-later
"""A harbour at night, drawn from numbers: small bright lights in the dark,
which show best what a blur does."""

import numpy as np
from PIL import Image, ImageDraw

OVERSAMPLING = 3


def _sky(width, height):
    """A gradient from night blue to the last red above the horizon."""
    t = np.linspace(0, 1, height)[:, None, None] ** 1.5
    top, bottom = np.array([10, 16, 42.0]), np.array([196, 96, 70.0])
    row = top + (bottom - top) * t
    return np.broadcast_to(row, (height, width, 3))


def harbour(width=480, height=320, seed=7):
    """An RGB picture of that size; `seed` chooses houses and lights."""
    random = np.random.default_rng(seed)
    wide, high = width * OVERSAMPLING, height * OVERSAMPLING
    shore = int(0.62 * high)
    pixels = np.zeros((high, wide, 3), np.uint8)
    pixels[:shore] = _sky(wide, shore)
    # The water holds the sky upside down, darker.
    mirrored = _sky(wide, high - shore)[::-1] * 0.35
    pixels[shore:] = mirrored
    image = Image.fromarray(pixels)
    draw = ImageDraw.Draw(image)

    moon = 0.045 * wide
    x, y = 0.78 * wide, 0.2 * high
    draw.ellipse((x - moon, y - moon, x + moon, y + moon), (250, 244, 220))
    for _ in range(60):
        x, y = random.random() * wide, random.random() * 0.4 * high
        r = random.choice([1, 1.5, 2])
        draw.ellipse((x - r, y - r, x + r, y + r), (235, 235, 255))

    left = 0.0
    while left < wide:
        right = left + wide * random.uniform(0.05, 0.11)
        roof = shore - high * random.uniform(0.08, 0.36)
        wall = random.integers(10, 26)
        draw.rectangle((left, roof, right, shore), (wall, wall, wall + 9))
        step = wide * 0.0135
        for wx in np.arange(left + step * 0.6, right - step, step):
            for wy in np.arange(roof + step * 0.7, shore - step, step * 1.25):
                if random.random() < 0.45:
                    warm = random.uniform(0.6, 1)
                    light = tuple(int(c * warm) for c in (255, 205, 120))
                    draw.rectangle(
                        (wx, wy, wx + step * 0.5, wy + step * 0.7), light
                    )
        left = right

    for x in np.linspace(0.04, 0.96, 12) * wide:
        y, r = shore + 0.012 * high, 0.006 * wide
        light = ((255, 236, 190), (120, 235, 160), (255, 120, 90))[
            random.choice(3, p=[0.7, 0.15, 0.15])
        ]
        draw.ellipse((x - r, y - r, x + r, y + r), light)
        for k in range(9):
            half = r * random.uniform(0.5, 1.6)
            deep = y + (k + 1) * 0.03 * high
            fading = 0.8 * (1 - k / 10)
            draw.rectangle(
                (x - half, deep, x + half, deep + 0.008 * high),
                tuple(int(c * fading) for c in light),
            )
    return image.resize((width, height), Image.LANCZOS)


def write(path, **arguments):
    harbour(**arguments).save(path)
