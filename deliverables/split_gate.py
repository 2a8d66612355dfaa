"""What deliverables add to the gate: one person under both hats plans something of each for the first quarter (S2-V4)."""

import datetime

from deliverables import catalogue, planning, plans
from deliverables.models import Deliverable, DeliverableStatus, OwnKind
from deliverables.plans import SPLIT, Standing
from engagements import wearing
from engagements.gate import Condition
from engagements.models import Engagement


def missing(engagement: Engagement, at: datetime.datetime) -> list[str]:
    """Counts what is planned, and what activation would plan."""
    here = planning.standing(engagement, at)
    if not here.in_first_quarter:
        return []
    there = list(Deliverable.objects.filter(engagement=engagement, code__in=plans.HALVES))
    known = {row.code for row in there}
    no_kinds: list[OwnKind] = []
    to_come = {piece.code for piece in plans.owed(here, no_kinds)} - known
    planned = {
        (row.hat, row.code)
        for row in there
        if row.status != DeliverableStatus.DROPPED and _in_time(row, here)
    }
    return [
        f"Nothing of the {hat} hat is planned for the first quarter; one of {_named(codes)} is needed."
        for hat, codes in SPLIT.items()
        if not any((hat, code) in planned or code in to_come for code in codes)
    ]


def _in_time(row: Deliverable, here: Standing) -> bool:
    """By the day it has where somebody set it, else by the one that the plan gives it here."""
    last, day = here.quarter_ends_on, row.due_on
    if row.planned_as and not row.due_fixed:
        day = plans.due_on(row.code, here, own=None, kept=day)
    return last is None or day is None or day <= last


def _named(codes: tuple[str, ...]) -> str:
    return ", ".join(f"{code} {catalogue.kinds()[code].title}" for code in codes)


SPLIT_PLANNED = Condition(
    key="deliverables",
    label="A deliverable of each hat in the first quarter",
    applies=wearing.is_combined,
    missing=missing,
)
