"""What bin/serve says when it cannot start: one clear sentence, no traceback, a non-zero exit."""

import fcntl
import os
import shutil
import socket
import stat
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from tests.ops.serving import REPO, embedded, free_port, stranger, temporary_folder

pytestmark = pytest.mark.once


def refused(command: Sequence[str | Path], environ: dict[str, str]) -> str:
    """The one sentence on stderr of a start that failed."""
    ran = subprocess.run(
        command, env=environ, capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=120
    )
    assert ran.returncode != 0
    lines = ran.stderr.strip().splitlines()
    assert len(lines) == 1, ran.stderr
    return lines[0]


@pytest.fixture
def bare(tmp_path: Path) -> Path:
    """A copy with the commands and the lock, and nothing installed yet."""
    shutil.copytree(REPO / "bin", tmp_path / "remit" / "bin")
    shutil.copy(REPO / "requirements.txt", tmp_path / "remit")
    return tmp_path / "remit"


def python_on_path(folder: Path, *, answers: str) -> dict[str, str]:
    """A PATH whose only Python says this of itself."""
    for name in ("sh", "dirname"):
        (folder / name).symlink_to(str(shutil.which(name)))
    python = folder / "python3"
    python.write_text(f"#!/bin/sh\necho {answers}\n")
    python.chmod(0o755)
    return stranger() | {"PATH": str(folder)}


def test_a_busy_port_is_named_before_anything_is_installed(bare: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as busy:
        port = busy.getsockname()[1]
        sentence = refused([bare / "bin/serve", "--port", str(port)], stranger())
    assert sentence == (
        f"Port {port} is taken by another program; stop it or choose another with --port."
    )
    assert not (bare / ".venv").exists()


def test_a_python_that_is_too_old_is_named(bare: Path, tmp_path: Path) -> None:
    environ = python_on_path(tmp_path, answers="old 3.9")
    assert refused([bare / "bin/serve"], environ) == (
        "Remit needs Python 3.11 or newer; found only: python3 (3.9)."
    )


def test_a_machine_without_python_is_told_so(bare: Path, tmp_path: Path) -> None:
    environ = python_on_path(tmp_path, answers="old 3.9")
    (tmp_path / "python3").unlink()
    assert refused([bare / "bin/serve"], environ) == (
        "Remit needs Python 3.11 or newer; no python3 was found on PATH."
    )


def test_a_python_without_venv_is_told_what_to_install(bare: Path, tmp_path: Path) -> None:
    environ = python_on_path(tmp_path, answers="bare 3.12")
    assert refused([bare / "bin/serve"], environ) == (
        "Remit needs Python's venv module, which is missing from: python3 (3.12). "
        "On Debian or Ubuntu: apt install python3-venv."
    )


def test_without_network_the_first_start_says_so_and_the_half_made_environment_heals(
    bare: Path,
) -> None:
    # What a start leaves that was cut short in the middle.
    (bare / ".venv").mkdir()
    (bare / ".venv" / ".unfinished").touch()
    environ = stranger(
        PIP_INDEX_URL=f"http://127.0.0.1:{free_port()}/simple",
        PIP_EXTRA_INDEX_URL="",
        PIP_FIND_LINKS="",
        PIP_CONFIG_FILE=os.devnull,
        PIP_NO_CACHE_DIR="1",
    )
    assert refused([bare / "bin/serve", "--port", str(free_port())], environ) == (
        "Cannot download the packages Remit needs: no network, or the package index does not "
        "answer. Connect and start again."
    )
    made = subprocess.run([bare / ".venv/bin/python", "-c", "import pip"], check=False)
    assert made.returncode == 0


@pytest.fixture
def read_only(bare: Path) -> Iterator[list[str]]:
    """A command prefix that finds `bare` read-only. Permission bits do not bind root, a mount does."""
    if os.geteuid() != 0:
        mode = bare.stat().st_mode
        bare.chmod(stat.S_IRUSR | stat.S_IXUSR)
        yield []
        bare.chmod(mode)
        return
    script = 'mount --bind "$0" "$0" && mount -o remount,ro,bind "$0" && exec "$@"'
    prefix = ["unshare", "--mount", "sh", "-c", script, str(bare)]
    if subprocess.run([*prefix, "true"], capture_output=True).returncode:
        pytest.skip("root may not mount here, so no folder can be made read-only")
    yield prefix


def test_a_read_only_folder_is_named(bare: Path, read_only: list[str]) -> None:
    serve = [*read_only, str(bare / "bin/serve"), "--port", str(free_port())]
    sentence = refused(serve, stranger(PYTHONDONTWRITEBYTECODE="1"))
    assert sentence.startswith(f"Cannot write {bare / '.venv'}: ")


def test_a_data_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    in_the_way = tmp_path / "var"
    in_the_way.write_text("a file where the folder should be")
    sentence = refused([REPO / "bin/serve", "--port", str(free_port())], embedded(in_the_way))
    assert sentence == (
        f"Cannot write to {in_the_way}: Not a directory. "
        "Make it writable, or set REMIT_VAR to a folder that is."
    )


def test_a_second_start_on_the_same_data_folder_is_refused() -> None:
    with temporary_folder() as var, (var / "serve.lock").open("w") as claimed:
        fcntl.flock(claimed, fcntl.LOCK_EX)
        sentence = refused([REPO / "bin/serve", "--port", str(free_port())], embedded(var))
    assert sentence == (
        f"Remit already runs on {var}; stop it first, or set REMIT_VAR to another folder."
    )


def test_unsafe_production_settings_are_listed_without_a_traceback() -> None:
    with temporary_folder() as var:
        environ = embedded(var) | {"REMIT_MODE": "production"}
        ran = subprocess.run(
            [sys.executable, REPO / "manage.py", "check"],
            env=environ,
            capture_output=True,
            text=True,
        )
    assert ran.returncode == 1
    assert ran.stderr.startswith("Remit will not start in production like this:\n- ")
    assert "Traceback" not in ran.stderr
