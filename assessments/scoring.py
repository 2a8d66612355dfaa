"""Running the panel for a client and keeping the result; choosing what to make of it; comparing two runs."""

import datetime
from collections.abc import Callable
from typing import Any

from django.db import transaction

from assessments import derived, known, library, own_lenses, panel, reassessment
from assessments.models import Assessment, Choice, FactSource
from practice import access, policies, rows
from practice.access import Actor
from practice.models import Client, Practice
from practice.models.people import Hat
from practice.refusals import Conflict, Invalid
from practice.registers import Register

# Contributed: what the rooms above do when a client was assessed, in the same transaction.
FOLLOWERS: Register[Callable[[Assessment, datetime.datetime], None]] = Register(
    "followers of an assessment"
)

POINTS = ("ADVISORY", "SPRINT", "RETAINER", "RETAINER_HIGH", "FULL_TIME")
NEXT_SEATS = ("CTO", "CAIO", "COMBINED", "BOTH", "NONE", "NEITHER")
END_SHAPES = (
    "CTO_ONLY",
    "CAIO_ONLY",
    "ONE_PERSON_TWO_HATS",
    "TWO_PEOPLE",
    "INCUMBENT_HOLDS_BOTH",
    "NO_CHANGE",
)


class NothingKnown(Conflict):
    code, sentence = "nothing_known", "No fact is known of this client yet; put some down first."


class ChosenAlready(Conflict):
    code, sentence = (
        "chosen_already",
        "A choice stands on this assessment; run a new one to choose anew.",
    )


class OfAnotherClient(Conflict):
    code, sentence = "of_another_client", "Two assessments are compared within one client."


def assess(
    client: Client,
    *,
    answered_by: str = "",
    source: str = FactSource.TALK,
    by: Actor,
    at: datetime.datetime,
) -> Assessment:
    """The panel over what is known now, kept for good."""
    access.require(by, "assessment", "add")
    with transaction.atomic():
        client = access.get(by, Client, client.pk, lock=True)
        derived.put_down(client, by=by, at=at)
        facts = known.now_of(client)
        if not facts:
            raise NothingKnown
        result = panel.evaluate(facts)
        row = Assessment(
            practice_id=client.practice_id,
            client=client,
            answered_by=answered_by,
            source=source,
            facts=facts,
            lenses={
                key: {"version": lens.version, "sha256": library.digest(key, lens.version)}
                for key, lens in library.shipped().items()
            },
            result={
                **result,
                "beside": own_lenses.beside(access.on_own_authority(by), facts),
                "policies": _policies(client.practice, result),
                "evaluated_at": at.isoformat(),
            },
            next_seat=result["consensus"][panel.NEXT_SEAT],
            end_shape=result["consensus"][panel.END_SHAPE],
        )
        rows.add(row, by=by, at=at, kind="assessment.made")
        reassessment.after_assessment(client, at=at)
        for key in FOLLOWERS:
            FOLLOWERS[key](row, at)
    return row


def policies_of(assessment: Assessment) -> dict[str, Any]:
    """What the practice held on the day of the run where the sources differ, by policy key."""
    # Runs kept before this was noted are told with what holds now.
    kept: dict[str, Any] | None = assessment.result.get("policies")
    return _policies(assessment.practice, assessment.result) if kept is None else kept


def _policies(practice: Practice, result: dict[str, Any]) -> dict[str, Any]:
    keys = {one["policy"] for one in result["conflicts"]} - {None}
    return {key: policies.of(practice, key) for key in sorted(keys)}


def choose(
    assessment: Assessment,
    *,
    next_seat: str,
    end_shape: str,
    point: str,
    reason: str,
    hats: list[str] | None = None,
    preferred_lens: str = "",
    overrides: list[dict[str, str]] | None = None,
    by: Actor,
    at: datetime.datetime,
) -> Choice:
    """What the consultant recommends, whatever the panel says, with the reason. Once for each assessment."""
    access.require(by, "choice", "add")
    _check_words(
        {
            "next_seat": (next_seat, NEXT_SEATS),
            "end_shape": (end_shape, END_SHAPES),
            "point": (point, POINTS),
        }
    )
    _check_words({"preferred_lens": (preferred_lens, ("", *library.shipped()))})
    if set(hats or []) - set(Hat.values):
        raise Invalid({"hats": [f"Some of: {', '.join(Hat.values)}."]})
    with transaction.atomic():
        assessment = access.get(by, Assessment, assessment.pk, lock=True)
        if Choice.objects.filter(assessment=assessment).exists():
            raise ChosenAlready
        choice = Choice(
            practice_id=assessment.practice_id,
            client_id=assessment.client_id,
            assessment=assessment,
            next_seat=next_seat,
            end_shape=end_shape,
            point=point,
            hats=sorted(set(hats or [])),
            preferred_lens=preferred_lens,
            reason=reason.strip(),
            overrides=overrides or [],
        )
        return rows.add(choice, by=by, at=at, kind="assessment.chosen")


def compare(one: Assessment, other: Assessment) -> dict[str, Any]:
    """Which facts moved between two runs, and which outcomes flipped."""
    if one.client_id != other.client_id:
        raise OfAnotherClient
    before, after = _outcomes(one), _outcomes(other)
    names = sorted({*one.facts, *other.facts})
    return {
        "facts": [
            {"fact": name, "from": one.facts.get(name), "to": other.facts.get(name)}
            for name in names
            if one.facts.get(name) != other.facts.get(name)
        ],
        "outcomes": [
            {"lens": key, "from": before.get(key), "to": after.get(key)}
            for key in before | after
            if before.get(key) != after.get(key)
        ],
        "next_seat": {"from": one.next_seat, "to": other.next_seat},
        "end_shape": {"from": one.end_shape, "to": other.end_shape},
    }


def _outcomes(assessment: Assessment) -> dict[str, str]:
    return {lens["lens"]: lens["outcome"] for lens in assessment.result["lenses"]}


def _check_words(given: dict[str, tuple[str, tuple[str, ...]]]) -> None:
    wrong = {
        name: [f"One of: {', '.join(filter(None, words))}."]
        for name, (word, words) in given.items()
        if word not in words
    }
    if wrong:
        raise Invalid(wrong)
