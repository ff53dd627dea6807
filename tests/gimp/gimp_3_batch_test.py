# SPDX-License-Identifier: LGPL-3.0-or-later
"""The plug-in in GIMP 3's console: pixels against the definition and the gegl
command, targets, effects, refusals."""

import os
import pathlib
import subprocess
import unittest

import shared_picture
from gimp_3 import Profile, find, quoted

WORK = pathlib.Path(os.environ["GK_WORK"]) / "gimp-3-batch"
PROFILE = Profile(WORK / "profile")

NOISE = """
import numpy as np
import definition
random = np.random.default_rng(3)

def noise(kind, channels, shape=(48, 64)):
    values = random.random(shape + (channels,))
    if channels % 2 == 0:
        values[:, :, -1] = np.clip(3 * values[:, :, -1] - 1, 0, 1)
    if kind == "float":
        return values.astype(np.float32)
    top = {"u8": 255, "u16": 65535}[kind]
    return np.round(values * top).astype({"u8": np.uint8, "u16": np.uint16}[kind])

def picture(kind, channels, shape=(48, 64)):
    stored = ["Y'", "Y'A", "R'G'B'", "R'G'B'A"][channels - 1]
    if kind == "float":
        stored = stored.replace("'", "")
    encoding = stored + " " + kind
    image = new_image(shape[1], shape[0], grey=channels < 3, kind=kind)
    layer = new_layer(image, channels)
    values = noise(kind, channels, shape)
    set_pixels(layer, encoding, values)
    assert (pixels(layer, encoding) == values).all()
    return image, layer, encoding, values

def exact(values, encoding, size=9, sigma=2.0, light="linear", **others):
    stored_as_light = "'" not in encoding
    curve = definition.SRGB[::-1] if stored_as_light else definition.SRGB
    if (light == "linear") == stored_as_light:
        curve = definition.AS_STORED
    return definition.blur(
        definition.as_numbers(values), size, sigma, curve=curve, **others
    )

def error(layer, encoding, expected):
    return definition.largest_error(pixels(layer, encoding), expected)
"""


class Batch(unittest.TestCase):
    def script(self, source, **options):
        return PROFILE.run_cleanly(NOISE + source, **options)


