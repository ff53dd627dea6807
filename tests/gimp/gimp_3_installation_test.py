# SPDX-License-Identifier: LGPL-3.0-or-later
"""The installed plug-in and operation in GIMP 3's console, in German."""

import os
import pathlib
import unittest

from desktop import make_locale
from gimp_3 import Profile, find
from installed_tree import LOCALE, InstalledTree

WORK = pathlib.Path(os.environ["GK_WORK"]) / "gimp-3-installation"


class Installation(unittest.TestCase):
    def test_gimp_finds_it_and_speaks_german(self):
        tree = InstalledTree(WORK / "tree")
        self.assertEqual(tree.missing(), [])
        profile = Profile(
            WORK / "profile", with_operation=False, settings=tree.gimprc()
        )
        locales = profile.folder / "locales"
        make_locale(LOCALE, locales)
        profile.environment |= {
            "GEGL_PATH": tree.gegl_path,
            "LC_ALL": LOCALE,
            "LOCPATH": str(locales),
        }
        catalogue = tree.catalogue()
        label = catalogue.gettext("Gaussian _Kernel Blur...")
        refusal = catalogue.gettext("%s is %s; allowed are %s … %s.") % (
            "size", 8192, 0, 8191
        )
        self.assertNotIn("Blur", label)
        self.assertNotIn("allowed", refusal)
        profile.run_cleanly(f"""
procedure = Gimp.get_pdb().lookup_procedure("plug-in-gaussian-kernel-blur")
assert procedure.get_menu_label() == {label!r}, procedure.get_menu_label()
image = new_image(40, 30)
layer = new_layer(image, 3)
values = np.random.default_rng(1).integers(0, 256, (30, 40, 3)).astype(np.uint8)
set_pixels(layer, "R'G'B' u8", values)
told = refusal(image, [layer], size=8192)
assert {refusal!r} in told, told
assert (pixels(layer, "R'G'B' u8") == values).all()
blur(image, [layer], size=9, sigma=2.0)
assert (pixels(layer, "R'G'B' u8") != values).any()
""")


if __name__ == "__main__":
    find("gimp-console")
    unittest.main(verbosity=2)
