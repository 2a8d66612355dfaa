"""A log to take away: entries, what opens them as far as the reader may see, signed heads, keys, and what checks it all."""

import datetime
import io
import json
import zipfile
from pathlib import Path
from typing import Any

from django.http import HttpResponse
from django.template.loader import render_to_string

from deliverables import chain, verify_log
from deliverables.models import Anchor, Chain, HeadFeed, Opening, SealedEntry, SigningKey
from practice import access
from practice.access import Actor

VERIFIER = Path(verify_log.__file__)


def content(log: Chain, *, by: Actor, at: datetime.datetime) -> dict[str, Any]:
    """Every entry with its hash, so that the log can be checked from end to end; its text and values where this
    reader may see them."""
    access.require(by, "log", "view")
    log = access.get(by, Chain, log.pk)
    mine = {"practice_id": log.practice_id, "engagement_id": log.engagement_id}
    # In this order, because others write meanwhile: what speaks of an entry is read before the entries are.
    signed = Anchor.objects.filter(**mine).order_by("number", "pk")
    heads = list(signed.values_list("text", "key__public_key", "signature"))
    openings: dict[Any, dict[str, Any]] = {}
    opened = access.visible_to(by, Opening).filter(**mine)
    for entry, name, salt, value in opened.values_list("entry_id", "name", "salt", "value"):
        openings.setdefault(entry, {})[name] = {"salt": salt, "value": _read(value)}
    readable = set(access.visible_to(by, SealedEntry).filter(**mine).values_list("pk", flat=True))
    entries = SealedEntry.objects.filter(**mine).order_by("number", "pk")
    return {
        "format": verify_log.BUNDLE,
        "log": str(log.engagement_id),
        "practice": str(log.practice_id),
        "made_at": chain.moment(at),
        "entries": [
            {
                "seq": number,
                "at": chain.moment(sealed_at),
                "previous": previous,
                "hash": hash,
                "body": chain.sha256(body),
                "text": body if id in readable else None,
                "openings": openings.get(id, {}),
            }
            for id, number, sealed_at, previous, hash, body in entries.values_list(
                "pk", "number", "sealed_at", "previous", "hash", "body"
            )
        ],
        "heads": [
            {"text": text, "key": key, "signature": signature} for text, key, signature in heads
        ],
        "keys": keys(log.practice_id),
    }


def _read(value: str) -> Any:
    """As it is where somebody made something else of it than JSON: the check will say which value that is."""
    try:
        return json.loads(value)
    except ValueError:
        return value


def keys(practice_id: Any) -> list[dict[str, Any]]:
    """Every key the practice ever signed with, and who introduced it."""
    found = SigningKey.objects.filter(practice_id=practice_id).order_by("since_at", "pk")
    return [
        {
            "public_key": key.public_key,
            "since": chain.moment(key.since_at),
            "until": chain.moment(key.until_at) if key.until_at else None,
            "introduction": key.introduction,
            "introduction_signature": key.introduction_signature,
        }
        for key in found
    ]


def feeds(practice_id: Any, *, before: int | None = None, most: int) -> list[dict[str, str]]:
    """What was published, the newest first."""
    found = HeadFeed.objects.filter(practice_id=practice_id)
    if before is not None:
        found = found.filter(number__lt=before)
    rows = found.order_by("-number").values_list("text", "key__public_key", "signature")[:most]
    return [{"text": text, "key": key, "signature": signature} for text, key, signature in rows]


def packed(log: Chain, *, by: Actor, at: datetime.datetime) -> bytes:
    said = content(log, by=by, at=at)
    last = said["entries"][-1] if said["entries"] else None
    context = {
        "said": said,
        "entries": len(said["entries"]),
        "head": f"{last['seq']}:{last['hash']}" if last else "",
        "present": said["keys"][-1]["public_key"] if said["keys"] else "",
    }
    parts = {
        "README.txt": render_to_string("deliverables/bundle.txt", context),
        "log.json": json.dumps(said, ensure_ascii=False, indent=1) + "\n",
        "verify_log.py": VERIFIER.read_text(),
    }
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            part = zipfile.ZipInfo(name, at.astimezone(datetime.UTC).timetuple()[:6])
            part.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(part, text)
    return buffer.getvalue()


def download(log: Chain, *, by: Actor, at: datetime.datetime) -> HttpResponse:
    answer = HttpResponse(packed(log, by=by, at=at), content_type="application/zip")
    name = f"decision-log-{at:%Y-%m-%d}.zip"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "private, no-store"
    return answer