class Pixels(Batch):
    def test_every_format_equals_the_definition(self):
        self.script("""
for kind, bound in ("u8", 1), ("u16", 1), ("float", 2e-6):
    for channels in 1, 2, 3, 4:
        for light in "linear", "perceptual":
            image, layer, encoding, values = picture(kind, channels)
            blur(image, [layer], size=9, sigma=2.0, light=light)
            expected = exact(values, encoding, light=light)
            found = error(layer, encoding, expected)
            assert found <= bound, (kind, channels, light, found)
            assert (pixels(layer, encoding) != values).any()
            image.delete()
""")

    def test_every_border_and_both_axes_equal_the_definition(self):
        self.script("""
for border in "none", "clamp", "loop", "mirror", "black", "white":
    for method in "auto", "exact":
        image, layer, encoding, values = picture("u8", 4)
        blur(image, [layer], size=5, sigma=1.0, size_y=21, sigma_y=6.5,
             abyss_policy=border, method=method)
        expected = exact(values, encoding, 5, 1.0, size_y=21, sigma_y=6.5,
                         border=border)
        found = error(layer, encoding, expected)
        assert found <= 1, (border, method, found)
        image.delete()
image, layer, encoding, values = picture("u8", 3)
blur(image, [layer], size=0, sigma=3.5)
assert error(layer, encoding, exact(values, encoding, 0, 3.5)) <= 1
""")

    def test_the_method_reaches_the_pixels(self):
        self.script("""
results = {}
for method in "exact", "fast", "auto":
    random = np.random.default_rng(9)
    image, layer, encoding, values = picture("float", 3)
    blur(image, [layer], size=61, sigma=10.0, method=method)
    results[method] = pixels(layer, encoding)
    image.delete()
difference = abs(results["fast"] - results["exact"]).max()
assert 0 < difference < 6e-6, difference
assert (results["auto"] == results["fast"]).all()
""")

    def test_the_gegl_command_gives_the_same_pixels(self):
        self.script(f"""
import subprocess
folder = {str(WORK)!r}
for kind in "u8", "u16":
    for light in "linear", "perceptual":
        image, layer, encoding, values = picture(kind, 4)
        save(image, folder + "/given.png")
        blur(image, [layer], size=9, sigma=2.0, light=light)
        done = subprocess.run(
            ["gegl", folder + "/given.png", "-o", folder + "/made.png", "--",
             "gaussian-kernel:blur", "size=9", "sigma=2.0", "light=" + light],
            capture_output=True)
        assert done.returncode == 0, done.stderr
        made = load(folder + "/made.png")
        other = pixels(made.get_layers()[0], encoding)
        mine = pixels(layer, encoding)
        visible = mine[:, :, 3] > 0
        apart = np.abs(mine.astype(int) - other.astype(int))[visible].max()
        assert apart <= 1, (kind, light, apart)
        made.delete()
        image.delete()
""")

    def test_the_shared_picture_comes_out_as_everywhere(self):
        output = self.script("""
import shared_picture
given = shared_picture.picture()
for light in shared_picture.LIGHTS:
    image = new_image(given.shape[1], given.shape[0])
    layer = new_layer(image, 4)
    set_pixels(layer, "R'G'B'A u8", given)
    blur(image, [layer], size=shared_picture.SIZE, sigma=shared_picture.SIGMA,
         light=light)
    shared_picture.judge(pixels(layer, "R'G'B'A u8"),
                         "GIMP " + Gimp.version(), light)
    image.delete()
""")
        for line in output.splitlines():
            if "shared picture" in line:
                print(line)
        shared_picture.judge_gegl(WORK)

    def test_size_one_and_sigma_zero_copy(self):
        self.script("""
for settings in dict(size=1, sigma=3.0), dict(size=9, sigma=0.0):
    image, layer, encoding, values = picture("u8", 3)
    blur(image, [layer], **settings)
    assert (pixels(layer, encoding) == values).all()
""")


