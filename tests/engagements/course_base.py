"""What the verbs of the random course stand on: a moment, drawn arguments, and a refusal that leaves no trace."""

import datetime
from collections import Counter
from collections.abc import Callable
from typing import Any

from django.db import connection
from hypothesis import strategies as st

from deliverables.models import Deliverable, Release
from engagements.models import (
    Burst,
    Charter,
    ContractVersion,
    Engagement,
    ExitStatement,
    Expense,
    HatShare,
    Move,
    Pause,
    Period,
    Right,
    SpendingLimit,
    Stage,
    TimeEntry,
    Wearing,
)
from practice import quarters
from practice.models import AgendaEntry, Event
from practice.refusals import Conflict, Invalid
from tests import make
from tests.cast import Cast
from tests.make import NOW

DAY = datetime.timedelta(days=1)
HATS = ({"CTO": 50, "CAIO": 50}, {"CAIO": 100})
# The four kinds of allowance, with every way of treating what is left and what is over.
TERMS: tuple[dict[str, Any], ...] = (
    {"allowance_unit": "days", "allowance": "4", "rollover_cap": 0, "rollover_months": 0},
    {
        "allowance_unit": "days",
        "allowance": "3.50",
        "rollover_cap": "2",
        "rollover_months": 2,
        "overage": "carried",
    },
    {
        "allowance_unit": "hours",
        "allowance": "33.33",
        "rollover_cap": "10.50",
        "rollover_months": 1,
        "overage": "absorbed",
    },
    {
        "allowance_unit": "money",
        "allowance": "5000.05",
        "rollover_cap": "999.99",
        "rollover_months": 3,
        "hour_rate": "233.33",
        "overage": "carried",
    },
    {
        "allowance_unit": "money",
        "allowance": "7777.77",
        "rollover_cap": 0,
        "rollover_months": 0,
        "currency": "USD",
        "overage": "billed",
    },
    {"allowance_unit": "none", "allowance": 0, "rollover_cap": 0, "rollover_months": 0},
)
PLACES = (Engagement, HatShare, Wearing, Stage, Move, Pause, Burst, ExitStatement, Period)
PLACES += (
    Deliverable,
    Release,
    Charter,
    Right,
    SpendingLimit,
    ContractVersion,
    TimeEntry,
    Expense,
    AgendaEntry,
    Event,
)
# A refused verb leaves each of these with as many rows and changes as it found.
TRACES = " UNION ALL ".join(
    f"SELECT {n}, count(*), {'0' if model is Event else 'coalesce(sum(version), 0)'} FROM {model._meta.db_table}"
    for n, model in enumerate(PLACES)
)


class Base:
    """One engagement at a time, after whose end another follows, and the moment at which the verbs are called."""

    def __init__(self, cast: Cast, refused: "Counter[str]") -> None:
        self.cast, self.refused, self.at = cast, refused, NOW
        self.ada, self.priya = make.actor(cast.ada), make.actor(cast.priya)
        self.reopened: set[tuple[str, str]] = set()
        self.draw: Callable[[Any], Any] = lambda strategy: None

    def one_of(self, *these: Any) -> Any:
        return self.draw(st.sampled_from(these))

    def number(self, low: int, high: int) -> int:
        return int(self.draw(st.integers(low, high)))

    @property
    def row(self) -> Engagement:
        return Engagement.objects.select_related("client").get(pk=self.id)

    @property
    def today(self) -> datetime.date:
        return quarters.local_day(self.at, self.cast.orchard.time_zone)

    def traces(self) -> list[tuple[Any, ...]]:
        with connection.cursor() as cursor:
            cursor.execute(TRACES)
            return sorted(cursor.fetchall())

    def tried(self, verb: Callable[..., Any], *given: Any, **told: Any) -> Any:
        """What the verb gives, or None where it was refused: with a code, and without a trace. Anything else fails."""
        before, by = self.traces(), told.pop("by", self.ada)
        try:
            return verb(*given, by=by, at=self.at, **told)
        except (Conflict, Invalid) as refused:
            # By field, so that a course refused for its form over and over is seen.
            code = " ".join([refused.code, *sorted(getattr(refused, "errors", {}))])
        self.refused[code] += 1
        assert self.traces() == before, f"{code} left a trace"
        return None
