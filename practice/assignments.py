"""Who may see and work for which client, under which hat; serving two competitors needs a recorded reason."""

import datetime
from uuid import UUID

from django.db import transaction

from practice import access, rows
from practice.access import Actor
from practice.models import Assignment, Client, Competitors, Member
from practice.refusals import Conflict, Refusal, Taken


class ConflictNeedsReason(Refusal):
    code = "conflict_needs_reason"
    sentence = "This member already serves a competitor of this client; give a reason, which is put on record."


class StillResponsible(Conflict):
    code, sentence = (
        "still_responsible",
        "This member is responsible for the client; name another one first.",
    )


def assign(
    client: Client,
    *,
    member: Member,
    hat: str = "",
    reason: str = "",
    by: Actor,
    at: datetime.datetime,
) -> Assignment:
    access.require(by, "assignment", "add")
    return _assign(client, member, hat, reason, by=by, at=at)


def ensure(
    client: Client, member: Member, *, by: Actor, at: datetime.datetime, reason: str = ""
) -> None:
    """Being responsible for a client includes being assigned to it."""
    if not Assignment.objects.filter(
        practice_id=client.practice_id, client=client, member=member
    ).exists():
        _assign(client, member, "", reason, by=access.on_own_authority(by), at=at)


def give_reason(
    assignment: Assignment,
    *,
    reason: str,
    by: Actor,
    at: datetime.datetime,
    expected: int | None = None,
) -> Assignment:
    """Put on record why one member serves two competitors, after the fact."""
    access.require(by, "assignment", "change")
    changes = {"conflict_reason": reason}
    return rows.change(
        assignment, changes, by=by, at=at, kind="assignment.reason_given", expected=expected
    )


def withdraw(
    assignment: Assignment, *, by: Actor, at: datetime.datetime, expected: int | None = None
) -> None:
    access.require(by, "assignment", "remove")
    with transaction.atomic():
        client = access.get(by, Client, assignment.client_id, lock=True)
        others = Assignment.objects.filter(client=client, member_id=assignment.member_id).exclude(
            pk=assignment.pk
        )
        if client.responsible_id == assignment.member_id and not others.exists():
            raise StillResponsible
        rows.remove(assignment, by=by, at=at, kind="assignment.withdrawn", expected=expected)
        flag_conflicts(assignment.practice_id, by=by, at=at)


def flag_conflicts(practice_id: UUID, *, by: Actor, at: datetime.datetime) -> None:
    """Set or clear each assignment's conflict flag after assignments or competitors changed."""
    served: dict[UUID, set[UUID]] = {}
    everyone = list(Assignment.objects.select_for_update().filter(practice_id=practice_id))
    for row in everyone:
        served.setdefault(row.member_id, set()).add(row.client_id)
    rivals = _rivals(practice_id)
    for row in everyone:
        conflict = bool(served[row.member_id] & rivals.get(row.client_id, set()))
        if conflict != row.conflict:
            kind = "assignment.conflict_found" if conflict else "assignment.conflict_gone"
            rows.change(
                row, {"conflict": conflict}, by=access.on_own_authority(by), at=at, kind=kind
            )


def _assign(
    client: Client, member: Member, hat: str, reason: str, *, by: Actor, at: datetime.datetime
) -> Assignment:
    with transaction.atomic():
        # The member is the row that two simultaneous assignments to competitors must meet at.
        Member.objects.select_for_update().get(pk=member.pk)
        conflict = _serves_rival(client, member)
        if conflict and not reason.strip():
            raise ConflictNeedsReason
        assignment = Assignment(
            practice_id=client.practice_id,
            client=client,
            member=member,
            hat=hat,
            conflict=conflict,
            conflict_reason=reason.strip() if conflict else "",
        )
        taken = Taken("This member is assigned to this client under this hat already.", "member")
        rows.add(assignment, by=by, at=at, kind="assignment.made", taken=taken)
        flag_conflicts(client.practice_id, by=by, at=at)
    return assignment


def _serves_rival(client: Client, member: Member) -> bool:
    rivals = _rivals(client.practice_id).get(client.pk, set())
    return Assignment.objects.filter(
        practice_id=client.practice_id, member=member, client_id__in=rivals
    ).exists()


def _rivals(practice_id: UUID) -> dict[UUID, set[UUID]]:
    rivals: dict[UUID, set[UUID]] = {}
    for one, other in Competitors.objects.filter(practice_id=practice_id).values_list(
        "one_id", "other_id"
    ):
        rivals.setdefault(one, set()).add(other)
        rivals.setdefault(other, set()).add(one)
    return rivals
