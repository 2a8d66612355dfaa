"""The decision log as files: CSV, JSON, and each decision as a record in Markdown. Made of rows somebody may see."""

import csv
import io
import json
import zipfile
from collections.abc import Iterable
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.http import HttpResponse
from django.utils.text import slugify

from deliverables.models import Agreement, Decision, DecisionLink
from deliverables.rights_check import HAT
from practice import csv_files

MOST = 5000
FORM = "remit.decisions/1"
COLUMNS = (
    "number",
    "status",
    "question",
    "right",
    "right_label",
    "hat",
    "holder",
    "decider",
    "recorder",
    "origin",
    "context",
    "options",
    "chosen",
    "reason",
    "amount",
    "currency",
    "rate",
    "rate_on",
    "rate_source",
    "counted_amount",
    "counted_currency",
    "over_limit",
    "horizon",
    "taken_at",
    "decided_at",
    "agreements",
    "review_on",
    "review_note",
    "supersedes",
    "superseded_by",
    "closed_reason",
    "links",
    "engagement",
    "client",
    "id",
)
PEOPLE = ("holder__user", "decider__user", "recorder__user")


def read(rows: QuerySet[Decision]) -> list[dict[str, Any]]:
    """What the files say of each decision, oldest first; the newest are left out beyond the most a file holds."""
    found = (
        rows.select_related("right", "client", "engagement", "supersedes", "superseded_by", *PEOPLE)
        .prefetch_related(
            Prefetch(
                "agreements",
                Agreement.objects.select_related("member__user", "contact").order_by(
                    "asked", "hat"
                ),
            ),
            Prefetch("links", DecisionLink.objects.order_by("kind", "title", "id")),
        )
        .order_by("engagement_id", "number")
    )
    return [_said(row) for row in found[:MOST]]


def as_json(told: list[dict[str, Any]]) -> bytes:
    content = {"form": FORM, "decisions": told}
    return json.dumps(content, ensure_ascii=False, indent=1).encode()


