# SPDX-License-Identifier: LGPL-3.0-or-later
# Runs inside GIMP 3, before the scripts of the tests.

import os
import sys

import gi

gi.require_version("Gegl", "0.4")
gi.require_version("Gimp", "3.0")
import numpy as np
from gi.repository import Gegl, Gimp, Gio

sys.path.insert(0, os.environ["GK_TESTS"])

_TYPES = {"u8": np.uint8, "u16": np.uint16, "float": np.float32}
_CHANNELS = {
    "Y": 1, "Y'": 1, "YA": 2, "Y'A": 2,
    "RGB": 3, "R'G'B'": 3, "RGBA": 4, "R'G'B'A": 4,
}
_LAYERS = {
    1: Gimp.ImageType.GRAY_IMAGE, 2: Gimp.ImageType.GRAYA_IMAGE,
    3: Gimp.ImageType.RGB_IMAGE, 4: Gimp.ImageType.RGBA_IMAGE,
}
_PRECISIONS = {
    "u8": Gimp.Precision.U8_NON_LINEAR,
    "u16": Gimp.Precision.U16_NON_LINEAR,
    "float": Gimp.Precision.FLOAT_LINEAR,
}


def area(drawable):
    return Gegl.Rectangle.new(0, 0, drawable.get_width(), drawable.get_height())


def pixels(drawable, encoding):
    """rows x columns x channels, in that babl encoding."""
    model, kind = encoding.split()
    data = drawable.get_buffer().get(
        area(drawable), 1.0, encoding, Gegl.AbyssPolicy.NONE
    )
    return np.frombuffer(data, _TYPES[kind]).reshape(
        drawable.get_height(), drawable.get_width(), _CHANNELS[model]
    )


def set_pixels(drawable, encoding, values):
    buffer = drawable.get_buffer()
    buffer.set(area(drawable), encoding, values.tobytes())
    buffer.flush()
    drawable.update(0, 0, drawable.get_width(), drawable.get_height())


def drawable_encoding(drawable):
    """The babl encoding that the pixels are stored in."""
    from gi.repository import Babl
    return Babl.format_get_encoding(drawable.get_format())


def new_image(width, height, grey=False, kind="u8"):
    return Gimp.Image.new_with_precision(
        width,
        height,
        Gimp.ImageBaseType.GRAY if grey else Gimp.ImageBaseType.RGB,
        _PRECISIONS[kind],
    )


def new_layer(image, channels, name="layer", parent=None, position=0):
    layer = Gimp.Layer.new(
        image, name, image.get_width(), image.get_height(), _LAYERS[channels],
        100.0, Gimp.LayerMode.NORMAL,
    )
    image.insert_layer(layer, parent, position)
    return layer


def call(name, **arguments):
    """Calls the procedure. Its values after the status, or an Exception."""
    procedure = Gimp.get_pdb().lookup_procedure(name)
    if procedure is None:
        raise LookupError(f"there is no procedure {name}")
    config = procedure.create_config()
    for argument, value in arguments.items():
        argument = argument.replace("_", "-")
        if isinstance(value, list):
            config.set_core_object_array(argument, value)
        else:
            config.set_property(argument, value)
    values = procedure.run(config)
    if values.index(0) != Gimp.PDBStatusType.SUCCESS:
        raise RuntimeError(Gimp.get_pdb().get_last_error())
    return [values.index(i) for i in range(1, values.length())]


def blur(image, drawables, **arguments):
    return call(
        "plug-in-gaussian-kernel-blur",
        run_mode=Gimp.RunMode.NONINTERACTIVE,
        image=image,
        drawables=drawables,
        **arguments,
    )


def refusal(image, drawables, **arguments):
    """What the procedure says when it refuses."""
    try:
        blur(image, drawables, **arguments)
    except (RuntimeError, TypeError) as error:
        return str(error)
    raise AssertionError(f"not refused: {arguments}")


def flat(image, encoding):
    """The visible picture."""
    copy = image.duplicate()
    layer = copy.merge_visible_layers(Gimp.MergeType.CLIP_TO_IMAGE)
    result = pixels(layer, encoding).copy()
    copy.delete()
    return result


def save(image, path):
    Gimp.file_save(Gimp.RunMode.NONINTERACTIVE, image, Gio.File.new_for_path(path))


def load(path):
    return Gimp.file_load(Gimp.RunMode.NONINTERACTIVE, Gio.File.new_for_path(path))


def serve():
    """Answers at the socket GK_SOCKET, until GIMP ends: one request for each
    connection, ["eval" or "exec", source]."""
    import json
    import socket
    import traceback

    names = globals()
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(os.environ["GK_SOCKET"])
        server.listen()
        while True:
            link, _ = server.accept()
            with link:
                data = b"".join(iter(lambda: link.recv(65536), b""))
                try:
                    kind, source = json.loads(data)
                    if kind == "eval":
                        answer = ["value", eval(source, names)]
                    else:
                        exec(source, names)
                        answer = ["value", None]
                    text = json.dumps(answer)
                except Exception:
                    text = json.dumps(["error", traceback.format_exc()])
                link.sendall(text.encode())
