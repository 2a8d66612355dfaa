"""Checks on the client's AI estate and team: FM-07, FM-11 and FM-13."""

from collections import defaultdict
from collections.abc import Iterator
from itertools import product
from typing import Any
from uuid import UUID

from assessments import evaluation, facts, library, questionnaire, roadmap_reviews
from assessments.lenses import Lens, Question
from assessments.models import System, SystemStatus, Vendor
from engagements import radar_split
from engagements.days import months_on
from engagements.models import Engagement, HatShare, Right
from engagements.models.charter import Say
from engagements.radar import WATCHED, Hit
from engagements.radar_checks import told
from engagements.radar_sight import Sight
from practice.quarters import local_day

# Who takes on AI risk and answers for it, in the catalogue of decision rights.
RISK = "DR-02"
HATS = {"cto": "CTO", "caio": "CAIO", "cio": "CIO", "cdo": "CDO"}
QUARTER = 3
POSTURE, BETWEEN = "S4", ("IN_BETWEEN", "IN_BETWEEN_CHECK")
# Beyond every threshold on either side, for a number that nobody knows.
FEW, MANY = 0, 10**6


def keepers(sight: Sight) -> dict[UUID, Engagement]:
    """Which engagement is told of a client's estate: the CAIO's before another with AI in scope, one for each client.

    Looked for among all that are under way, so that the answer is the same however few are looked at.
    """
    watched = list(Engagement.objects.filter(client__in=sight.client_ids, status__in=WATCHED))
    of_caio = set(
        HatShare.objects.filter(engagement__in=watched, hat="CAIO").values_list(
            "engagement_id", flat=True
        )
    )
    first: dict[UUID, UUID] = {}
    for row in sorted(
        watched, key=lambda row: (row.pk not in of_caio, not row.ai_in_scope, row.pk)
    ):
        first.setdefault(row.client_id, row.pk)
    return {row.client_id: row for row in sight.engagements if first.get(row.client_id) == row.pk}


def no_risk_owner(sight: Sight) -> Iterator[Hit]:
    """FM-07. More than one owner of a system is refused by the database; of an engagement, by the charter."""
    yield from _systems(sight)
    yield from _engagements(sight)


def _systems(sight: Sight) -> Iterator[Hit]:
    keeper = keepers(sight)
    rows = System.objects.filter(client__in=keeper, risk_owner=None, risk_owner_name="").exclude(
        status=SystemStatus.RETIRED
    )
    for row in rows.order_by("id"):
        yield Hit(
            keeper[row.client_id].pk,
            f"Nobody answers for the risk of {row.name}.",
            about=f"system {row.pk}",
            rows=[("system", row.pk, f"{row.name}: {row.get_kind_display()}")],
            figures={"status": row.get_status_display()},
        )


def _engagements(sight: Sight) -> Iterator[Hit]:
    decides: dict[UUID, list[str]] = defaultdict(list)
    rights = Right.objects.filter(
        engagement__in=sight.ids, charter__status="accepted", code=RISK
    ).order_by("id")
    for right in rights:
        decides[right.engagement_id] += [
            hat for cell, hat in HATS.items() if getattr(right, cell) == Say.DECIDES
        ]
    for engagement in sight.engagements:
        if not engagement.ai_in_scope:
            continue
        hats, worn = decides[engagement.pk], sight.worn(engagement)
        if len(hats) == 1 and hats[0] in worn:
            continue
        if engagement.pk not in sight.charters:
            why = "no charter is in force"
        elif len(hats) != 1:
            why = "the charter gives it to no one hat"
        else:
            why = f"by the charter the {hats[0]} hat does, and nobody wears it"
        yield Hit(
            engagement.pk,
            f"No one person is named who answers for AI risk: {why}.",
            about="engagement",
            figures={"right": RISK},
        )


def stale_market(sight: Sight) -> Iterator[Hit]:
    """FM-11. "More than one quarter" is not yet met three months to the day after the last look."""
    keeper = keepers(sight)
    yield from _vendors(sight, keeper)
    yield from _roadmaps(sight, keeper)


def _vendors(sight: Sight, keeper: dict[UUID, Engagement]) -> Iterator[Hit]:
    for vendor in Vendor.objects.filter(client__in=keeper).order_by("id"):
        engagement = keeper[vendor.client_id]
        since = vendor.reviewed_on or local_day(vendor.created_at, engagement.client.time_zone)
        if sight.day(engagement) <= months_on(since, QUARTER):
            continue
        looked = "looked at" if vendor.reviewed_on else "put down, and not looked at since,"
        yield Hit(
            engagement.pk,
            f"{vendor.name} was {looked} on {told(since)}: more than a quarter ago.",
            about=f"vendor {vendor.pk}",
            rows=[("vendor", vendor.pk, f"{vendor.name}, last {told(since)}")],
            figures={"limit": f"more than {QUARTER} months"},
        )


def _roadmaps(sight: Sight, keeper: dict[UUID, Engagement]) -> Iterator[Hit]:
    """A roadmap on which nothing is live is no roadmap."""
    for client_id, standing in sorted(roadmap_reviews.standings(keeper).items()):
        engagement = keeper[client_id]
        client = engagement.client
        if sight.day(engagement) <= standing.due_on(client.time_zone):
            continue
        last, since = standing.last, standing.since(client.time_zone)
        if last is not None and last.reviewed_on == since:
            rows = [
                ("roadmap_review", last.pk, f"Gone through by {last.reviewer} on {told(since)}")
            ]
            looked = "was gone through"
        else:
            rows, looked = [], "was begun, and not gone through since,"
        yield Hit(
            engagement.pk,
            f"The roadmap of {client} {looked} on {told(since)}: more than a quarter ago.",
            about="roadmap",
            rows=rows,
            figures={"limit": f"more than {roadmap_reviews.QUARTER} months"},
        )


def in_between(sight: Sight) -> Iterator[Hit]:
    """FM-13. By part D of the lens S4 over the facts, and only where it holds whatever the open ones turn out to be."""
    lens = library.shipped()[POSTURE]
    for client, engagement in keepers(sight).items():
        known = sight.facts[client]
        codes = _warned(lens, known)
        if not codes:
            continue
        code = min(codes)
        yield Hit(
            engagement.pk,
            lens.texts[code],
            figures={
                questionnaire.label(name): questionnaire.spoken(name, known[name])
                for name in _facts_behind(lens)
                if name in known
            },
        )


def _warned(lens: Lens, known: dict[str, Any]) -> set[str]:
    """The warnings of the posture, if every way in which the open answers can fall gives one."""
    asked = _asked(lens)
    # What part D does not ask is answered anyhow, or so much open would leave the lens without a result.
    said, answered = radar_split.completed(lens, known), facts.answers_for(lens, known)
    found: set[str] = set()
    unknown = [id for id in asked if id not in answered]
    for falls in product(*(_either(asked[id]) for id in unknown)):
        result = evaluation.evaluate(lens, {**said, **dict(zip(unknown, falls, strict=True))})
        here = {one["code"] for one in result["warnings"]} & set(BETWEEN)
        if not here:
            return set()
        found |= here
    return found


def _asked(lens: Lens) -> dict[str, Question]:
    names = lens.behind([one.when for one in lens.warnings if one.code in BETWEEN])
    return {question.id: question for question in lens.questions if question.name in names}


def _facts_behind(lens: Lens) -> list[str]:
    return [facts.sources()[id].fact for id in _asked(lens) if id in facts.sources()]


def _either(question: Question) -> tuple[Any, Any]:
    return ("no", "yes") if question.kind == "yes_no" else (FEW, MANY)