def as_csv(told: list[dict[str, Any]]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for one in told:
        writer.writerow([_cell(one[name]) for name in COLUMNS])
    return text.getvalue().encode()


def as_records(told: list[dict[str, Any]]) -> bytes:
    """One Markdown file for each decision, in an archive."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as packed:
        for one in told:
            # The day on which it is packed would make two archives of the same log differ.
            entry = zipfile.ZipInfo(record_name(one), date_time=(1980, 1, 1, 0, 0, 0))
            packed.writestr(entry, as_record(one))
    return archive.getvalue()


def record_name(one: dict[str, Any]) -> str:
    folder = slugify(one["engagement"])[:60] or one["engagement_id"]
    return f"{folder}/{one['number']:04}-{slugify(one['question'])[:60] or 'decision'}.md"


def as_record(one: dict[str, Any]) -> str:
    """The layout of an architecture decision record."""
    return "\n".join([*_head(one), *_body(one), ""])


def answer(content: bytes, kind: str, name: str) -> HttpResponse:
    told = HttpResponse(content, content_type=kind)
    told["Content-Disposition"] = f'attachment; filename="{name}"'
    told["X-Content-Type-Options"] = "nosniff"
    told["Cache-Control"] = "private, no-store"
    return told


def _head(one: dict[str, Any]) -> Iterable[str]:
    status = one["status"]
    if one["superseded_by"]:
        status += f" by decision {one['superseded_by']}"
    yield f"# {one['number']}. {_line(one['question'])}"
    yield ""
    yield f"- Status: {status}"
    if one["decided_at"]:
        yield f"- Decided: {one['decided_at']}"
    yield f"- Right: {one['right']} ({_line(one['right_label'])})"
    yield f"- Hat: {one['hat']}"
    if one["decider"]:
        deputy = one["holder"] if one["holder"] != one["decider"] else ""
        instead = f", for {_line(deputy)}" if deputy else ""
        yield f"- Decided by: {_line(one['decider'])}{instead}"
    yield f"- Recorded by: {_line(one['recorder'])}"
    if one["amount"] is not None:
        yield f"- Amount: {one['amount']} {one['currency']}"
    if one["horizon"]:
        yield f"- Horizon: {one['horizon']}"
    if one["supersedes"]:
        yield f"- Supersedes: decision {one['supersedes']}"


def _body(one: dict[str, Any]) -> Iterable[str]:
    yield from ("", "## Context", "", one["context"] or "None was given.")
    yield from ("", "## Options considered", "")
    for number, option in enumerate(one["options"], start=1):
        mark = " (chosen)" if number == one["chosen"] else ""
        note = f": {_line(option['note'])}" if option.get("note") else ""
        yield f"{number}. {_line(option['label'])}{mark}{note}"
    yield from ("", "## Decision", "", _line(one["choice"]))
    yield from ("", "## Reason", "", one["reason"])
    if one["agreements"]:
        yield from ("", "## Agreement", "")
        for given in one["agreements"]:
            when = f"{_line(given['by'])}, {given['given_at']}" if given["given_at"] else "open"
            yield f"- {_line(given['of'])}: {when}"
    if one["links"]:
        yield from ("", "## About", "")
        yield from (f"- {link['kind']}: {_line(link['title'])}" for link in one["links"])
    if one["review_on"] or one["review_note"]:
        yield from ("", "## Review", "")
        yield from [f"Next on {one['review_on']}."] if one["review_on"] else []
        yield from [one["review_note"]] if one["review_note"] else []
    if one["closed_reason"]:
        yield from ("", "## Why it was not decided", "", one["closed_reason"])


def _said(row: Decision) -> dict[str, Any]:
    return {
        "id": str(row.pk),
        "number": row.number,
        "status": row.status,
        "question": row.question,
        "right": row.code,
        "right_label": row.right.label,
        "hat": row.hat,
        "holder": str(row.holder) if row.holder else "",
        "decider": str(row.decider) if row.decider else "",
        "recorder": str(row.recorder),
        "origin": row.origin,
        "context": row.context,
        "options": row.options,
        "chosen": row.chosen,
        "choice": row.choice,
        "reason": row.reason,
        "amount": _text(row.amount),
        "currency": row.currency,
        "rate": _text(row.rate),
        "rate_on": _text(row.rate_on),
        "rate_source": row.rate_source,
        "counted_amount": _text(row.counted_amount),
        "counted_currency": row.counted_currency,
        "over_limit": row.over_limit,
        "horizon": row.horizon,
        "taken_at": _text(row.taken_at),
        "decided_at": _text(row.decided_at),
        "agreements": [_given(given) for given in row.agreements.all()],
        "review_on": _text(row.review_on),
        "review_note": row.review_note,
        "supersedes": row.supersedes.number if row.supersedes else None,
        "superseded_by": row.superseded_by.number if row.superseded_by else None,
        "closed_reason": row.closed_reason,
        "links": [
            {"kind": link.kind, "id": str(link.target_id), "title": link.title}
            for link in row.links.all()
        ],
        "engagement": str(row.engagement),
        "engagement_id": str(row.engagement_id),
        "client": str(row.client),
    }


def _given(given: Agreement) -> dict[str, Any]:
    of = f"{given.hat} hat" if given.asked == HAT else given.get_asked_display()
    by = given.member or given.contact
    return {
        "of": of,
        "by": str(by) if by else "",
        "given_at": _text(given.given_at),
        "put_down": given.recorded_by_id is not None,
    }


def _text(value: Any) -> str | None:
    if value is None:
        return None
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def _line(text: str) -> str:
    """Within a line of Markdown no line can be begun."""
    return " ".join(text.split())


def _cell(value: Any) -> str:
    if value is None:
        return ""
    text = json.dumps(value, ensure_ascii=False) if isinstance(value, list) else str(value)
    return csv_files.cell(text)
