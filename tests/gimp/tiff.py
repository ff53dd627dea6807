# SPDX-License-Identifier: LGPL-3.0-or-later
"""Uncompressed TIFF, for pixels that must reach a test unchanged."""

import struct

import numpy as np

_FORMATS = {"u": 1, "f": 3}
_TYPE_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 7: 1}


def write(path, pixels, profile=None):
    """Writes rows x columns x channels (1 to 4; even = with alpha)."""
    pixels = np.ascontiguousarray(pixels)
    height, width, channels = pixels.shape
    bits = 8 * pixels.dtype.itemsize
    tags = {
        256: (4, [width]),
        257: (4, [height]),
        258: (3, [bits] * channels),
        259: (3, [1]),
        262: (3, [1 if channels < 3 else 2]),
        277: (3, [channels]),
        278: (4, [height]),
        279: (4, [pixels.nbytes]),
        284: (3, [1]),
        339: (3, [_FORMATS[pixels.dtype.kind]] * channels),
    }
    if channels % 2 == 0:
        tags[338] = (3, [2])
    if profile is not None:
        tags[34675] = (7, list(profile))
    tags[273] = (4, [0])
    entries, extra = b"", b""
    start_of_extra = 8 + 2 + 12 * len(tags) + 4
    data_size = sum(
        len(values) * _TYPE_SIZES[kind]
        for kind, values in tags.values()
        if len(values) * _TYPE_SIZES[kind] > 4
    )
    tags[273] = (4, [start_of_extra + data_size + len(tags)])
    for tag in sorted(tags):
        kind, values = tags[tag]
        code = {3: "H", 4: "I", 7: "B"}[kind]
        data = struct.pack(f"<{len(values)}{code}", *values)
        entries += struct.pack("<HHI", tag, kind, len(values))
        if len(data) <= 4:
            entries += data.ljust(4, b"\0")
        else:
            entries += struct.pack("<I", start_of_extra + len(extra))
            extra += data
    head = struct.pack("<2sHIH", b"II", 42, 8, len(tags))
    body = head + entries + struct.pack("<I", 0) + extra
    body = body.ljust(tags[273][1][0], b"\0")
    with open(path, "wb") as file:
        file.write(body + pixels.astype(pixels.dtype.newbyteorder("<")).tobytes())


def read(path):
    """The pixels as rows x columns x channels, and the profile or None."""
    with open(path, "rb") as file:
        data = file.read()
    order = {b"II": "<", b"MM": ">"}[data[:2]]
    (offset,) = struct.unpack_from(order + "I", data, 4)
    (count,) = struct.unpack_from(order + "H", data, offset)
    tags = {}
    for i in range(count):
        entry = offset + 2 + 12 * i
        tag, kind, length = struct.unpack_from(order + "HHI", data, entry)
        if kind not in (1, 3, 4, 7):
            continue
        place = entry + 8
        if length * _TYPE_SIZES[kind] > 4:
            (place,) = struct.unpack_from(order + "I", data, place)
        code = {1: "B", 3: "H", 4: "I", 7: "B"}[kind]
        tags[tag] = struct.unpack_from(f"{order}{length}{code}", data, place)
    if tags.get(259, (1,))[0] != 1 or tags.get(284, (1,))[0] != 1:
        raise ValueError(f"{path} is compressed or planar")
    if tags.get(338, (2,))[0] == 1:
        raise ValueError(f"{path} is premultiplied")
    width, height, channels = tags[256][0], tags[257][0], tags.get(277, (1,))[0]
    kind = {1: "u", 3: "f"}[tags.get(339, (1,))[0]]
    dtype = np.dtype(f"{order}{kind}{tags[258][0] // 8}")
    raw = b"".join(
        data[start : start + size] for start, size in zip(tags[273], tags[279])
    )
    pixels = np.frombuffer(raw, dtype).reshape(height, width, channels)
    profile = bytes(tags[34675]) if 34675 in tags else None
    return pixels.astype(dtype.newbyteorder("=")), profile
