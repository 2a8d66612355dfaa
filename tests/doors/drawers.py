"""What lies in a client's place and is not for everybody there, said independently of what the models declare.

"withheld": still the practice's own (a draft, what was taken back, what the engine merely suggests).
"fees": a whole row that tells of fees.
"of ada": one person's own, whatever it is about; of a release, that it was put before them.
"""

from typing import Any

from django.db import models

from deliverables.models import Decision, Recipient

OPEN_STILL = {"draft", "withdrawn"}
LOOKED_AT = ("engagement", "charter", "batch", "decision", "entry", "report")
REPORTED = {
    "boardreport",
    "boardsection",
    "boardask",
    "boardanswer",
    "boardreading",
    "contribution",
}
ISSUED = {"issued", "acknowledged"}


def rows(model: type[models.Model]) -> Any:
    """All of a table, with what says where they lie."""
    names = {column.name for column in model._meta.concrete_fields if column.is_relation}
    wanted = [name for name in LOOKED_AT if name in names]
    return (
        model._default_manager.select_related(*wanted).all()
        if wanted
        else model._default_manager.all()
    )


def whose(row: models.Model) -> str:
    """The id of the one person whose own it is."""
    name = row._meta.model_name
    if name in {"feed", "preference"}:
        return str(row.member_id or row.contact_id)
    if name == "recipient":
        return str(row.contact_id)
    kind, _, id = row.recipient.partition(":") if name == "notice" else ("", "", "")
    return id if kind in {"member", "contact"} else ""


def of(row: models.Model) -> str:
    if getattr(row, "commercial", False) is True:
        return "fees"
    return "withheld" if _withheld(row) else ""


def _withheld(row: models.Model) -> bool:
    name = row._meta.model_name
    engagement = row if name == "engagement" else getattr(row, "engagement", None)
    if engagement is not None and engagement.status == "draft":
        return True
    if name in REPORTED:
        report = row if name == "boardreport" else row.report
        return report.status not in ISSUED
    if name in {"charter", "contractversion"}:
        return row.status in OPEN_STILL
    if name in {"right", "spendinglimit"}:
        return row.charter.status in OPEN_STILL
    if name in {"decision", "agreement", "score", "decisionlink"}:
        decision = row if name == "decision" else row.decision
        return not decision.client_sees or decision.taken_at is None
    if name in {"sealedentry", "opening"}:
        return _withheld_entry(row if name == "sealedentry" else row.entry)
    if name == "period":
        return not row.client_sees
    if name in {"deliverableversion", "release", "tick", "comment"}:
        return _withheld_work(row)
    return name == "move" and row.status == "suggested"


def _withheld_entry(entry: models.Model) -> bool:
    """As the decision that it seals; what happened to the log itself is for all who see it."""
    if entry.subject_kind != "decision":
        return False
    return _withheld(Decision.objects.get(pk=entry.subject_id))


def _withheld_work(row: models.Model) -> bool:
    """What no release brought to somebody who can sign in; and what is said inside."""
    put = Recipient.objects.filter(contact__user__isnull=False).exclude(release__state="withdrawn")
    name = row._meta.model_name
    if name == "deliverableversion":
        return not put.filter(pinned=row).exists()
    if name == "comment":
        return row.internal or not put.filter(deliverable=row.deliverable_id).exists()
    release = row.pk if name == "release" else row.release_id
    return not put.filter(release=release).exists()


def called(row: models.Model, column: str) -> str:
    """A figure of an allowance is a fee where it is counted in money, and by that name another thing."""
    unit = getattr(row, "allowance_unit", "") or getattr(row, "unit", "")
    counted = column in {"allowance", "rollover_cap", "extra"}
    return f"{column} in money" if counted and unit == "money" else column


def is_frozen(row: models.Model) -> bool:
    """Parts of what is settled; their marks were there before."""
    name = row._meta.model_name
    if name in {"right", "spendinglimit"}:
        return row.charter.status != "draft"
    if name in {"decision", "agreement", "score", "decisionlink"}:
        decision = row if name == "decision" else row.decision
        return decision.status in {"decided", "superseded"}
    if name in {"opening", "tick"}:
        return True
    if name in {"deliverableversion", "internalreview", "release"}:
        return row.state not in {"draft", "open"}
    return name == "billingline" and row.batch.status != "open"
