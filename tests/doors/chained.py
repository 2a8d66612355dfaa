"""What the sealed log keeps of a client: an entry that it reads, one that it does not, what opens them, a signed head."""

from typing import Any

from django.db import transaction

from deliverables import anchors, seals, signing
from deliverables.models import Anchor, Chain, Decision, SealedEntry, SigningKey
from engagements.models import Engagement
from tests import make


def rows_at(site: Any, main: Engagement) -> None:
    # Before anything is sealed, so that the one head of the world is the one below.
    anchors.publish(main.practice_id, site.by, make.NOW)
    shown = _entry(site, main, site.found["decision"])
    hidden = _entry(site, main, site.spare["decision decided"], "withheld")
    log = Chain.objects.get(engagement=main)
    anchors.anchor(log, by=site.by, at=make.NOW)
    keys = SigningKey.objects.filter(practice_id=main.practice_id)
    if keys.count() == 1:
        # So that there is one that signs no more.
        signing.rotate(keys.get(), by=site.by, at=make.NOW)
    key = keys.get(until_at=None)
    site.keep(
        log, shown, shown.openings.get(name="reason"), Anchor.objects.get(engagement=main), key
    )
    site.spare["entry withheld"] = hidden
    site.spare["opening withheld"] = hidden.openings.get(name="reason")


def _entry(site: Any, main: Engagement, decision: Decision, drawer: str = "") -> SealedEntry:
    with transaction.atomic():
        return seals.append(
            engagement=main,
            kind="decision.decided",
            subject=decision,
            open={"right": site.mark("sealedentry", "body", drawer)},
            sealed={"reason": site.mark("opening", "value", drawer)},
            by=site.by,
            at=make.NOW,
        )
