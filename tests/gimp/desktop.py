# SPDX-License-Identifier: LGPL-3.0-or-later
"""GIMP 2.10 in a window on an X server of its own, used by keyboard as a user
would; a script server inside it tells what it holds."""

import io
import os
import shutil
import signal
import socket
import struct
import subprocess
import time

import numpy as np

from console import Console, quoted, skip

ACCELERATOR = "F12"
CANVAS = "picture-window"
WAIT = 60  # seconds; generous, for machines under load


class Desktop:
    """`folder` is made anew; screenshots go to `folder`/screens."""

    def __init__(self, folder, locale="C.UTF-8"):
        for program in ("Xvfb", "openbox", "xdotool", "import", "gimp-2.10"):
            if not shutil.which(program):
                skip(f"{program} is not installed")
        self.console = Console(
            folder,
            settings=(
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
        self.screens = self.folder / "screens"
        self.screens.mkdir()
        with open(
            self.console.profile / "menurc", "w", encoding="utf-8"
        ) as file:
            print(
                '(gtk_accel_path "<Actions>/plug-in/'
                f'plug-in-gaussian-kernel-blur" "{ACCELERATOR}")',
                file=file,
            )
        self.processes = []
        read, write = os.pipe()
        self._start(
            ["Xvfb", "-displayfd", str(write), "-screen", "0", "1280x900x24",
             "-nolisten", "tcp"],
            pass_fds=(write,),
        )
        os.close(write)
        with os.fdopen(read) as file:
            display = file.readline().strip()
        self.console.environment["DISPLAY"] = ":" + display
        self.console.environment["LC_ALL"] = locale
        self._start(["openbox"])
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self._start(
            ["gimp-2.10", "-n", "-s", "-d", "-f", "-b",
             "(plug-in-script-fu-server RUN-NONINTERACTIVE"
             f' "127.0.0.1" {self.port} "")'],
            own_group=True,
        )
        self.wait_for(self._answers, "GIMP to start")

    def _start(self, arguments, pass_fds=(), own_group=False):
        log = open(self.folder / (arguments[0] + ".log"), "wb")
        self.processes.append(
            subprocess.Popen(
                arguments,
                env=self.console.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                pass_fds=pass_fds,
                start_new_session=own_group,
            )
        )
        log.close()

    def close(self):
        for process in reversed(self.processes):
            try:
                # GIMP's plug-ins are in its session's group.
                if os.getpgid(process.pid) == process.pid:
                    os.killpg(process.pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
            process.kill()
            process.wait()

    def _answers(self):
        try:
            return self.ask("1") == "1"
        except OSError:
            return False

    def wait_for(self, condition, what):
        end = time.monotonic() + WAIT
        while time.monotonic() < end:
            result = condition()
            if result:
                return result
            time.sleep(0.1)
        self.screenshot("waiting")
        raise AssertionError(f"waited {WAIT} s for {what}")

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
        self.wait_for(lambda: self.windows(CANVAS), "the image's window")
        self.settle()
        return image, layer, display

    def is_dirty(self, image):
        return self.ask(f"(car (gimp-image-is-dirty {image}))") == "1"

    def layer_count(self, image):
        return int(self.ask(f"(car (gimp-image-get-layers {image}))"))

    # Windows, keys, pixels.

    def tool(self, *arguments):
        return subprocess.run(
            ["xdotool", *map(str, arguments)],
            env=self.console.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            check=False,
            timeout=WAIT,
        ).stdout.decode().split()

    def windows(self, title):
        return self.tool("search", "--onlyvisible", "--name", title)

    def title_of(self, window):
        return " ".join(self.tool("getwindowname", window))

    def activate(self, title):
        window = self.wait_for(lambda: self.windows(title), title)[-1]
        self.tool("windowactivate", "--sync", window)
        self.tool("windowfocus", "--sync", window)
        return window

    def keys(self, *names):
        for name in names:
            self.tool("key", "--clearmodifiers", name)
            time.sleep(0.15)

    def type(self, text):
        self.tool("type", "--delay", "40", text)

    def pixels(self):
        data = subprocess.run(
            ["import", "-silent", "-window", "root", "-depth", "8", "ppm:-"],
            env=self.console.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            check=True,
            timeout=WAIT,
        ).stdout
        file = io.BytesIO(data)
        assert file.readline().strip() == b"P6"
        width, height = map(int, file.readline().split())
        file.readline()
        return np.frombuffer(file.read(), np.uint8).reshape(height, width, 3)

    def settle(self):
        """The screen once two looks in a row are the same."""
        before = self.pixels()
        end = time.monotonic() + WAIT
        while time.monotonic() < end:
            time.sleep(0.4)
            now = self.pixels()
            if np.array_equal(before, now):
                return now
            before = now
        return before

    def screenshot(self, name):
        subprocess.run(
            ["import", "-silent", "-window", "root",
             str(self.screens / f"{name}.png")],
            env=self.console.environment,
            stdin=subprocess.DEVNULL,
            check=False,
            timeout=WAIT,
        )
