# SPDX-License-Identifier: LGPL-3.0-or-later
"""An X server and window manager of its own: programs in it, their windows,
the mouse, the keyboard and what is to be seen."""

import io
import os
import shutil
import signal
import subprocess
import sys
import time

import numpy as np

WAIT = 90  # seconds; generous, for machines under load
SKIPPED = 77


def enter_session_bus(*programs):
    """Starts this program again inside a session bus of its own, which takes
    with it what GIMP starts there. Skips where it or `programs` are missing."""
    if os.environ.get("GK_SESSION_BUS"):
        return
    for program in (
        "dbus-run-session", "import", "openbox", "setpriv", "xdotool", "Xvfb",
        *programs,
    ):
        if not shutil.which(program):
            print(f"skipped: {program} is not installed")
            sys.exit(SKIPPED)
    os.execvpe(
        "dbus-run-session",
        ["dbus-run-session", "--", sys.executable, *sys.argv],
        os.environ | {"GK_SESSION_BUS": "1"},
    )


class Screen:
    """Programs get `environment`, to which DISPLAY is added, and a log in
    `logs`; screenshots go to `screens`."""

    def __init__(self, environment, logs, screens, width, height):
        self.environment = environment
        self.logs = logs
        self.screens = screens
        self.screens.mkdir(parents=True, exist_ok=True)
        self.processes = []
        read, write = os.pipe()
        self.start(
            ["Xvfb", "-displayfd", str(write), "-screen", "0",
             f"{width}x{height}x24", "-nolisten", "tcp"],
            pass_fds=(write,),
        )
        os.close(write)
        with os.fdopen(read) as file:
            self.environment["DISPLAY"] = ":" + file.readline().strip()
        self.start(["openbox"])

    def log(self, program):
        """The file that holds what it says."""
        return self.logs / (os.path.basename(program) + ".log")

    def start(self, arguments, pass_fds=(), own_group=False):
        with open(self.log(arguments[0]), "wb") as log:
            self.processes.append(
                subprocess.Popen(
                    # Nothing outlives a test that was killed.
                    ["setpriv", "--pdeathsig", "KILL", *arguments],
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

    def wait_for(self, condition, what, limit=WAIT):
        end = time.monotonic() + limit
        while time.monotonic() < end:
            result = condition()
            if result:
                return result
            time.sleep(0.1)
        self.screenshot("waiting")
        raise AssertionError(f"waited {limit} s for {what}")

    def _run(self, *arguments, check=False):
        return subprocess.run(
            [str(argument) for argument in arguments],
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            check=check,
            timeout=WAIT,
        ).stdout

    def tool(self, *arguments):
        """The words that xdotool answers."""
        return self._run("xdotool", *arguments).decode().split()

    def windows(self, title):
        return self.tool("search", "--onlyvisible", "--name", title)

    def title_of(self, window):
        return " ".join(self.tool("getwindowname", window))

    def geometry(self, window):
        lines = self.tool("getwindowgeometry", "--shell", window)
        return {
            name: int(value)
            for name, value in (line.split("=") for line in lines)
        }

    def pixels(self):
        """rows x columns x RGB."""
        data = self._run(
            "import", "-silent", "-window", "root", "-depth", "8", "ppm:-",
            check=True,
        )
        file = io.BytesIO(data)
        assert file.readline().strip() == b"P6"
        width, height = map(int, file.readline().split())
        file.readline()
        return np.frombuffer(file.read(), np.uint8).reshape(height, width, 3)

    def screenshot(self, name):
        self._run(
            "import", "-silent", "-window", "root", self.screens / f"{name}.png"
        )
