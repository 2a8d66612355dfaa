"""What the facts suggest: the panel's point on the spectrum held against where an engagement stands. A change of point
becomes a suggestion, once for each run of the panel; a consultant puts it forward or drops it (S4-D8)."""

import datetime
from typing import Any
from uuid import UUID

from assessments.models import Assessment
from engagements import moves, spectrum, stages
from engagements.models import Engagement, Move
from practice import access, agenda
from practice.access import Actor
from practice.models import AgendaEntry, Client
from practice.refusals import Refusal

KIND = "point_compare"
REASON = "Assessed on {day:%-d %B %Y}, the fourth lens puts the client at {point}."
BRIDGE = " Until somebody is hired, a higher intensity is the bridge."


def assessed(assessment: Assessment, at: datetime.datetime) -> None:
    """In the transaction of the assessment: that it is compared, at the next tick.

    Not here and now: the verbs of engagements hold the engagement before the client, and this one holds the client.
    """
    agenda.plan(
        KIND,
        subject_id=assessment.client_id,
        practice_id=assessment.practice_id,
        client_id=assessment.client_id,
        due_at=at,
        at=at,
        title="Compare the point on the spectrum",
        period=_period(assessment),
    )


def _period(assessment: Assessment) -> str:
    return assessment.pk.hex[-20:]


def compare(client_id: UUID, by: Actor, at: datetime.datetime) -> None:
    """What the clock calls for each run; the newest run counts, and settles those before it."""
    client = access.get(by, Client, client_id)
    about: dict[str, Any] = {"subject_id": client.pk, "practice_id": client.practice_id}
    # Read before the comparison: a run that is finished meanwhile is compared by its own.
    open_ones = AgendaEntry.objects.filter(kind=KIND, status=AgendaEntry.Status.OPEN, **about)
    periods = list(open_ones.values_list("period", flat=True))
    propose_from_facts(client, by=by, at=at)
    for period in periods:
        agenda.close(KIND, **about, period=period, done=True, at=at)


def propose_from_facts(client: Client, *, by: Actor, at: datetime.datetime) -> list[Move]:
    """Suggestions for every engagement with AI in its scope that stands elsewhere than the newest assessment says."""
    newest = Assessment.objects.filter(client=client).order_by("id").last()
    point = newest.result.get("spectrum_point") if newest else None
    if newest is None or point not in spectrum.points():
        return []
    running = Engagement.objects.filter(
        practice_id=client.practice_id,
        client=client,
        status__in=stages.RUNNING,
        ai_in_scope=True,
    )
    suggested = (_suggest(one, newest, point, by, at) for one in running.order_by("id"))
    return [move for move in suggested if move is not None]


def _suggest(
    engagement: Engagement, newest: Assessment, point: str, by: Actor, at: datetime.datetime
) -> Move | None:
    stage = stages.present(engagement)
    known = Move.objects.filter(engagement=engagement, assessment=newest).exists()
    if stage is None or known:
        return None
    to_point, is_bridge = towards(stage.point, point, _fourth(newest).get("bridge"))
    waiting = Move.objects.filter(engagement=engagement, status__in=moves.PENDING)
    if to_point is None or waiting.filter(to_point=to_point).exists():
        return None
    day = newest.created_at.astimezone(datetime.UTC)
    reason = REASON.format(day=day, point=spectrum.points()[point].label)
    details: dict[str, Any] = {"assessment": newest, "evidence_text": _evidence(newest)}
    if to_point == "SPRINT":
        details["sprint"] = next(iter(spectrum.spectrum().sprints))
    try:
        return moves.suggest(
            engagement,
            to_point=to_point,
            reason=reason + (BRIDGE if is_bridge else ""),
            by=access.on_own_authority(by),
            at=at,
            **details,
        )
    except Refusal:
        # The present terms do not carry over: nothing the engine could suggest in one piece.
        return None


def towards(present: str, point: str, bridge: str | None) -> tuple[str | None, bool]:
    """The next step towards the point that the facts give: there itself, or first over the bridge. Pure."""
    allowed = spectrum.moves()
    if present == point:
        return None, False
    if bridge and bridge != present and (present, bridge) in allowed:
        return bridge, True
    return (point, False) if (present, point) in allowed else (None, False)


def _fourth(assessment: Assessment) -> dict[str, Any]:
    found: dict[str, Any] = next(
        (lens for lens in assessment.result["lenses"] if lens["lens"] == "S4"), {}
    )
    return found


def _evidence(assessment: Assessment) -> str:
    rules = _fourth(assessment).get("reasons")
    return f"Rules: {', '.join(rules)}" if rules else ""
