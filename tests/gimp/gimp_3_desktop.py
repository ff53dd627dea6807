# SPDX-License-Identifier: LGPL-3.0-or-later
"""GIMP 3 in a window on an X server of its own, used through keyboard and
accessibility tree as a user would; a Python console inside it tells what it
holds."""

import json
import os
import socket

from gimp_3 import HERE, Profile, find
from screen import WAIT, Screen

CANVAS = "picture-window"


class Desktop(Screen):
    """`folder` is made anew; screenshots go to `screens`."""

    def __init__(self, folder, screens, locale="C.UTF-8", theme="dark"):
        program, version = find("gimp")
        bus = os.environ["DBUS_SESSION_BUS_ADDRESS"]
        self.profile = Profile(
            folder,
            settings=(
                "(show-welcome-dialog no)",
                f'(config-version "{version}")',
                "(color-profile-policy keep)",
                "(check-updates no)",
                "(save-session-info no)",
                f"(theme-color-scheme {theme})",
                # With a star while the image is dirty.
                f'(image-title-format "{CANVAS}%D*")',
                "(default-view (show-selection no) (show-layer-boundary no)"
                " (show-menubar yes) (show-statusbar yes))",
            ),
        )
        super().__init__(
            self.profile.environment
            | {
                "DBUS_SESSION_BUS_ADDRESS": bus,
                "LC_ALL": locale,
                "GK_SOCKET": str(self.profile.folder / "run" / "console"),
            },
            self.profile.folder,
            screens,
            1400,
            900,
        )
        self.start(
            [program, "--new-instance", "--no-splash", "--no-data",
             "--batch-interpreter=python-fu-eval", "-b",
             f"exec(open({str(HERE / 'inside_gimp_3.py')!r}).read());serve()"],
            own_group=True,
        )
        self.wait_for(self._answers, "GIMP to start")
        os.environ["DISPLAY"] = self.environment["DISPLAY"]
        import gi

        gi.require_version("Atspi", "2.0")
        from gi.repository import Atspi, GLib

        self.gone = GLib.Error
        self.atspi = Atspi
        Atspi.init()
        Atspi.set_timeout(10000, 20000)

    def _answers(self):
        try:
            return self.ask("1") == 1
        except OSError:
            return False

    # Python in the running GIMP.

    def _send(self, kind, source):
        with socket.socket(socket.AF_UNIX) as link:
            link.settimeout(WAIT)
            link.connect(self.environment["GK_SOCKET"])
            link.sendall(json.dumps([kind, source]).encode())
            link.shutdown(socket.SHUT_WR)
            answer = b"".join(iter(lambda: link.recv(65536), b""))
        if not answer:
            raise OSError("GIMP closed the connection")
        kind, value = json.loads(answer)
        if kind == "error":
            raise RuntimeError(value)
        return value

    def ask(self, expression):
        return self._send("eval", expression)

    def tell(self, statements):
        self._send("exec", statements)

    # Windows, keys, the mouse.

    def title(self):
        """Of the image's window."""
        window = self.wait_for(lambda: self.windows(CANVAS), "the image")[-1]
        return self.title_of(window)

    def keys(self, window, *names):
        self.tool("windowactivate", "--sync", window)
        for name in names:
            self.tool("key", "--clearmodifiers", name)

    def hold(self, x, y):
        """Presses the mouse's button there, until let_go()."""
        self.tool("mousemove", "--sync", x, y)
        self.tool("mousedown", 1)

    def let_go(self):
        self.tool("mouseup", 1)

    # The accessibility tree.

    def programs(self):
        desktop = self.atspi.get_desktop(0)
        for i in range(desktop.get_child_count()):
            program = desktop.get_child_at_index(i)
            if program:
                yield program

    def parts(self, root, depth=0):
        if not root:
            return
        try:
            yield root
            # Endless lists of fonts and the like lie deeper.
            for i in range(min(root.get_child_count(), 300)):
                child = root.get_child_at_index(i)
                if child and depth < 25:
                    yield from self.parts(child, depth + 1)
        except self.gone:
            pass

    def program(self, name):
        for program in self.programs():
            try:
                if name in (program.get_name() or ""):
                    return program
            except self.gone:
                continue
        return None

    def _find(self, program, role, matches):
        """The first part of that role ("button" for any kind of them) that
        `matches`."""
        root = self.program(program)
        if not root:
            return None
        root.clear_cache()
        for part in self.parts(root):
            try:
                kind = (part.get_role_name() or "").removeprefix("push ")
                if kind == role and matches(part):
                    return part
            except self.gone:
                continue
        return None

    def part(self, program, role, name):
        """By its name, dots at the end aside."""
        return self._find(
            program,
            role,
            lambda part: (part.get_name() or "").rstrip(".…") == name,
        )

    def described(self, program, role, start):
        """By how its description begins."""
        return self._find(
            program,
            role,
            lambda part: (part.get_description() or "").startswith(start),
        )

    def place(self, part):
        """Its middle on the screen, or None while it is not shown."""
        box = part.get_component_iface().get_extents(
            self.atspi.CoordType.SCREEN
        )
        if box.x < 0 or box.y < 0 or box.width < 2 or box.height < 2:
            return None
        return box.x + box.width // 2, box.y + box.height // 2

    def press(self, part):
        part.get_action_iface().do_action(0)
