"""The receipt of an acceptance: what was accepted, by whom and when, with the head of the decision log at that moment,
signed with the practice's key. What was signed is kept to the letter; the page made of it is another module's."""

import datetime
from typing import Any

from deliverables import canonical, signing
from deliverables.models import Chain, Release, Tick
from engagements.models import Engagement
from practice.access import Actor
from practice.models import Contact, Member
from practice.refusals import Conflict

FORM = "remit.receipt.1"


class NoReceipt(Conflict):
    code, sentence = "no_receipt", "There is a receipt of what was accepted only."


def signed(
    release: Release,
    engagement: Engagement,
    said: dict[str, Any],
    *,
    by: Actor,
    at: datetime.datetime,
) -> dict[str, Any]:
    """The columns of a signed receipt, in the transaction that accepts. The engagement is held."""
    key, private = signing.present(release.practice_id, by=by, at=at)
    text = canonical.text(_facts(release, engagement, said, key.public_key))
    return {"receipt": text, "signature": signing.sign(private, text), "signed_with": key}


def of(release: Release) -> dict[str, str]:
    """The receipt as it was signed, to the letter, and what it takes to check it."""
    if release.signed_with is None:
        raise NoReceipt
    return {
        "receipt": release.receipt,
        "signature": release.signature,
        "public_key": release.signed_with.public_key,
    }


def _facts(
    release: Release, engagement: Engagement, said: dict[str, Any], key: str
) -> dict[str, Any]:
    version, log = release.pinned, Chain.objects.filter(engagement=engagement).first()
    contact: Contact | None = said.get("contact")
    recorder: Member | None = said.get("recorded_by")
    ticked = Tick.objects.filter(release=release).order_by("number")
    return {
        "form": FORM,
        "practice": str(release.practice_id),
        "engagement": str(engagement.pk),
        "release": str(release.pk),
        "deliverable": {"code": release.code, "title": release.title, "hat": str(release.hat)},
        "version": {
            "number": version.number,
            "sha256": version.sha256,
            "size": version.size,
            "media_type": version.media_type,
        },
        "answer": str(said["state"]),
        "answered_at": _moment(said["answered_at"]),
        "contact": contact and {"id": str(contact.pk), "name": contact.name},
        "recorded_by": recorder and {"id": str(recorder.pk), "name": recorder.user.name},
        "by_silence": bool(said.get("by_silence", False)),
        "criteria": list(release.criteria),
        "ticked": list(ticked.values_list("number", flat=True)),
        "remarks": said.get("remarks", ""),
        "log": log and {"seq": log.length, "hash": log.head},
        "key": key,
    }


def _moment(moment: datetime.datetime) -> str:
    return moment.astimezone(datetime.UTC).isoformat().replace("+00:00", "Z")
