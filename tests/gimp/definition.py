# SPDX-License-Identifier: LGPL-3.0-or-later
"""The blur as the project defines it, in double: slow and obvious."""

import math

import numpy as np


def weights(size, sigma):
    if size == 0:
        size = 2 * math.ceil(4 * sigma) + 1
    taps = np.arange(size) - size // 2
    if sigma == 0:
        return (taps == 0).astype(float)
    result = np.exp(-(taps.astype(float) ** 2) / (2 * sigma * sigma))
    return result / result.sum()


def srgb_to_linear(value):
    with np.errstate(invalid="ignore"):
        return np.where(
            value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4
        )


def linear_to_srgb(value):
    with np.errstate(invalid="ignore"):
        return np.where(
            value <= 0.0031308,
            value * 12.92,
            1.055 * np.abs(value) ** (1 / 2.4) - 0.055,
        )


def gamma(exponent):
    """A pair of functions like the two above for a plain power curve."""
    return lambda value: value**exponent, lambda value: value ** (1 / exponent)


SRGB = (srgb_to_linear, linear_to_srgb)
AS_STORED = (lambda value: value, lambda value: value)

_PADS = {"clamp": "edge", "loop": "wrap", "mirror": "symmetric"}


def _convolve(values, kernel, axis, border, outside):
    before = len(kernel) - 1 - len(kernel) // 2
    after = len(kernel) // 2
    pad = [(0, 0)] * values.ndim
    pad[axis] = (before, after)
    if border in _PADS:
        padded = np.pad(values, pad, mode=_PADS[border])
    else:
        padded = np.pad(values, pad, constant_values=outside)
    result = np.zeros_like(values)
    length = values.shape[axis]
    for i, weight in enumerate(kernel):
        # A convolution: tap i reads the pixel on the other side.
        start = before + len(kernel) // 2 - i
        result += weight * np.take(
            padded, range(start, start + length), axis=axis
        )
    return result


def blur(
    pixels,
    size,
    sigma,
    size_y=-1,
    sigma_y=-1.0,
    border="clamp",
    curve=SRGB,
):
    """`pixels`: rows x columns x channels in double; an even number of channels
    ends with alpha. `curve`: from stored values to the light that is averaged,
    and back."""
    horizontal = weights(size, sigma)
    vertical = weights(
        size if size_y < 0 else size_y, sigma if sigma_y < 0 else sigma_y
    )
    with_alpha = pixels.shape[2] % 2 == 0
    colour = curve[0](pixels[:, :, :-1] if with_alpha else pixels)
    alpha = pixels[:, :, -1:] if with_alpha else np.ones_like(colour[:, :, :1])
    outside_colour = {"white": 1.0}.get(border, 0.0)
    outside_alpha = {"none": 0.0}.get(border, 1.0)

    def both(values, outside):
        values = _convolve(values, horizontal, 1, border, outside)
        return _convolve(values, vertical, 0, border, outside)

    share = both(alpha, outside_alpha)
    light = both(colour * alpha, outside_colour * outside_alpha)
    mean = np.where(share > 0, light / np.where(share > 0, share, 1), 0)
    result = np.where(share > 0, curve[1](mean), 0)
    return np.concatenate([result, share], axis=2) if with_alpha else result


def as_numbers(stored):
    """Stored components as doubles; integers become 0 to 1."""
    if stored.dtype.kind == "u":
        return stored / float(np.iinfo(stored.dtype).max)
    return stored.astype(float)


def largest_error(stored, exact):
    """In codes for integers (of the exactly rounded result), else absolute."""
    if stored.dtype.kind != "u":
        return np.abs(stored - exact).max()
    top = float(np.iinfo(stored.dtype).max)
    rounded = np.floor(np.clip(exact, 0, 1) * top + 0.5)
    return np.abs(stored - rounded).max()