class Targets(Batch):
    def test_several_drawables_at_once(self):
        self.script("""
image, layer, encoding, values = picture("u8", 3)
others = [new_layer(image, 4, "second"), new_layer(image, 3, "third")]
set_pixels(others[0], "R'G'B'A u8", noise("u8", 4))
set_pixels(others[1], "R'G'B' u8", noise("u8", 3))
before = [pixels(other, "R'G'B'A u8").copy() for other in others]
blur(image, [layer, others[0]], size=9, sigma=2.0)
assert error(layer, encoding, exact(values, encoding)) <= 1
assert error(others[0], "R'G'B'A u8", exact(before[0], "R'G'B'A u8")) <= 1
assert (pixels(others[1], "R'G'B'A u8") == before[1]).all()
assert all(not one.get_filters() for one in [layer] + others)
""")

    def test_a_selection_limits_the_change(self):
        self.script("""
image, layer, encoding, values = picture("u8", 3)
image.select_rectangle(Gimp.ChannelOps.REPLACE, 10, 12, 20, 16)
blur(image, [layer], size=9, sigma=2.0)
after = pixels(layer, encoding)
changed = (after != values).any(axis=2)
inside = np.zeros_like(changed)
inside[12:28, 10:30] = True
assert not changed[~inside].any()
assert changed[inside].mean() > 0.9
""")

    def test_a_selection_off_the_layer_changes_nothing(self):
        self.script("""
image, layer, encoding, values = picture("u8", 3)
small = Gimp.Layer.new(image, "small", 8, 8, Gimp.ImageType.RGB_IMAGE, 100.0,
                       Gimp.LayerMode.NORMAL)
image.insert_layer(small, None, 0)
set_pixels(small, encoding, values[:8, :8].copy())
image.select_rectangle(Gimp.ChannelOps.REPLACE, 30, 30, 10, 10)
for keep_effect in False, True:
    blur(image, [small], size=9, sigma=2.0, keep_effect=keep_effect)
    assert (small.get_width(), small.get_height()) == (8, 8)
    assert (pixels(small, encoding) == values[:8, :8]).all()
    assert not small.get_filters()
""")

    def test_masks_channels_and_the_selection_hold_coverage(self):
        self.script("""
for light in "linear", "perceptual":
    image, layer, encoding, values = picture("u8", 3)
    mask = layer.create_mask(Gimp.AddMaskType.WHITE)
    layer.add_mask(mask)
    channel = Gimp.Channel.new(image, "channel", 64, 48, 50.0,
                               Gegl.Color.new("red"))
    image.insert_channel(channel, None, 0)
    for drawable in mask, channel:
        stored = drawable_encoding(drawable)
        given = noise("u8", 1)
        set_pixels(drawable, stored, given)
        blur(image, [drawable], size=9, sigma=2.0, light=light)
        expected = definition.blur(definition.as_numbers(given), 9, 2.0,
                                   curve=definition.AS_STORED)
        found = error(drawable, stored, expected)
        assert found <= 1, (light, drawable, stored, found)
        assert (pixels(drawable, stored) != given).any()
        assert not drawable.get_filters()
    assert (pixels(layer, encoding) == values).all()

image, layer, encoding, values = picture("u8", 3)
image.select_rectangle(Gimp.ChannelOps.REPLACE, 20, 20, 20, 10)
selection = image.get_selection()
before = pixels(selection, "Y float").copy()
blur(image, [selection], size=9, sigma=2.0)
after = pixels(selection, "Y float")
assert 0 < after[20, 20, 0] < 1 and before[20, 20, 0] == 1, after[20, 20]
assert (pixels(layer, encoding) == values).all()
""")

    def test_a_group_keeps_an_effect(self):
        self.script("""
image, layer, encoding, values = picture("u8", 4)
group = Gimp.GroupLayer.new(image, "group")
image.insert_layer(group, None, 0)
image.reorder_item(layer, group, 0)
before = flat(image, encoding)
blur(image, [group], size=9, sigma=2.0)
effects = group.get_filters()
assert [e.get_operation_name() for e in effects] == ["gaussian-kernel:blur"]
assert (pixels(layer, encoding) == values).all()
after = flat(image, encoding)
found = definition.largest_error(after, exact(before, encoding))
assert found <= 1, found
""")

    def test_what_gimp_draws_itself_keeps_an_effect(self):
        output = self.script(f"""
image = new_image(64, 48)
layers = []
font = next(iter(Gimp.fonts_get_list("")), None)
if font:
    layers.append(Gimp.TextLayer.new(image, "text", font, 20, Gimp.Unit.pixel()))
if hasattr(Gimp, "LinkLayer"):
    other, *_ = picture("u8", 3)
    save(other, {str(WORK / "linked.png")!r})
    layers.append(Gimp.LinkLayer.new(
        image, Gio.File.new_for_path({str(WORK / "linked.png")!r})))
if hasattr(Gimp, "VectorLayer"):
    path = Gimp.Path.new(image, "path")
    image.insert_path(path, None, 0)
    path.stroke_new_from_points(
        Gimp.PathStrokeType.BEZIER,
        [x for point in ((5, 5), (40, 5), (40, 40)) for x in 3 * point], True)
    layers.append(Gimp.VectorLayer.new(image, path))
for layer in layers:
    image.insert_layer(layer, None, 0)
    before = layer.get_buffer().get(
        area(layer), 1.0, "R'G'B'A u8", Gegl.AbyssPolicy.NONE)
    blur(image, [layer], size=9, sigma=2.0)
    after = layer.get_buffer().get(
        area(layer), 1.0, "R'G'B'A u8", Gegl.AbyssPolicy.NONE)
    assert before == after, layer
    assert len(layer.get_filters()) == 1, layer
print("DRAWN BY GIMP:", [type(layer).__name__ for layer in layers])
""", with_fonts=True)
        print(output[output.index("DRAWN BY GIMP"):].splitlines()[0])


