"""Programs of the system that tests use and that are installed where we may: a browser, and poppler, which reads PDFs."""

import os
import shutil
import subprocess
from dataclasses import dataclass


@dataclass(frozen=True)
class Program:
    package: str
    """Debian's, which brings it."""
    names: tuple[str, ...]
    """Under any of which it may be there."""
    wanted_for: str


BROWSER = Program("chromium", ("chromium", "chromium-browser", "google-chrome"), "page tests")
POPPLER = Program("poppler-utils", ("pdftotext",), "tests of paper")


def found(program: Program) -> str | None:
    return next((path for name in program.names if (path := shutil.which(name))), None)


def found_or_installed(program: Program) -> str | None:
    if path := found(program):
        return path
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return None
    print(f"Installing Debian's {program.package} for the {program.wanted_for} ...", flush=True)
    # A fresh container has no package lists yet, and lists that are there may be too old.
    _apt("update")
    _apt("install", "--yes", "--no-install-recommends", program.package)
    return found(program)


def _apt(*arguments: str) -> None:
    environ = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    command = ["apt-get", "--quiet=2", *arguments]
    subprocess.run(command, env=environ, stdin=subprocess.DEVNULL, check=False)
