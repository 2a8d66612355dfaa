"""The 50/50 scorecard: both hats score impact and feasibility of an option before it can be chosen (S3-B2)."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from django.db import transaction

from deliverables import taking
from deliverables.models import Decision, DecisionStatus, Score
from engagements import charters, rights
from engagements.models import Engagement
from engagements.wearing import hold
from practice import access, book, rows
from practice.access import Actor
from practice.book import BadBook
from practice.models import Member
from practice.quarters import local_day
from practice.refusals import Conflict, Invalid

FILE = Path(__file__).parent / "data" / "scorecard.toml"
OPEN = (DecisionStatus.PROPOSED, DecisionStatus.AWAITING)


class ScoresMissing(Conflict):
    code = "scores_missing"
    sentence = "Each of these hats has to score impact and feasibility of the chosen option first."


class NotScored(Conflict):
    code, sentence = "not_scored", "Decisions by this right need no scorecard, or it is closed."


@dataclass(frozen=True)
class Scorecard:
    version: int
    rights: tuple[str, ...]
    columns: tuple[str, ...]
    impact: float
    feasibility: float

    def of(self, impact: int, feasibility: int) -> Decimal:
        """What one hat makes of an option, on the scale of its two entries."""
        weighed = Decimal(str(self.impact)) * impact + Decimal(str(self.feasibility)) * feasibility
        return weighed.quantize(Decimal("0.01"))


@cache
def scorecard() -> Scorecard:
    return book.build(Scorecard, book.read(FILE), FILE)


def score(
    decision: Decision,
    *,
    hat: str,
    impact: int,
    feasibility: int,
    option: int | None = None,
    note: str = "",
    by: Actor,
    at: datetime.datetime,
) -> Decision:
    """Score one option under one hat, the chosen one without a word; another score takes the place of an earlier."""
    access.require(by, "decision", "decide")
    with transaction.atomic():
        engagement = hold(access.get(by, Engagement, decision.engagement_id, lock=True), by)
        decision = access.get(by, Decision, decision.pk, lock=True)
        if decision.status not in OPEN or decision.code not in scorecard().rights:
            raise NotScored
        option = option or decision.chosen
        _check(decision, engagement, hat, option)
        taking.taker(engagement, hat, by, local_day(at, engagement.client.time_zone))
        said = {
            "impact": impact,
            "feasibility": feasibility,
            "note": note.strip(),
            "member": access.get(by, Member, by.id or ""),
        }
        there = Score.objects.filter(decision=decision, hat=hat, option=option).first()
        own = access.on_own_authority(by)
        if there is not None:
            rows.change(there, said, by=own, at=at, kind="decision.scored", hat=hat)
            return decision
        made = Score(
            practice_id=decision.practice_id,
            client_id=decision.client_id,
            engagement=engagement,
            decision=decision,
            hat=hat,
            option=option,
            **said,
        )
        rows.add(made, by=own, at=at, kind="decision.scored", hat=hat)
        return decision


def require(decision: Decision, engagement: Engagement) -> None:
    """Every hat that has to score scored the option that is chosen."""
    lacking = missing(decision, engagement)
    if lacking:
        raise ScoresMissing(missing=lacking)


def missing(decision: Decision, engagement: Engagement) -> list[str]:
    if decision.code not in scorecard().rights:
        return []
    there = Score.objects.filter(decision=decision, option=decision.chosen)
    scored = set(there.values_list("hat", flat=True))
    return [hat for hat in scoring(charters.hats_of(engagement)) if hat not in scored]


def scoring(hats: Iterable[str]) -> list[str]:
    """Of an engagement's hats those that score: they wear one of the columns named."""
    columns = set(scorecard().columns)
    return [hat for hat in hats if columns & set(rights.COLUMNS[hat])]


def told(decision: Decision) -> list[dict[str, Any]]:
    """Every option with what each hat makes of it, and the mean of those who scored."""
    card, found = scorecard(), list(Score.objects.filter(decision=decision).order_by("hat"))
    return [
        {"option": number, "label": option["label"], **_of_option(card, number, found)}
        for number, option in enumerate(decision.options, start=1)
    ]


def unsound() -> Iterable[BadBook]:
    try:
        card = scorecard()
    except BadBook as bad:
        yield bad
        return
    for code in set(card.rights) - set(rights.catalogue()):
        yield BadBook(FILE, "rights", f"there is no right {code}")
    for column in set(card.columns) - set(rights.CELLS):
        yield BadBook(FILE, "columns", f"there is no column {column}")
    if Decimal(str(card.impact)) + Decimal(str(card.feasibility)) != 1:
        yield BadBook(FILE, "impact", "the weights do not add up to 1")


def _of_option(card: Scorecard, number: int, scores: list[Score]) -> dict[str, Any]:
    own = [one for one in scores if one.option == number]
    by_hat = {one.hat: card.of(one.impact, one.feasibility) for one in own}
    mean = sum(by_hat.values(), Decimal(0)) / len(by_hat) if by_hat else None
    return {"by_hat": by_hat, "score": mean.quantize(Decimal("0.01")) if mean is not None else None}


def _check(decision: Decision, engagement: Engagement, hat: str, option: int) -> None:
    wrong: dict[str, list[str]] = {}
    if hat not in scoring(charters.hats_of(engagement)):
        wrong["hat"] = ["This hat does not score here."]
    if not 1 <= option <= len(decision.options):
        wrong["option"] = [f"One of the {len(decision.options)} options, counted from 1."]
    if wrong:
        raise Invalid(wrong)
