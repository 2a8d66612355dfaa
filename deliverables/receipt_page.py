"""The signed receipt of an acceptance as a PDF. All it says comes from the row, so the same row gives the same bytes; what
was signed, the signature and the key are inside it as files, for whoever wants to check it without us."""

import datetime
import json
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.text import slugify
from django.views.decorators.http import require_safe

from deliverables import files
from deliverables.models import ACCEPTED, Release
from practice import pdf
from practice.models import Practice
from practice.models.people import Hat
from practice.quarters import local_day
from practice.sites.behind import behind

TEMPLATE = Path(__file__).parent / "typst" / "receipt.typ"
ANSWERS = {"accepted": "Accepted", "remarks": "Accepted with remarks"}
TEXT, SIGNATURE, KEY = "receipt.json", "receipt.sig", "key.pem"


@require_safe
def show(request: HttpRequest, id: str) -> HttpResponse:
    """To whoever reads the release, at both sites; there is none before it was accepted."""
    row = behind(request, Release, id)
    if row.state not in ACCEPTED:
        raise Http404
    return download(row)


def download(release: Release) -> HttpResponse:
    name = slugify(f"receipt {release.code} {release.title}")[:80]
    return files.answer(as_pdf(release), "application/pdf", f"{name}.pdf")


def as_pdf(release: Release) -> bytes:
    key = release.signed_with
    if key is None:
        raise ValueError("only an acceptance has a receipt")
    practice = Practice.objects.defer("logo").get(pk=release.practice_id)
    client = release.engagement.client
    told = json.loads(release.receipt)
    facts = {
        "title": "Acceptance receipt",
        "practice": practice.name,
        "colour": practice.colour,
        "client": client.name,
        "engagement": release.engagement.name,
        "what": f"{told['deliverable']['code']} {told['deliverable']['title']}",
        "rows": [[name, value] for name, value in _rows(told, client.time_zone)],
        "criteria": [
            {"line": line, "met": number in told["ticked"]}
            for number, line in enumerate(told["criteria"], start=1)
        ],
        "remarks": told["remarks"],
        "signature": release.signature,
        "key": key.public_key,
        "published": f"{settings.REMIT_URL}{reverse('heads', args=[release.practice_id])}",
        "check": (
            f"openssl pkeyutl -verify -pubin -inkey {KEY} -rawin -in {TEXT} -sigfile {SIGNATURE}"
        ),
        "attached": [
            {"name": TEXT, "kind": "application/json", "bytes": list(release.receipt.encode())},
            {
                "name": SIGNATURE,
                "kind": "application/octet-stream",
                "bytes": list(bytes.fromhex(release.signature)),
            },
            {"name": KEY, "kind": "application/x-pem-file", "bytes": list(_pem(key.public_key))},
        ],
    }
    return pdf.render(TEMPLATE, facts)


def _rows(told: dict[str, Any], zone: str) -> list[tuple[str, str]]:
    version, log = told["version"], told["log"]
    answered = datetime.datetime.fromisoformat(told["answered_at"])
    day = local_day(answered, zone)
    rows = [
        ("Hat", Hat(told["deliverable"]["hat"]).label),
        ("Version", f"{version['number']} ({version['media_type']}, {version['size']:,} bytes)"),
        ("SHA-256", version["sha256"]),
        ("Answer", ANSWERS[told["answer"]]),
        ("On", f"{day.day} {day:%B %Y} ({told['answered_at']})"),
        ("By", _whom(told)),
    ]
    if told["recorded_by"]:
        rows.append(("Put down by", told["recorded_by"]["name"]))
    head = f"{log['seq']}:{log['hash']}" if log and log["hash"] else "The log was empty"
    return [*rows, ("Head of the decision log", head), ("Receipt of", told["release"])]


def _whom(told: dict[str, Any]) -> str:
    if told["by_silence"]:
        return "Nobody answered by the day; by the terms silence counts as a yes"
    name: str = told["contact"]["name"]
    return f"{name}, who answered outside the portal" if told["recorded_by"] else name


def _pem(public_key: str) -> bytes:
    key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(public_key))
    return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
