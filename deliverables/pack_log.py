"""Of the decision log what belongs to a pack: the decisions about its deliverables that are for the client, and the log
up to the last of them and of the receipts, in which nothing but these can be read."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

from deliverables import chain, files, verify_log
from deliverables.models import Decision, DecisionLink, Opening, Pack, SealedEntry
from deliverables.models.decisions import released
from deliverables.pack_pieces import Filled

LINK = "deliverable"
VERIFIER = Path(verify_log.__file__)


@dataclass
class Excerpt:
    decisions: list[dict[str, Any]] = field(default_factory=list)
    seq: int = 0
    """The last entry that the excerpt rests on; what was logged later changes nothing in it."""
    hash: str = ""
    log: dict[str, Any] | None = None

    @property
    def head(self) -> str:
        return f"{self.seq}:{self.hash}" if self.seq else ""


def of(filled: Filled, receipts: Iterable[dict[str, Any]]) -> Excerpt:
    """Decisions linked to what was accepted; one that speaks of drafts alone is not among them."""
    pack = filled.pack
    titles = {piece.deliverable.pk: piece for piece in filled.accepted if piece.deliverable}
    links = DecisionLink.objects.filter(
        practice_id=pack.practice_id,
        engagement_id=pack.engagement_id,
        kind=LINK,
        target_id__in=titles,
    )
    rows = Decision.objects.filter(
        released(), engagement_id=pack.engagement_id, pk__in=links.values("decision_id")
    )
    told = [_narrowed(one, titles) for one in files.read(rows)]
    entries = SealedEntry.objects.filter(
        practice_id=pack.practice_id, engagement_id=pack.engagement_id
    )
    about = [UUID(one["id"]) for one in told]
    theirs = entries.filter(subject_kind="decision", subject_id__in=about)
    numbers = [*theirs.values_list("number", flat=True), *_heads(receipts)]
    last = entries.filter(number=max(numbers)).first() if numbers else None
    if last is None:
        return Excerpt(told)
    found = entries.filter(number__lte=last.number).order_by("number")
    return Excerpt(told, last.number, last.hash, _log(pack, found, set(about)))


def texts(excerpt: Excerpt) -> dict[str, bytes]:
    """The files of the excerpt by name, in reading order."""
    made = {
        "decisions/decisions.md": _records(excerpt.decisions).encode(),
        "decisions/decisions.json": files.as_json(excerpt.decisions) + b"\n",
    }
    if excerpt.log is not None:
        made["decisions/log.json"] = dumped(excerpt.log)
        made["decisions/verify_log.py"] = VERIFIER.read_bytes()
    return made


def dumped(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=1).encode() + b"\n"


def _narrowed(one: dict[str, Any], titles: dict[UUID, Any]) -> dict[str, Any]:
    """A link to something else names that by its title, which is not for whoever reads this pack."""
    kept = [
        {**link, "title": titles[UUID(link["id"])].title}
        for link in one["links"]
        if link["kind"] == LINK and UUID(link["id"]) in titles
    ]
    return {**one, "links": sorted(kept, key=lambda link: link["id"])}


def _heads(receipts: Iterable[dict[str, Any]]) -> list[int]:
    """Where the log stood when each receipt was signed."""
    logs = [receipt.get("log") or {} for receipt in receipts]
    return [int(log["seq"]) for log in logs if log.get("seq")]


def _log(pack: Pack, entries: Any, about: set[UUID]) -> dict[str, Any]:
    """In the form that verify_log.py reads. Signed heads are made later and are not in it: the receipts are signed."""
    openings: dict[UUID, dict[str, Any]] = {}
    opened = Opening.objects.filter(
        entry__in=entries.filter(subject_kind="decision", subject_id__in=about)
    ).order_by("entry_id", "name")
    for entry, name, salt, value in opened.values_list("entry_id", "name", "salt", "value"):
        openings.setdefault(entry, {})[name] = {"salt": salt, "value": json.loads(value)}
    rows = list(entries)
    return {
        "format": verify_log.BUNDLE,
        "log": str(pack.engagement_id),
        "practice": str(pack.practice_id),
        "made_at": chain.moment(rows[-1].sealed_at),
        "entries": [
            {
                "seq": row.number,
                "at": chain.moment(row.sealed_at),
                "previous": row.previous,
                "hash": row.hash,
                "body": chain.sha256(row.body),
                "text": row.body
                if row.subject_kind == "decision" and row.subject_id in about
                else None,
                "openings": openings.get(row.pk, {}),
            }
            for row in rows
        ],
        "heads": [],
        "keys": [],
    }


def _records(told: list[dict[str, Any]]) -> str:
    if not told:
        return (
            "# Decisions\n\nNo decision that is open to the client speaks of these deliverables.\n"
        )
    return "\n---\n\n".join(files.as_record(one) for one in told)
