# SPDX-License-Identifier: LGPL-3.0-or-later
"""GIMP 3 in a window on an X server of its own, used through keyboard and
accessibility tree as a user would; a Python console inside it tells what it
holds."""

import io
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time

import numpy as np

from gimp_3 import HERE, Profile, find, skip

WAIT = 60  # seconds; generous, for machines under load
CANVAS = "picture-window"


def enter_session_bus():
    """Starts this program again inside a session bus of its own."""
    if os.environ.get("GK_SESSION_BUS"):
        return
    for program in ("dbus-run-session", "Xvfb", "openbox", "xdotool", "import"):
        if not shutil.which(program):
            skip(f"{program} is not installed")
    environment = os.environ | {"GK_SESSION_BUS": "1"}
    os.execvpe(
        "dbus-run-session",
        ["dbus-run-session", "--", sys.executable, *sys.argv],
        environment,
    )


class Desktop:
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
        self.environment = self.profile.environment
        self.environment |= {
            "DBUS_SESSION_BUS_ADDRESS": bus,
            "LC_ALL": locale,
            "GK_SOCKET": str(self.profile.folder / "run" / "console"),
        }
        self.screens = screens
        self.screens.mkdir(parents=True, exist_ok=True)
        self.processes = []
        read, write = os.pipe()
        self._start(
            ["Xvfb", "-displayfd", str(write), "-screen", "0", "1400x900x24",
             "-nolisten", "tcp"],
            pass_fds=(write,),
        )
        os.close(write)
        with os.fdopen(read) as file:
            self.environment["DISPLAY"] = ":" + file.readline().strip()
        self._start(["openbox"])
        self._start(
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

    def _start(self, arguments, pass_fds=(), own_group=False):
        name = os.path.basename(arguments[0]) + ".log"
        with open(self.profile.folder / name, "wb") as log:
            self.processes.append(
                subprocess.Popen(
                    arguments,
                    env=self.environment,
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=subprocess.STDOUT,
                    pass_fds=pass_fds,
                    start_new_session=own_group,
                )
            )

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
            return self.ask("1") == 1
        except OSError:
            return False

    def wait_for(self, condition, what, limit=WAIT):
        end = time.monotonic() + limit
        while time.monotonic() < end:
            result = condition()
            if result:
                return result
            time.sleep(0.1)
        self.screenshot("waiting")
        raise AssertionError(f"waited {limit} s for {what}")

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

    # Windows, keys, pixels.

    def tool(self, *arguments):
        return subprocess.run(
            ["xdotool", *map(str, arguments)],
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            check=False,
            timeout=WAIT,
        ).stdout.decode()

    def windows(self, title):
        return self.tool("search", "--onlyvisible", "--name", title).split()

    def title(self):
        """Of the image's window."""
        window = self.wait_for(lambda: self.windows(CANVAS), "the image")[-1]
        return self.tool("getwindowname", window).strip()

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

    def pixels(self):
        data = subprocess.run(
            ["import", "-silent", "-window", "root", "-depth", "8", "ppm:-"],
            env=self.environment,
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

    def screenshot(self, name):
        subprocess.run(
            ["import", "-silent", "-window", "root",
             str(self.screens / f"{name}.png")],
            env=self.environment,
            stdin=subprocess.DEVNULL,
            check=False,
            timeout=WAIT,
        )

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

    def part(self, program, role, name):
        """The first part of that role ("button" for any kind of them) whose
        name is `name`, dots at the end aside."""
        root = self.program(program)
        if not root:
            return None
        root.clear_cache()
        for part in self.parts(root):
            try:
                kind = (part.get_role_name() or "").removeprefix("push ")
                if kind == role and (part.get_name() or "").rstrip(".…") == name:
                    return part
            except self.gone:
                continue
        return None

    def described(self, program, role, start):
        """As part(), but by how the part's description begins."""
        root = self.program(program)
        if not root:
            return None
        root.clear_cache()
        for part in self.parts(root):
            try:
                kind = (part.get_role_name() or "").removeprefix("push ")
                if kind == role and (part.get_description() or "").startswith(
                    start
                ):
                    return part
            except self.gone:
                continue
        return None

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
