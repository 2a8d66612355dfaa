"""Drawing up a move: what a proposal amounts to where the engagement stands, or why it is none. Writes nothing."""

from typing import Any

from engagements import days, stages, steps, terms
from engagements.models import Engagement, Move, Point, Stage
from engagements.models.base import TERMS
from engagements.spectrum import spectrum
from practice.refusals import Invalid


def standing(engagement: Engagement) -> Stage | None:
    """The stage it stands at. None where it has not begun, and then only a beginning is possible."""
    stage = stages.present(engagement)
    ended = engagement.status == Engagement.Status.ENDED
    if ended or (stage is not None and engagement.status not in stages.RUNNING):
        raise stages.NotActive
    return stage


def drawn(
    engagement: Engagement,
    stage: Stage | None,
    to_point: str,
    to_phase: str,
    details: dict[str, Any],
) -> Move:
    """The move as it would be, with its kind and whether it needs the sponsor."""
    to_point = to_point or (stage.point if stage else _first_point(engagement))
    given = {name: value for name, value in details.items() if name in TERMS}
    before = terms.of(stage) if stage else {}
    move = Move(
        practice_id=engagement.practice_id,
        client_id=engagement.client_id,
        engagement=engagement,
        from_stage=stage,
        to_point=to_point,
        **{"sprint": _sprint(stage, to_point), **_without_terms(details)},
        **{**_kept(engagement, stage, to_point), **given},
    )
    place = steps.Place(stage.point, stage.phase) if stage else steps.Place()
    another = _is_another_order(move, stage)
    step = steps.step(
        place,
        to_point=to_point,
        to_phase=to_phase,
        changed=another or terms.differ(before, terms.of(move)),
        commercial=another or terms.differ(before, terms.of(move), terms.COMMERCIAL),
    )
    _check(move)
    move.kind, move.to_phase, move.needs_agreement = step.kind, step.phase, step.needs_agreement
    return move


def check_day(move: Move, stage: Stage | None) -> None:
    days.check(effective_on=move.effective_on, planned_end_on=move.planned_end_on)
    stages.check_day(move.engagement, move.effective_on, stage)
    if move.planned_end_on is not None and move.planned_end_on < move.effective_on:
        raise Invalid({"planned_end_on": ["Before its first day."]})


def _kept(engagement: Engagement, stage: Stage | None, to_point: str) -> dict[str, Any]:
    """What holds on where nothing else is said."""
    if stage is None:
        return {"currency": engagement.client.currency}
    kept = terms.of(stage)
    if to_point != stage.point or to_point == Point.SPRINT:
        # The end that was planned was that of the other point, or of the sprint before.
        kept["planned_end_on"] = None
    return kept


def _without_terms(details: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in details.items() if name not in TERMS}


def _sprint(stage: Stage | None, to_point: str) -> str:
    return stage.sprint if stage and to_point == Point.SPRINT else ""


def _is_another_order(move: Move, stage: Stage | None) -> bool:
    """A sprint of another length, or another contract behind it."""
    if stage is None:
        return False
    named = move.contract_id is not None and move.contract_id != stage.contract_id
    return named or move.sprint != stage.sprint


def _check(move: Move) -> None:
    wrong = {"fee_model": ["Say how it is paid."]}
    if move.fee_model:
        wrong = terms.faults(terms.of(move))
    is_sprint = move.to_point == Point.SPRINT
    if is_sprint and move.sprint not in spectrum().sprints:
        wrong["sprint"] = [f"One of: {', '.join(spectrum().sprints)}."]
    if not is_sprint and move.sprint:
        wrong["sprint"] = ["Only a sprint has a length."]
    if move.contract is not None and move.contract.engagement_id != move.engagement_id:
        wrong["contract"] = ["A version of this engagement's contract is needed."]
    if wrong:
        raise Invalid(wrong)


def _first_point(engagement: Engagement) -> str:
    """Where the recommendation that it grew from says; nowhere without one."""
    if engagement.origin is None:
        raise Invalid({"to_point": ["Say at which point it begins."]})
    return engagement.origin.point
