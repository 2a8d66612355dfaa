"""What the charter adds to the gate: one person under both hats needs their decision rights in writing (S2-D6 ii)."""

import datetime

from engagements import charters, rights, wearing
from engagements.gate import Condition
from engagements.models import Engagement, Right


def missing(engagement: Engagement, at: datetime.datetime) -> list[str]:
    charter = charters.in_force(engagement)
    if charter is None:
        return ["The sponsor has not accepted a charter yet."]
    said = {right.code: right for right in Right.objects.filter(charter=charter)}
    return [
        f"In the charter nobody decides {code}: {rights.catalogue()[code].label}."
        for code in charters.unfilled(said)
    ]


CHARTER = Condition(
    key="charter",
    label="An accepted charter of decision rights",
    applies=wearing.is_combined,
    missing=missing,
)
