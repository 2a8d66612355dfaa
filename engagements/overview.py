"""What pages show of engagements, read for many at once: as many statements for one as for fifty. Nothing is written."""

import datetime
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from engagements import days, pictures_spectrum, spectrum
from engagements.models import (
    Engagement,
    HatShare,
    Move,
    Pause,
    ReportingLine,
    Stage,
    Wearing,
)
from practice import access
from practice.access import Actor
from practice.agenda_rules import of_the_clock
from practice.models import AgendaEntry
from practice.models.people import Hat
from practice.quarters import local_day

PENDING = (Move.Status.PROPOSED, Move.Status.AGREED)
STEP_WORDS = {
    Move.Status.SUGGESTED: "Suggested by the facts",
    Move.Status.PROPOSED: "Proposed",
    Move.Status.AGREED: "Agreed",
}
DATES = 6


@dataclass
class Course:
    """One engagement, with the way it took and those who work on it."""

    engagement: Engagement
    today: datetime.date
    stages: list[Stage] = field(default_factory=list)
    moves: list[Move] = field(default_factory=list)
    pauses: list[Pause] = field(default_factory=list)
    shares: list[HatShare] = field(default_factory=list)
    wearings: list[Wearing] = field(default_factory=list)
    lines: list[ReportingLine] = field(default_factory=list)
    dates: list[AgendaEntry] = field(default_factory=list)

    @property
    def stage(self) -> Stage | None:
        return next((stage for stage in self.stages if stage.until_on is None), None)

    @property
    def last(self) -> Stage | None:
        return self.stages[-1] if self.stages else None

    @property
    def pending(self) -> Move | None:
        return next((move for move in self.moves if move.status in PENDING), None)

    @property
    def suggested(self) -> Move | None:
        return next((m for m in self.moves if m.status == Move.Status.SUGGESTED), None)

    @property
    def picture(self) -> pictures_spectrum.Picture:
        way = pictures_spectrum.stays((stage.point, stage.since_on) for stage in self.stages)
        move, stage = self.pending or self.suggested, self.stage
        step = None
        if move is not None and (stage is None or move.to_point != stage.point):
            words = STEP_WORDS[Move.Status(move.status)]
            step = pictures_spectrum.Step(
                move.to_point, move.effective_on, words, move.planned_end_on
            )
        return pictures_spectrum.draw(
            way,
            step=step,
            planned_end_on=stage.planned_end_on if stage else None,
            ended_on=self.engagement.ended_on,
        )

    @property
    def phases(self) -> list[dict[str, Any]]:
        """The sub-phases of the present retainer; nothing outside one."""
        stage = self.stage
        points = spectrum.points()
        run = days.run_since(
            [days.Stop(points[one.point].phased, one.since_on) for one in self.stages]
        )
        if stage is None or not stage.phase or run is None:
            return []
        stretches = [days.Stretch(pause.since_on, pause.until_on) for pause in self.pauses]
        begun = {one.phase: one.since_on for one in reversed(self.stages) if one.since_on >= run}
        keys = [rule.key for rule in spectrum.spectrum().phases]
        here, told = keys.index(stage.phase), []
        for i, rule in enumerate(spectrum.spectrum().phases):
            last = days.last_of(rule.ends, start=run, pauses=stretches) if rule.ends else None
            told.append(
                {
                    "label": rule.label,
                    "present": i == here,
                    "over": i < here,
                    "overdue": i == here and stage.overdue,
                    "words": _phase_words(i - here, begun.get(rule.key), last, stage.overdue),
                }
            )
        return told

    @property
    def hats(self) -> list[dict[str, Any]]:
        """Each hat, who wears it today, and to whom it answers."""
        day = max(self.today, self.engagement.starts_on or self.today)
        worn = {one.hat: one for one in self.wearings if _covers(one, day)}
        later = {one.hat: one for one in self.wearings if one.since_on > day}
        answers = {one.hat: one for one in self.lines if one.until_on is None}
        return [
            {
                "hat": share.hat,
                "label": share.get_hat_display(),
                "target": share.target,
                "worn": worn.get(share.hat),
                "later": later.get(share.hat),
                "line": answers.get(share.hat),
            }
            for share in self.shares
        ]

    @property
    def phase_label(self) -> str:
        stage = self.stage
        return stage.get_phase_display() if stage and stage.phase else ""


def load(actor: Actor, engagements: Iterable[Engagement], *, at: datetime.datetime) -> list[Course]:
    """With what of each this actor may see. The engagements come with their client and lead."""
    rows = list(engagements)
    found = {row.pk: Course(row, local_day(at, row.client.time_zone)) for row in rows}
    for name, model, order, joined in _PARTS:
        parts = access.visible_to(actor, model).filter(engagement__in=rows)
        for part in parts.select_related(*joined).order_by(*order, "id"):
            getattr(found[part.engagement_id], name).append(part)
    for id, entries in _dates(actor, found, at).items():
        found[id].dates = entries[:DATES]
    return list(found.values())


_PARTS: tuple[tuple[str, Any, tuple[str, ...], tuple[str, ...]], ...] = (
    ("stages", Stage, ("since_on",), ("contract",)),
    ("moves", Move, ("-id",), ("from_stage", "accepted_by", "recorded_by__user")),
    ("pauses", Pause, ("since_on",), ()),
    ("shares", HatShare, ("hat",), ()),
    ("wearings", Wearing, ("since_on",), ("member__user",)),
    ("lines", ReportingLine, ("-since_on",), ()),
)


def _dates(
    actor: Actor, found: dict[UUID, Course], at: datetime.datetime
) -> dict[UUID, list[AgendaEntry]]:
    """What is open of each, the engagement's own dates and those of its moves."""
    whose = {id: id for id in found}
    whose |= {move.pk: id for id, course in found.items() for move in course.moves}
    whose |= {pause.pk: id for id, course in found.items() for pause in course.pauses}
    whose |= {line.pk: id for id, course in found.items() for line in course.lines}
    entries = (
        access.visible_to(actor, AgendaEntry)
        .filter(subject_id__in=list(whose), status=AgendaEntry.Status.OPEN)
        .exclude(kind__in=of_the_clock())
        .order_by("due_at", "id")
    )
    told: dict[UUID, list[AgendaEntry]] = defaultdict(list)
    for entry in entries:
        told[whose[entry.subject_id]].append(entry)
    return told


def hat_words(hat: str) -> str:
    return str(Hat(hat).label)


def _covers(row: Any, day: datetime.date) -> bool:
    return row.since_on <= day and (row.until_on is None or row.until_on > day)


def _phase_words(
    away: int, since: datetime.date | None, last: datetime.date | None, overdue: bool
) -> str:
    if away < 0:
        return "Over"
    if away > 0:
        return f"Until {last:%-d %b %Y}" if last else ""
    begun = f"Since {since:%-d %b %Y}" if since else "Now"
    if overdue and last:
        return f"{begun}; was to end on {last:%-d %b %Y}"
    return f"{begun}, until {last:%-d %b %Y}" if last else begun
