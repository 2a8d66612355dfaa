"""The people of the practice: their roles, and leaving."""

import datetime
from typing import Any

from django.db import transaction

from practice import access, rows
from practice.access import Actor
from practice.models import Member
from practice.refusals import Conflict


class LastOwner(Conflict):
    code, sentence = (
        "last_owner",
        "A practice keeps at least one active owner; make somebody else owner first.",
    )


def change(
    member: Member, *, by: Actor, at: datetime.datetime, expected: int | None = None, **changes: Any
) -> Member:
    """A new role, leaving (`active=False`) or coming back."""
    access.require(by, "member", "change")
    with transaction.atomic():
        changed = rows.change(
            member, changes, by=by, at=at, kind="member.changed", expected=expected
        )
        # Counted under lock and after the change, so two owners cannot demote each other at once.
        owners = Member.objects.select_for_update().filter(
            practice_id=changed.practice_id, role=Member.Role.OWNER, active=True
        )
        if not list(owners):
            raise LastOwner
    return changed
