"""Papers set by a worker: asked for by a verb, claimed by one drain at a time, kept as files. A crash costs an attempt."""

import datetime
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import structlog
from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone

from practice import access, files, rows, typesetting
from practice.access import Actor
from practice.models import Client, Rendering, StoredFile
from practice.nudges import nudge
from practice.refusals import Conflict
from practice.registers import Register

log = structlog.get_logger(__name__)
ATTEMPTS = 5
# Above the time that setting may take (practice/typesetting.py) and that keeping a file does.
LEASE = datetime.timedelta(minutes=3)
FIRST_WAIT = datetime.timedelta(seconds=15)
OPEN = (Rendering.Status.WAITING, Rendering.Status.RENDERING)
Status, Step = Rendering.Status, Rendering.Step


@dataclass(frozen=True)
class Paper:
    """What is to be set: a template of ours, what it says, and the hash that stands for what it says."""

    client_id: UUID
    template: Path
    data: Callable[[], dict[str, Any]]
    sha256: str
    name: str
    """Of the file, with its ending."""
    commercial: bool = True
    """It tells of fees: only those who may see them see the file among others."""


# Contributed: the paper of the thing with this id, if this actor may see it, or a refusal.
RENDERERS: Register[Callable[[Actor, UUID], Paper]] = Register("things set on paper")


class NotFailed(Conflict):
    code, sentence = "not_failed", "Only a paper that could not be made is tried again by hand."


class Outdated(Exception):
    """What it says changed after it was asked for; the new state is a paper of its own."""


class Lost(Exception):
    """The lease ran out and another drain has it."""


def ask(kind: str, id: UUID, *, by: Actor, at: datetime.datetime) -> Rendering:
    """Have the paper of a thing made as it is now. Asked again for the same content, it is the same paper."""
    access.require(by, "rendering", "add")
    paper = RENDERERS[kind](by, id)
    with transaction.atomic():
        client = access.get(by, Client, paper.client_id, lock=True)
        asked = access.visible_to(by, Rendering).filter(kind=kind, subject_id=id)
        found = asked.filter(sha256=paper.sha256).first()
        if found is not None:
            return found
        row = Rendering(
            practice_id=client.practice_id,
            client=client,
            kind=kind,
            subject_id=id,
            sha256=paper.sha256,
            due_at=at,
        )
        made = rows.add(row, by=by, at=at, kind="rendering.asked")
        transaction.on_commit(lambda: nudge("render"))
    return made


def retry(rendering: Rendering, *, by: Actor, at: datetime.datetime) -> Rendering:
    """Try a paper that was given up again, from the first attempt."""
    access.require(by, "rendering", "change")
    changes = {"status": Status.WAITING, "step": Step.ASKED, "percent": 0}
    changes |= {"attempts": 0, "due_at": at}
    with transaction.atomic():
        rendering = access.get(by, Rendering, rendering.pk, lock=True)
        if rendering.status != Status.FAILED:
            raise NotFailed
        tried = rows.change(rendering, changes, by=by, at=at, kind="rendering.retried")
        transaction.on_commit(lambda: nudge("render"))
    return tried


def standing(kind: str, id: UUID, *, by: Actor) -> Rendering | None:
    """How far the paper of a thing is as that thing stands now, for whoever may see the thing; None: nobody asked."""
    paper = RENDERERS[kind](by, id)
    rows_ = Rendering.objects.filter(kind=kind, subject_id=id, client_id=paper.client_id)
    return rows_.filter(sha256=paper.sha256).select_related("file").first()


def file(kind: str, id: UUID, *, by: Actor) -> StoredFile | None:
    """The finished paper, for whoever may see the thing itself: the board reads its report without reading files."""
    found = standing(kind, id, by=by)
    return found.file if found else None


def waiting(at: datetime.datetime) -> bool:
    """Whether a drain would find anything."""
    return Rendering.objects.filter(status__in=OPEN, due_at__lte=at).exists()


def drain(*, seconds: float = 120.0, clock: Callable[[], datetime.datetime] = timezone.now) -> int:
    """Make what waits, until nothing does or the time is up; returns how many were settled."""
    settled, stop = 0, time.monotonic() + seconds
    while time.monotonic() < stop:
        claimed = claim(clock())
        if claimed is None:
            break
        if claimed.status == Status.RENDERING:
            render(claimed, clock)
        settled += 1
    return settled


def claim(now: datetime.datetime) -> Rendering | None:
    """Lease the next paper. The attempt is counted here, before the work: one that kills its worker counts as well."""
    with transaction.atomic():
        due = Rendering.objects.filter(status__in=OPEN, due_at__lte=now).order_by("due_at", "id")
        skip = connection.features.has_select_for_update_skip_locked
        row = due.select_for_update(skip_locked=skip).first()
        if row is None:
            return None
        if row.attempts >= ATTEMPTS:
            row.status, row.fault = Status.FAILED, row.fault or "WorkerLost"
        else:
            row.status, row.step, row.percent = Status.RENDERING, Step.READING, 10
            row.due_at, row.attempts = now + LEASE, row.attempts + 1
        row.save(update_fields=["status", "step", "percent", "due_at", "attempts", "fault"])
    return row


def render(row: Rendering, clock: Callable[[], datetime.datetime] = timezone.now) -> None:
    """Make one claimed paper. Whatever goes wrong is written down on it and tried again."""
    by = access.system(row.practice_id)
    try:
        paper = RENDERERS[row.kind](by, row.subject_id)
        if paper.sha256 != row.sha256:
            raise Outdated
        data = paper.data()
        _tell(row, Step.SETTING, 30)
        made = typesetting.apart(paper.template, data)
        _tell(row, Step.KEEPING, 90)
        _keep(row, paper, made, by, clock())
    except Lost:
        log.info("rendering_lost", rendering=str(row.pk))
    except Exception as fault:
        log.warning("rendering_failed", rendering=str(row.pk), fault=type(fault).__name__)
        _mine(row).update(**_after(row, fault, clock()))


def _keep(row: Rendering, paper: Paper, made: bytes, by: Actor, now: datetime.datetime) -> None:
    """File and mark in one transaction: a drain that lost its lease leaves neither."""
    with transaction.atomic():
        client = Client.objects.get(pk=row.client_id)
        kept = files.keep(
            client, name=paper.name, content=made, commercial=paper.commercial, by=by, at=now
        )
        marked = _mine(row).update(
            status=Status.DONE,
            step=Step.KEPT,
            percent=100,
            file=kept,
            done_at=now,
            fault="",
            version=F("version") + 1,
        )
        if not marked:
            raise Lost


def _after(row: Rendering, fault: Exception, now: datetime.datetime) -> dict[str, Any]:
    told: dict[str, Any] = {"fault": type(fault).__name__[:60], "percent": 0, "step": Step.ASKED}
    told["version"] = F("version") + 1
    if row.attempts >= ATTEMPTS or isinstance(fault, Outdated):
        return told | {"status": Status.FAILED}
    wait = FIRST_WAIT * 4 ** (row.attempts - 1)
    return told | {"status": Status.WAITING, "due_at": now + wait}


def _tell(row: Rendering, step: str, percent: int) -> None:
    if not _mine(row).update(step=step, percent=percent):
        raise Lost


def _mine(row: Rendering) -> Any:
    """The row, as long as this lease on it lasts."""
    return Rendering.objects.filter(pk=row.pk, status=Status.RENDERING, due_at=row.due_at)
