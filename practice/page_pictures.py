"""Pages of a PDF as pictures. The file itself is read by a program of its own, which may draw and nothing else
(page_drawer.py); what that one cannot draw in its limits has no preview. Who may look is asked before."""

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from threading import BoundedSemaphore
from typing import Any

import structlog
from django.core.cache import caches
from redis.exceptions import RedisError

from practice import file_store
from practice.models import StoredFile
from practice.refusals import Refusal

log = structlog.get_logger(__name__)
DRAWER = Path(__file__).with_name("page_drawer.py")
DRAWN = "application/pdf"
# More pages are not leafed through; the file has them all.
MOST_PAGES = 300
# The drawer's own limit is two seconds of work; on a busy machine these take longer.
PATIENCE = 15
# So many are drawn at once by one web process, and nobody waits longer for a turn.
AT_ONCE, WAITS = 2, 4
# A picture is asked for again by the page that shows it. Redis evicts nothing, so it is not kept for long.
KEPT_FOR, KNOWN_FOR = 2 * 60, 60 * 60
LARGEST_KEPT = 400 * 1024
LARGEST_LINE = 200
_turns = BoundedSemaphore(AT_ONCE)


class Busy(Refusal):
    status, code = 503, "pictures_busy"
    sentence = "Too many pages are being drawn at this moment; try again."


@dataclass(frozen=True)
class Picture:
    content: bytes
    width: int
    height: int


@dataclass(frozen=True)
class _Drawn:
    pages: int
    picture: Picture | None = None


def pages(stored: StoredFile) -> int:
    """How many pages can be looked at; none where there is no preview."""
    if stored.media_type != DRAWN:
        return 0
    key = _key(stored, 0)
    known = _kept(key)
    if known is None:
        drawn = _draw(stored, 0)
        known = drawn.pages if drawn else 0
        _keep(key, known)
    return min(int(known), MOST_PAGES)


def picture(stored: StoredFile, number: int) -> Picture | None:
    """The page with this number, from 1."""
    if stored.media_type != DRAWN or not 1 <= number <= MOST_PAGES:
        return None
    key = _key(stored, number)
    known = _kept(key)
    if known is None:
        drawn = _draw(stored, number)
        made = drawn.picture if drawn else None
        known = (made.content, made.width, made.height) if made else ()
        if drawn:
            _keep(_key(stored, 0), drawn.pages)
        if made is None:
            _keep(key, known)
        elif len(made.content) <= LARGEST_KEPT:
            _keep(key, known, KEPT_FOR)
    return Picture(*known) if known else None


def _draw(stored: StoredFile, number: int) -> _Drawn | None:
    """Let the drawer try. Nothing where it could not, which is remembered as well: it does not try at every look."""
    if not _turns.acquire(timeout=WAITS):
        raise Busy
    try:
        with file_store.opened(stored) as file:
            content = file.read()
        return _answer(_run(content, number), stored, number)
    finally:
        _turns.release()


def _run(content: bytes, number: int) -> subprocess.CompletedProcess[bytes]:
    # No variable of ours goes with it: no password, no address of a database.
    command = [sys.executable, "-I", str(DRAWER), str(number)]
    try:
        return subprocess.run(
            command,
            input=content,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={},
            cwd="/",
            timeout=PATIENCE,
            check=False,
        )
    except subprocess.TimeoutExpired as late:
        raise Busy from late


def _answer(
    done: subprocess.CompletedProcess[bytes], stored: StoredFile, number: int
) -> _Drawn | None:
    if done.returncode:
        # A hostile file and a broken one look the same from here, and neither is our fault.
        log.info("page_not_drawn", file=str(stored.pk), page=number, ended=done.returncode)
        return None
    line, _, content = done.stdout.partition(b"\n")
    told: dict[str, int] = json.loads(line[:LARGEST_LINE])
    if "width" not in told:
        return _Drawn(told["pages"])
    return _Drawn(told["pages"], Picture(content, told["width"], told["height"]))


def _key(stored: StoredFile, number: int) -> str:
    """Within the practice, and by the bytes: the same bytes have the same pages."""
    return f"{stored.practice_id}:{stored.sha256}:{number}"


def _kept(key: str) -> Any:
    try:
        return caches["pictures"].get(key)
    except RedisError:
        return None


def _keep(key: str, value: Any, timeout: int = KNOWN_FOR) -> None:
    try:
        caches["pictures"].set(key, value, timeout=timeout)
    except RedisError as fault:
        # Then it is drawn again each time.
        log.warning("pictures_not_kept", fault=type(fault).__name__)
