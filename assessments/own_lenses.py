"""Lenses that a practice brings along: taken in when they read well, kept for good, one row for each version."""

import datetime
import hashlib
from functools import lru_cache
from typing import Any

from assessments import authored, facts
from assessments.lenses import Lens
from assessments.models import PracticeLens
from practice import access, rows
from practice.access import Actor
from practice.refusals import Invalid, NotFound, Taken


def upload(*, text: str, by: Actor, at: datetime.datetime) -> PracticeLens:
    """Take in a lens file. A bad one is refused with everything that is wrong with it, by line and key."""
    access.require(by, "own_lens", "add")
    lens = read(text)
    row = PracticeLens(
        practice_id=access.practice_of(by),
        key=lens.key,
        lens_version=lens.version,
        name=lens.name,
        text=text,
        sha256=hashlib.sha256(text.encode()).hexdigest(),
    )
    taken = Taken(
        f"{lens.key} {lens.version} is there already; give the file its next version.", "text"
    )
    return rows.add(row, by=by, at=at, kind="own_lens.taken_in", taken=taken)


def read(text: str) -> Lens:
    try:
        return authored.read(text)
    except authored.BadLens as bad:
        raise Invalid({"text": [str(fault) for fault in bad.faults]}) from bad


def find(actor: Actor, key: str) -> Lens:
    """The newest version of one of the practice's own, or NotFound."""
    return _kept(text(actor, key))


def text(actor: Actor, key: str) -> str:
    """Its file as it was taken in."""
    row = access.visible_to(actor, PracticeLens).filter(key=key).order_by("lens_version").last()
    if row is None:
        raise NotFound
    return row.text


def newest(actor: Actor) -> list[PracticeLens]:
    """The newest version of each of the practice's own, by key."""
    rows = access.visible_to(actor, PracticeLens).order_by("key", "lens_version")
    return list({row.key: row for row in rows}.values())


def beside(actor: Actor, known: dict[str, Any]) -> list[dict[str, Any]]:
    """What the practice's own lenses say of these facts: shown beside the panel, never a vote."""
    return [_said(_kept(row.text), known) for row in newest(actor)]


def behind(actor: Actor, results: list[dict[str, Any]]) -> dict[tuple[str, int], Lens]:
    """The lenses that gave these results, in the versions of that day, by key and version."""
    wanted = {(one["lens"], one["lens_version"]) for one in results}
    if not wanted:
        return {}
    rows = access.visible_to(actor, PracticeLens).filter(key__in={key for key, _ in wanted})
    return {
        (row.key, row.lens_version): _kept(row.text)
        for row in rows
        if (row.key, row.lens_version) in wanted
    }


@lru_cache(maxsize=32)
def _kept(text: str) -> Lens:
    """One that was taken in. Reading it tries every rule, and a panel that follows the typing asks at every turn."""
    return authored.read(text)


def _said(lens: Lens, known: dict[str, Any]) -> dict[str, Any]:
    try:
        return authored.evaluate(lens, facts.answers_for(lens, known))
    except authored.Failed as failed:
        # A practice's own mistake must not stop the panel.
        return {
            "lens": lens.key,
            "lens_version": lens.version,
            "outcome": "FAILED",
            "why": str(failed),
        }


def evaluate(lens: Lens, answers: Any) -> dict[str, Any]:
    try:
        return authored.evaluate(lens, answers)
    except authored.Failed as failed:
        raise Invalid({"answers": [str(failed)]}) from failed
