"""The browser of the page tests: the system's own Chromium, installed where we may."""

import os
import shutil
import subprocess

NAMES = ("chromium", "chromium-browser", "google-chrome")


def found() -> str | None:
    return next((path for name in NAMES if (path := shutil.which(name))), None)


def found_or_installed() -> str | None:
    if path := found():
        return path
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return None
    print("Installing Debian's chromium for the page tests ...", flush=True)
    # A fresh container has no package lists yet, and lists that are there may be too old.
    _apt("update")
    _apt("install", "--yes", "--no-install-recommends", "chromium")
    return found()


def _apt(*arguments: str) -> None:
    environ = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    command = ["apt-get", "--quiet=2", *arguments]
    subprocess.run(command, env=environ, stdin=subprocess.DEVNULL, check=False)