class Effects(Batch):
    def test_a_kept_effect_shows_the_same_and_survives_a_file(self):
        self.script(f"""
path = {str(WORK / "kept.xcf")!r}
image, layer, encoding, values = picture("u8", 4)
blur(image, [layer], size=7, sigma=1.5, abyss_policy="mirror",
     light="perceptual", keep_effect=True)
assert (pixels(layer, encoding) == values).all()
shown = flat(image, encoding)
expected = exact(values, encoding, 7, 1.5, light="perceptual", border="mirror")
found = definition.largest_error(shown, expected)
assert found <= 1, found
save(image, path)

reopened = load(path)
effect, = reopened.get_layers()[0].get_filters()
config = effect.get_config()
assert effect.get_operation_name() == "gaussian-kernel:blur"
assert effect.get_name() == "Gaussian Kernel", effect.get_name()
assert config.get_property("size") == 7
assert config.get_property("sigma") == 1.5
assert config.get_property("abyss-policy") == "mirror"
assert config.get_property("light") == "perceptual"
assert (flat(reopened, encoding) == shown).all()
""")

    def test_merging_leaves_other_effects_alone(self):
        self.script("""
image, layer, encoding, values = picture("u8", 3)
blur(image, [layer], size=3, sigma=1.0, keep_effect=True)
blur(image, [layer], size=9, sigma=2.0)
kept, = layer.get_filters()
assert kept.get_config().get_property("size") == 3
assert error(layer, encoding, exact(values, encoding)) <= 1
""")

    def test_what_a_dead_preview_left_is_removed(self):
        self.script("""
image, layer, encoding, values = picture("u8", 3)
def leave(owner, size):
    effect = Gimp.DrawableFilter.new(layer, "gaussian-kernel:blur", "left")
    effect.get_config().set_property("size", size)
    layer.append_filter(effect)
    image.attach_parasite(Gimp.Parasite.new(
        f"gaussian-kernel-preview-{owner}", 0,
        f"{effect.get_id()} ".encode() + bytes(1)))
leave(os.getpid(), 5)
leave(2 ** 22 + 1, 7)
blur(image, [layer], size=9, sigma=2.0)
alive, = layer.get_filters()
assert alive.get_config().get_property("size") == 5
assert image.get_parasite_list() == [f"gaussian-kernel-preview-{os.getpid()}"]
""")


