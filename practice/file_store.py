"""Where the bytes of files lie (decision 0020): put there before their row is written, given back only as what was
handed in, removed when no row came of them. Whose they are and who may have them is the row's business."""

import datetime
import hashlib
import secrets
from collections.abc import Iterator
from datetime import timedelta
from itertools import islice

import structlog
from django.core.files.base import ContentFile, File
from django.core.files.storage import Storage, storages
from django.utils import timezone

from practice.models import Pulse, StoredFile
from practice.refusals import Refusal

log = structlog.get_logger(__name__)
PULSE = "sweep"
SWEPT_EVERY = timedelta(days=1)
# No transaction lasts that long: what nobody has named by then, nobody will.
LEFT_ALONE = timedelta(days=1)
DAYS_LOOKED_AT = 31
# So many without a row may happen. More of them than with one, and this is rather the wrong database.
MOST_WITHOUT_ROWS = 20
AT_ONCE = 500


class Unavailable(Refusal):
    status, code = 503, "files_unavailable"
    sentence = "The store of files does not answer; try again."


class Damaged(Refusal):
    """Bytes that are gone or were changed. Wrong ones are never given out."""

    status, code = 500, "file_damaged"
    sentence = "The bytes of this file are not those that were handed in. Tell whoever runs Remit."


def put(content: bytes) -> str:
    """Keep the bytes under a random name, and return it. Done before the row is written, so that no row is without
    its bytes; a row that does not come about leaves them to the sweep."""
    # The real day, not the one that is being told of: the sweep reads a file's age from its name.
    name = f"{timezone.now().astimezone(datetime.UTC):%Y/%m/%d}/{secrets.token_hex(16)}"
    try:
        return _store().save(name, ContentFile(content))
    except OSError as fault:
        raise _away(fault) from fault


def opened(stored: StoredFile) -> "File[bytes]":
    """The bytes from their beginning, after all of them were compared with the checksum. Close it."""
    try:
        file = _store().open(stored.stored_as)
    except FileNotFoundError as fault:
        raise _damaged(stored, "missing") from fault
    except OSError as fault:
        raise _away(fault) from fault
    try:
        if hashlib.file_digest(file, "sha256").hexdigest() != stored.sha256:
            raise _damaged(stored, "changed")
        file.seek(0)
    except OSError as fault:
        file.close()
        raise _away(fault) from fault
    except BaseException:
        file.close()
        raise
    return file


def sweep(at: datetime.datetime) -> int:
    """Once a day, remove what no row names; returns how much. A lost turn costs a day, and nothing else."""
    if not _turn(at):
        return 0
    try:
        return _sweep(at)
    except OSError as fault:
        log.error("sweep_failed", fault=type(fault).__name__)
        return 0


def _sweep(at: datetime.datetime) -> int:
    # Whole days, told by the folder: no copy or restore of the folder makes a file look younger or older.
    newest = (at.astimezone(datetime.UTC) - LEFT_ALONE).date() - timedelta(days=1)
    there = {name for n in range(DAYS_LOOKED_AT) for name in _of_day(newest - timedelta(days=n))}
    named = _named(there)
    unnamed = sorted(there - named)
    if len(unnamed) > max(MOST_WITHOUT_ROWS, len(named)):
        log.error("sweep_refused", without_row=len(unnamed), with_row=len(named))
        return 0
    for name in unnamed:
        _store().delete(name)
    if unnamed:
        log.info("files_swept", count=len(unnamed))
    return len(unnamed)


def _turn(at: datetime.datetime) -> bool:
    """Whose turn it is, of all workers: one statement that only one of them wins."""
    pulse, made = Pulse.objects.get_or_create(name=PULSE, defaults={"at": at})
    if made or pulse.at > at - SWEPT_EVERY:
        return made
    return Pulse.objects.filter(name=PULSE, at=pulse.at).update(at=at) == 1


def _of_day(day: datetime.date) -> list[str]:
    folder = f"{day:%Y/%m/%d}"
    try:
        _, names = _store().listdir(folder)
    except FileNotFoundError:
        return []
    return [f"{folder}/{name}" for name in names]


def _named(names: set[str]) -> set[str]:
    """Those that a row names, of all practices."""
    left: Iterator[str] = iter(sorted(names))
    found: set[str] = set()
    while batch := list(islice(left, AT_ONCE)):
        rows = StoredFile.objects.filter(stored_as__in=batch)
        found.update(rows.values_list("stored_as", flat=True))
    return found


def _store() -> Storage:
    return storages["files"]


def _away(fault: OSError) -> Unavailable:
    log.error("files_unavailable", fault=type(fault).__name__)
    return Unavailable()


def _damaged(stored: StoredFile, how: str) -> Damaged:
    log.error("file_damaged", file=str(stored.pk), how=how)
    return Damaged()
