# SPDX-License-Identifier: LGPL-3.0-or-later
"""GIMP 2.10 in a window on an X server of its own, used by keyboard as a user
would; a script server inside it tells what it holds."""

import shutil
import socket
import struct
import subprocess
import time
import unittest

import numpy as np

import screen
from console import Console, quoted
from screen import WAIT, Screen

BLUR_KEY, REVERT_KEY = "F12", "F9"
ACCELERATORS = {
    "plug-in/plug-in-gaussian-kernel-blur": BLUR_KEY,
    "file/file-revert": REVERT_KEY,
}
CANVAS = "picture-window"


def enter_session_bus():
    screen.enter_session_bus("gimp-2.10")


def make_locale(name, folder):
    """Makes the locale for programs that have LOCPATH=folder, or says why the
    scenario is skipped."""
    language, charset = name.split(".")
    folder.mkdir(parents=True, exist_ok=True)
    if not shutil.which("localedef"):
        raise unittest.SkipTest("localedef is not installed")
    made = subprocess.run(
        ["localedef", "--no-archive", "-i", language, "-f", charset,
         str(folder / name)],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if not (folder / name / "LC_CTYPE").exists():
        raise unittest.SkipTest(
            f"localedef could not make {name}: {made.stderr.strip()}"
        )


class Desktop(Screen):
    """`folder` is made anew; screenshots go to `folder`/screens. `theme` is
    one of GIMP's own; `readable` brings the accessibility tree."""

    def __init__(self, folder, locale="C.UTF-8", theme="Dark", readable=False):
        self.console = Console(
            folder,
            settings=(
                f'(theme "{theme}")',
                "(show-tooltips no)",
                "(check-updates no)",
                "(save-session-info no)",
                "(thumbnail-size none)",
                "(initial-zoom-to-fit no)",
                # With a star while the image is dirty.
                f'(image-title-format "{CANVAS}%D* %f")',
                "(default-view (show-selection no) (show-layer-boundary no)"
                " (show-menubar yes) (show-statusbar yes))",
            ),
        )
        self.folder = self.console.folder
        with open(
            self.console.profile / "menurc", "w", encoding="utf-8"
        ) as file:
            for action, key in ACCELERATORS.items():
                print(f'(gtk_accel_path "<Actions>/{action}" "{key}")', file=file)
        environment = self.console.environment
        environment["G_MESSAGES_DEBUG"] = "gaussian-kernel"
        if not locale.startswith("C."):
            environment["LOCPATH"] = str(self.folder / "locales")
            make_locale(locale, self.folder / "locales")
        if readable:
            environment["GTK_MODULES"] = "gail:atk-bridge"
        # A blinking cursor would never let the screen settle.
        (self.folder / "home" / ".gtkrc-2.0").write_text(
            "gtk-cursor-blink = 0\n", encoding="utf-8"
        )
        self.install_browser()
        environment["LC_ALL"] = locale
        super().__init__(
            environment, self.folder, self.folder / "screens", 1600, 900
        )
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.start(
            ["gimp-2.10", "-n", "-s", "-d", "-f", "-b",
             "(plug-in-script-fu-server RUN-NONINTERACTIVE"
             f' "127.0.0.1" {self.port} "")'],
            own_group=True,
        )
        self.wait_for(self.answers, "GIMP to start")

    def install_browser(self):
        """A web browser that notes the addresses it is asked to open."""
        self.visited = self.folder / "visited"
        browser = self.folder / "browser"
        browser.write_text(
            f'#!/bin/sh\necho "$1" >>"{self.visited}"\n', encoding="utf-8"
        )
        browser.chmod(0o755)
        applications = self.folder / "data" / "applications"
        applications.mkdir(exist_ok=True)
        (applications / "browser.desktop").write_text(
            "[Desktop Entry]\nType=Application\nName=Browser\n"
            f"Exec={browser} %u\nMimeType=text/html;\n",
            encoding="utf-8",
        )
        (self.folder / "config" / "mimeapps.list").write_text(
            "[Default Applications]\ntext/html=browser.desktop\n",
            encoding="utf-8",
        )

    def told(self):
        """All that GIMP and its plug-ins said."""
        return self.log("gimp-2.10").read_text(
            encoding="utf-8", errors="replace"
        )

    def answers(self):
        try:
            return self.ask("1") == "1"
        except OSError:
            return False

    # Script-Fu in the running GIMP.

    def ask(self, script):
        """The value of `script`, as text; RuntimeError if it failed."""
        data = f"(begin {script})".encode()
        with socket.create_connection(("127.0.0.1", self.port), WAIT) as link:
            link.sendall(b"G" + struct.pack(">H", len(data)) + data)
            answer = b""
            while len(answer) < 4:
                part = link.recv(4 - len(answer))
                if not part:
                    raise OSError("GIMP closed the connection")
                answer += part
            (length,) = struct.unpack(">H", answer[2:4])
            text = b""
            while len(text) < length:
                part = link.recv(length - len(text))
                if not part:
                    raise OSError("GIMP closed the connection")
                text += part
        if answer[1]:
            raise RuntimeError(text.decode("utf-8", "replace"))
        return text.decode("utf-8", "replace")

    def open_image(self, path):
        """The image, its layer and its display."""
        image = int(
            self.ask(
                f"(car (gimp-file-load RUN-NONINTERACTIVE {quoted(path)}"
                ' ""))'
            )
        )
        layer = int(self.ask(f"(car (gimp-image-get-active-drawable {image}))"))
        display = int(self.ask(f"(car (gimp-display-new {image}))"))
        self.ask(f"(gimp-image-clean-all {image})")
        window = self.wait_for(
            lambda: self.windows(CANVAS), "the image's window"
        )[-1]
        self.tool("windowmove", "--sync", window, 0, 0)
        self.settle()
        return image, layer, display

    def is_dirty(self, image):
        return self.ask(f"(car (gimp-image-is-dirty {image}))") == "1"

    def layer_count(self, image):
        return int(self.ask(f"(car (gimp-image-get-layers {image}))"))

    # Windows and keys.

    def activate(self, title):
        window = self.wait_for(lambda: self.windows(title), title)[-1]
        self.tool("windowactivate", "--sync", window)
        self.tool("windowfocus", "--sync", window)
        return window

    def keys(self, *names):
        for name in names:
            self.tool("key", "--clearmodifiers", name)

    def menu(self, *names):
        """Keys that each open a menu, but for the last."""
        for name in names[:-1]:
            before = self.settle()
            self.keys(name)
            self.wait_for(
                lambda: not np.array_equal(self.pixels(), before),
                f"the menu that {name} opens",
            )
        self.settle()
        self.keys(names[-1])

    def type(self, text):
        self.tool("type", "--delay", "40", text)

    def settle(self):
        """The screen once three looks in a row are the same."""
        before, same = self.pixels(), 0
        end = time.monotonic() + WAIT
        while same < 2 and time.monotonic() < end:
            time.sleep(0.25)
            now = self.pixels()
            same = same + 1 if np.array_equal(before, now) else 0
            before = now
        return before
