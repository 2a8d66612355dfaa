"""Founding a practice and changing what it is."""

import datetime
import io
from typing import Any

from django.db import transaction
from PIL import Image, UnidentifiedImageError

from practice import access, events, rows
from practice.access import Actor
from practice.models import Member, Practice, User
from practice.policies import check_policy
from practice.refusals import Invalid

LOGO_BYTES, LOGO_PIXELS = 1_000_000, 4_000


def found(*, name: str, owner: User, at: datetime.datetime, by: Actor, **details: Any) -> Member:
    """A new practice with its first owner. Anyone may: what they found is theirs alone."""
    with transaction.atomic():
        practice = Practice(name=name, **details)
        here = access.within(access.system(source=by.source), practice.id)
        rows.add(practice, by=here, at=at, kind="practice.founded")
        member = Member(practice=practice, user=owner, role=Member.Role.OWNER)
        return rows.add(member, by=here, at=at, kind="member.joined")


def change(
    practice: Practice,
    *,
    by: Actor,
    at: datetime.datetime,
    expected: int | None = None,
    **changes: Any,
) -> Practice:
    access.require(by, "practice", "change")
    if "policy" in changes:
        check_policy(changes["policy"])
    return rows.change(practice, changes, by=by, at=at, kind="practice.changed", expected=expected)


def set_logo(practice: Practice, *, by: Actor, at: datetime.datetime, image: bytes) -> Practice:
    """Any picture people upload is decoded and written anew as a small PNG: nothing foreign is served."""
    access.require(by, "practice", "change")
    logo = _png(image)
    with transaction.atomic():
        practice = access.get(by, Practice, practice.pk, lock=True)
        practice.logo = logo
        practice.version += 1
        practice.save(update_fields=["logo", "version"])
        events.record("practice.logo_changed", by=by, at=at, subject=practice)
    return practice


def _png(image: bytes) -> bytes:
    if len(image) > LOGO_BYTES:
        raise Invalid({"logo": ["At most 1 MB."]})
    try:
        with Image.open(io.BytesIO(image), formats=["PNG", "JPEG", "WEBP"]) as picture:
            if max(picture.size) > LOGO_PIXELS:
                raise Invalid({"logo": [f"At most {LOGO_PIXELS} pixels a side."]})
            small = picture.convert("RGBA")
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError) as wrong:
        raise Invalid({"logo": ["Not a PNG, JPEG or WebP picture."]}) from wrong
    small.thumbnail((320, 120))
    out = io.BytesIO()
    small.save(out, "PNG", optimize=True)
    return out.getvalue()
