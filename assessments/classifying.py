"""Classifying a system under the law: the finding is kept with what it rests on, and its dates go on the agenda."""

import datetime
from typing import Any

from django.db import transaction

from assessments import classification, evaluation, guiding, law, law_calendar, library, terms
from assessments.answers import BadAnswers
from assessments.classification import Finding
from assessments.models import Classification, System, Tier
from assessments.wire import refused
from practice import access, keys, rows
from practice.access import Actor
from practice.quarters import local_day
from practice.refusals import Invalid, Refusal


class Unfinished(Refusal):
    status, code = 422, "classification_unfinished"
    sentence = "Too little is answered to classify this system."


def classify(
    system: System,
    *,
    answers: dict[str, Any],
    placed_on: datetime.date | None = None,
    note: str = "",
    by: Actor,
    at: datetime.datetime,
    expected: int | None = None,
) -> Classification:
    """Classify a system by the lens of the law, and plan what applies to it when. The newest classification counts."""
    access.require(by, "classification", "add")
    with transaction.atomic():
        system = access.get(by, System, system.pk, lock=True)
        finding = found(answers)
        if finding.tier is None and finding.outcome != evaluation.ABSTAIN:
            raise Unfinished(missing=list(finding.missing))
        today = local_day(at, system.client.time_zone)
        terms.check(placed_on=placed_on)
        if denied := guiding.denied(system, answers):
            said = "The register says otherwise; correct one of the two."
            raise Invalid({f"answers.{id}": [said] for id in denied})
        table = law.newest()
        row = Classification(
            practice_id=system.practice_id,
            client_id=system.client_id,
            system=system,
            reviewer=keys.stands_for(by, system.client.responsible),
            reviewed_on=today,
            answers=answers,
            placed_on=placed_on,
            tier=finding.tier or Tier.NOT_REACHED,
            provisional=finding.provisional,
            alternatives=list(finding.alternatives),
            reasons=[{"code": code, "text": text} for code, text in finding.reasons.items()],
            words=list(finding.words),
            obligations=obligations(table, finding, placed_on),
            lens_key=finding.lens,
            lens_version=finding.lens_version,
            lens_sha256=library.digest(finding.lens, finding.lens_version, classification.FOLDER),
            law_key=table.key,
            law_version=table.version,
            note=note.strip(),
        )
        changes = {"tier": row.tier, "law_version": table.version}
        system = rows.change(
            system, changes, by=by, at=at, kind="system.classified", expected=expected
        )
        # A key that is limited to a client sees no members; the reviewer it stands for is named all the same.
        own = access.on_own_authority(by)
        row = rows.add(row, by=own, at=at, kind="classification.made")
        law_calendar.replan(system, row, table, at=at)
    return row


def found(answers: dict[str, Any]) -> Finding:
    """What the newest lens says to these answers; nothing is kept."""
    try:
        return classification.classify(answers)
    except BadAnswers as bad:
        raise refused(bad, "answers") from bad


def obligations(
    table: law.Table, finding: Finding, placed_on: datetime.date | None
) -> list[dict[str, Any]]:
    """Apart from the tier: what the roles and traits owe, whenever it applies."""
    if finding.tier is None:
        return []
    return [
        {"key": key, "text": table.duties[key].text, "articles": list(table.duties[key].articles)}
        for key in law.owed(table, finding.system(placed_on))
    ]
