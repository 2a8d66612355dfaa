"""Idempotency-Key: a POST that is sent again answers as it did the first time and does nothing twice."""

import hashlib
import re
from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.http import HttpResponse
from django.utils import timezone
from rest_framework.response import Response

from practice import refusals
from practice.models import Replay
from practice.refusals import Invalid, Refusal
from practice.rest import render

FORM = re.compile(r"[\x21-\x7e]{1,255}")
KEPT_HEADERS = ("ETag", "Location")


class KeyReused(Refusal):
    code = "idempotency_key_reused"
    sentence = "This Idempotency-Key came with another request before; use a new one."


def once(request: Any, work: Callable[[], Response]) -> Response | HttpResponse:
    """Run `work` unless this credential's key has its answer already.

    The key is claimed, the work done and the answer kept in one transaction: a second request waits at the unique
    key until the first has ended, and a crash in the middle leaves nothing, so a retry completes. A refusal rolls
    everything back and frees the key.
    """
    key = request.headers.get("Idempotency-Key")
    if key is None:
        return work()
    if not FORM.fullmatch(key):
        raise Invalid({"Idempotency-Key": ["1 to 255 visible ASCII characters."]})
    actor = request.auth
    same = {"practice_id": actor.practice_id, "credential": actor.credential, "key": key}
    fingerprint = _fingerprint(request)
    with refusals.leaving(), transaction.atomic():
        claim = Replay(**same, fingerprint=fingerprint, created_at=timezone.now())
        Replay.objects.bulk_create([claim], ignore_conflicts=True)
        kept = Replay.objects.get(**same)
        if kept.pk != claim.pk:
            return _again(kept, fingerprint)
        response = work()
        kept.status = response.status_code
        kept.headers = {name: response[name] for name in KEPT_HEADERS if response.has_header(name)}
        kept.body = render.dumps(_without_secret(response.data))
        kept.save(update_fields=["status", "headers", "body"])
    return response


def _again(kept: Replay, fingerprint: str) -> HttpResponse:
    if kept.fingerprint != fingerprint:
        raise KeyReused
    headers = {**kept.headers, "Idempotent-Replayed": "true"}
    return HttpResponse(
        bytes(kept.body), status=kept.status, headers=headers, content_type="application/json"
    )


def _fingerprint(request: Any) -> str:
    body = render.dumps(request.data)
    # A file stands in the data by its name only; another file under the same name is another request.
    for file in request.FILES.values():
        body += hashlib.file_digest(file, "sha256").digest()
        file.seek(0)
    return hashlib.sha256(
        b"\n".join([request.method.encode(), request.get_full_path().encode(), body])
    ).hexdigest()


def _without_secret(data: Any) -> Any:
    """What is shown once is not kept: a replay of making a key answers with its row and a null secret."""
    return {**data, "secret": None} if isinstance(data, dict) and "secret" in data else data
