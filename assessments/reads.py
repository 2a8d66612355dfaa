"""The written read: what a CEO is told, in plain words, frozen when it is issued."""

import datetime
from functools import cache
from pathlib import Path
from typing import Any

from django.db import transaction

from assessments import facts, library, questionnaire
from assessments.models import Assessment, Choice, Read
from practice import access, book, pdf, rows
from practice.access import Actor
from practice.quarters import local_day
from practice.refusals import Conflict

TEMPLATE = Path(__file__).parent / "typst" / "read.typ"
NOT_ANSWERED = ("INCOMPLETE", "ABSTAIN", "INVALID")


class ChooseFirst(Conflict):
    code, sentence = (
        "choose_first",
        "Record your recommendation on the assessment before you issue its read.",
    )


def issue(assessment: Assessment, *, by: Actor, at: datetime.datetime) -> Read:
    """Write the read of an assessment and release it to the client. What it says never changes afterwards."""
    access.require(by, "read", "add")
    with transaction.atomic():
        assessment = access.get(by, Assessment, assessment.pk)
        choice = Choice.objects.filter(assessment=assessment).first()
        if choice is None:
            raise ChooseFirst
        row = Read(
            practice_id=assessment.practice_id,
            client_id=assessment.client_id,
            assessment=assessment,
            content=content(assessment, choice, at),
        )
        return rows.add(row, by=by, at=at, kind="read.issued")


def as_pdf(read: Read) -> bytes:
    return pdf.render(TEMPLATE, read.content)


def content(assessment: Assessment, choice: Choice, at: datetime.datetime) -> dict[str, Any]:
    client, practice, result = assessment.client, assessment.practice, assessment.result
    votes = {vote["lens"]: vote for vote in result["votes"]}
    return {
        "title": "Which executive hats you need",
        "practice": practice.name,
        "colour": practice.colour,
        "client": client.name,
        "issued_on": f"{local_day(at, client.time_zone):%-d %B %Y}",
        "answered_by": assessment.answered_by,
        "told": [
            {"label": questionnaire.label(name), "value": questionnaire.spoken(name, value)}
            for name, value in questionnaire.in_order(assessment.facts)
        ],
        "lenses": [_lens(lens) for lens in result["lenses"]],
        "votes": [{"lens": _name(key), **_said(vote)} for key, vote in votes.items()],
        "consensus": _said(result["consensus"]),
        "split": "SPLIT" in result["consensus"].values()
        or "DECIDE" in result["consensus"].values(),
        "dissent": [
            {
                "lens": _name(dissent["lens"]),
                **_said(votes[dissent["lens"]]),
                "rules": dissent["rules"],
                "turned_by": [_turn(flip) for flip in dissent["turned_by"]],
            }
            for dissent in result["dissent"]
        ],
        "gates": [gate["text"] for gate in result["gates"]],
        "recommendation": {
            **_said({"next_seat": choice.next_seat, "end_shape": choice.end_shape}),
            "point": words("point", choice.point),
            "hats": choice.hats,
            "reason": choice.reason,
            "preferred": _name(choice.preferred_lens) if choice.preferred_lens else "",
        },
        "next_step": words("point", result["next_step"]) if result["next_step"] else "",
    }


@cache
def _words() -> dict[str, Any]:
    return book.read(facts.DATA / "words.toml")


def words(kind: str, code: str) -> str:
    return str(_words()[kind].get(code, code))


def _said(facets: dict[str, Any]) -> dict[str, str]:
    return {facet: words(facet, facets[facet]) for facet in ("next_seat", "end_shape")}


def _name(key: str) -> str:
    lens = library.shipped().get(key)
    return lens.name if lens else key


def _lens(result: dict[str, Any]) -> dict[str, Any]:
    lens = library.shipped()[result["lens"]]
    texts = lens.texts
    questions = {question.id: question.text for question in lens.questions}
    return {
        "name": lens.name,
        "subject": lens.subject,
        "bias": lens.bias,
        "file": lens.file,
        "outcome": result["outcome"],
        "text": texts.get(result["outcome"], ""),
        "strength": result["strength"] or "",
        "provisional": result["provisional"],
        "alternatives": [texts[name] for name in result["alternatives"]],
        "warnings": [texts[warning["code"]] for warning in result["warnings"]],
        "missing": [questions[id] for id in result["missing"]],
        "rules": result["reasons"],
        "answered": result["outcome"] not in NOT_ANSWERED,
    }


def _turn(flip: dict[str, Any]) -> str:
    questions = {q.id: q.text for lens in library.shipped().values() for q in lens.questions}
    return f"{questions[flip['question']]} {_spoken(flip['from'])} → {_spoken(flip['to'])}"


def _spoken(value: Any) -> str:
    if value is None:
        return "not said"
    if isinstance(value, list):
        return ", ".join(_spoken(item) for item in value) or "none"
    if isinstance(value, int | float):
        return f"{value:,}"
    return str(value).replace("_", " ")