class Refusals(Batch):
    def test_a_refusal_says_what_is_wrong_and_changes_nothing(self):
        self.script("""
image, layer, encoding, values = picture("u8", 3)
cases = [
    (dict(size=-1), "size is -1; allowed are 0 … 8191."),
    (dict(size=8192), "size is 8192; allowed are 0 … 8191."),
    (dict(size=2 ** 31 - 1), "size is 2147483647; allowed are 0 … 8191."),
    (dict(sigma=-0.5), "sigma is -0.5; allowed are 0 … 1000."),
    (dict(sigma=1e9), "sigma is 1000000000; allowed are 0 … 1000."),
    (dict(size_y=-2), "size-y is -2; allowed are -1 … 8191."),
    (dict(sigma_y=-2.0), "sigma-y is -2; allowed are -1 … 1000."),
    (dict(abyss_policy="bogus"), 'abyss-policy is "bogus"; allowed are: '
     "none, clamp, loop, mirror, black, white."),
    (dict(light="dark"), 'light is "dark"; allowed are: linear, perceptual.'),
    (dict(method=""), 'method is ""; allowed are: auto, exact, fast.'),
]
for arguments, message in cases:
    told = refusal(image, [layer], **arguments)
    assert message in told, (arguments, told)
assert "drawables" in refusal(image, [])
layer.set_lock_content(True)
assert "locked" in refusal(image, [layer])
layer.set_lock_content(False)
assert (pixels(layer, encoding) == values).all()
assert not layer.get_filters()
image.convert_indexed(Gimp.ConvertDitherType.NONE,
                      Gimp.ConvertPaletteType.GENERATE, 16, False, False, "")
assert "indexed" in refusal(image, image.get_layers())
""")

    def test_a_dialog_without_a_display_is_refused(self):
        self.script("""
image, layer, encoding, values = picture("u8", 3)
try:
    call("plug-in-gaussian-kernel-blur", run_mode=Gimp.RunMode.INTERACTIVE,
         image=image, drawables=[layer])
except RuntimeError as error:
    assert "display" in str(error), error
else:
    raise AssertionError("not refused")
assert (pixels(layer, encoding) == values).all()
""")

    def test_script_fu_names_and_positions_and_exit_status(self):
        given, made = WORK / "given.png", WORK / "made.png"
        self.script(f"""
image, layer, encoding, values = picture("u8", 3)
save(image, {str(given)!r})
""")
        start = (
            f"(let* ((image (car (gimp-file-load RUN-NONINTERACTIVE"
            f" {quoted(given)})))"
            f" (layers (gimp-image-get-selected-drawables image))"
            f" (layers (if (vector? layers) layers (car layers))))"
        )
        end = (
            f" (gimp-file-save RUN-NONINTERACTIVE image {quoted(made)})"
            " (gimp-image-delete image))"
        )
        named = (
            " (plug-in-gaussian-kernel-blur #:run-mode RUN-NONINTERACTIVE"
            " #:image image #:drawables layers"
        )
        positional = (
            " (plug-in-gaussian-kernel-blur RUN-NONINTERACTIVE image layers"
            ' 9 2.0 -1 -1.0 "clamp" "linear" "auto" FALSE)'
        )
        for call in (named + " #:size 9 #:sigma 2.0)", positional):
            with self.subTest(call):
                made.unlink(missing_ok=True)
                status, output = PROFILE.run_scheme(start + call + end)
                self.assertEqual(status, 0, output)
                self.script(f"""
given = pixels(load({str(given)!r}).get_layers()[0], "R'G'B' u8")
made = load({str(made)!r}).get_layers()[0]
found = error(made, "R'G'B' u8", exact(given, "R'G'B' u8"))
assert found <= 1, found
""")
        for arguments, message in (
            (' #:light "dark")', 'light is "dark"; allowed are: linear'),
            (" #:size 8192)", "size is 8192; allowed are 0"),
            (" #:nope 1)", "nope"),
        ):
            with self.subTest(arguments):
                made.unlink(missing_ok=True)
                status, output = PROFILE.run_scheme(
                    start + named + arguments + end
                )
                self.assertNotEqual(status, 0)
                self.assertIn(message, output)
                self.assertFalse(made.exists())

    def test_a_missing_operation_says_where_it_was_looked_for(self):
        bare = Profile(WORK / "bare", with_operation=False)
        output = bare.run_cleanly(NOISE + """
image, layer, encoding, values = picture("u8", 3)
told = refusal(image, [layer])
print("TOLD", told)
assert (pixels(layer, encoding) == values).all()
""")
        self.assertIn("gaussian-kernel:blur", output)
        self.assertIn("gaussian-kernel.so", output)
        self.assertIn(os.environ["GK_SYSTEM_MODULES"], output)
        self.assertIn(str(bare.folder / "data"), output)


class Plot(Batch):
    def test_a_plot_is_a_new_image_of_that_width(self):
        self.script("""
image, = call("plug-in-gaussian-kernel-plot",
              run_mode=Gimp.RunMode.NONINTERACTIVE, size=21, sigma=4.0,
              width=400)
assert image.get_width() == 400
values = pixels(image.get_layers()[0], "R'G'B' u8")
# The peak is viridis yellow, the corners are dark.
assert ((values == (253, 231, 37)).all(axis=2)).any()
assert len(np.unique(values.reshape(-1, 3), axis=0)) > 50
for width in 63, 8193:
    try:
        call("plug-in-gaussian-kernel-plot", size=21, width=width)
    except RuntimeError as error:
        assert f"width is {width}; allowed are 64 … 8192." in str(error), error
    else:
        raise AssertionError(width)
""")


if __name__ == "__main__":
    find("gimp-console")
    unittest.main(verbosity=2)
