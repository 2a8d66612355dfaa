"""Private addresses where a prospect without an account answers: made, shown once, saved on the way, submitted once."""

import datetime
import secrets
from typing import Any

from django.conf import settings
from django.db import transaction

from assessments import known, scoring
from assessments.models import Assessment, FactSource, ProspectLink
from practice import access, keys, rows
from practice.access import Actor
from practice.models import Client
from practice.refusals import Conflict, Invalid, NotFound
from practice.shared_links import LONGEST, USUAL


class LinkEnded(Conflict):
    code, sentence = (
        "link_ended",
        "This link was used, withdrawn or has expired; ask for a new one.",
    )


def open_for(
    client: Client,
    *,
    person: str,
    may_see_read: bool = False,
    expires_at: datetime.datetime | None = None,
    by: Actor,
    at: datetime.datetime,
) -> tuple[ProspectLink, str]:
    """A new link and its address, which is nowhere afterwards: only the token's hash is kept."""
    access.require(by, "prospect_link", "add")
    expires_at = expires_at or at + USUAL
    if not at < expires_at <= at + LONGEST:
        raise Invalid({"expires_at": [f"In the future, and within {LONGEST.days} days."]})
    token = secrets.token_urlsafe(24)
    with transaction.atomic():
        client = access.get(by, Client, client.pk)
        link = ProspectLink(
            practice_id=client.practice_id,
            client=client,
            person=person,
            token_hash=keys.digest(token),
            may_see_read=may_see_read,
            expires_at=expires_at,
        )
        rows.add(link, by=by, at=at, kind="prospect_link.opened")
    return link, address(token)


def revoke(
    link: ProspectLink, *, by: Actor, at: datetime.datetime, expected: int | None = None
) -> ProspectLink:
    access.require(by, "prospect_link", "change")
    if link.revoked_at:
        return link
    changes = {"revoked_at": at}
    return rows.change(link, changes, by=by, at=at, kind="prospect_link.revoked", expected=expected)


def find(token: str, *, at: datetime.datetime) -> ProspectLink:
    """The link behind a token, while it lives. A wrong token and an ended link say the same."""
    link = (
        ProspectLink.objects.select_related("client", "practice")
        .filter(token_hash=keys.digest(token))
        .first()
    )
    if link is None or link.revoked_at or link.expires_at <= at:
        raise NotFound
    return link


def save_draft(
    link: ProspectLink, *, answers: dict[str, Any], at: datetime.datetime
) -> ProspectLink:
    """Keep what was answered so far. Saving is no event: nothing is said until it is submitted.

    An answer taken back is no answer: "no longer known" is for the practice to say, not for a prospect.
    """
    checked = known.read(answers)
    with transaction.atomic():
        link = _lock(link, at)
        draft = {**link.draft, **checked}
        link.draft = {name: value for name, value in draft.items() if value is not None}
        link.version += 1
        link.save(update_fields=["draft", "version"])
    return link


def submit(link: ProspectLink, *, at: datetime.datetime) -> Assessment:
    """The prospect is done: the answers become facts, the panel is run, and the link is used up."""
    by = access.system(link.practice_id, source="portal")
    with transaction.atomic():
        link = _lock(link, at)
        known.learn(
            link.client,
            facts=link.draft,
            said_by=link.person,
            said_on=at.date(),
            source=FactSource.PROSPECT,
            by=by,
            at=at,
        )
        made = scoring.assess(
            link.client, answered_by=link.person, source=FactSource.PROSPECT, by=by, at=at
        )
        changes = {"submitted_at": at, "assessment": made, "draft": {}}
        rows.change(link, changes, by=by, at=at, kind="prospect_link.submitted")
    return made


def address(token: str) -> str:
    return f"{settings.REMIT_URL}/answer/{token}/"


def _lock(link: ProspectLink, at: datetime.datetime) -> ProspectLink:
    row = ProspectLink.objects.select_for_update().get(pk=link.pk)
    if row.revoked_at or row.submitted_at or row.expires_at <= at:
        raise LinkEnded
    return row
