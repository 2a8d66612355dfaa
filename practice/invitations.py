"""Inviting people in: single use, expiring, bound to one address, revocable."""

import datetime
import secrets
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.db.models import QuerySet

from practice import access, agenda, mail, notices, rows
from practice.access import Actor
from practice.agenda import Recipient
from practice.models import AgendaEntry, Contact, Invitation, Member, Notice, User
from practice.refusals import Conflict, NotFound, Taken

SALT = "remit.invitation"
KIND = "invitation_expiry"
Status = Invitation.Status


class InvitationEnded(Conflict):
    code, sentence = (
        "invitation_ended",
        "This invitation was used, withdrawn or has expired; ask for a new one.",
    )


class WrongPerson(Conflict):
    code, sentence = "wrong_person", "This invitation is for another e-mail address."


class NoAddress(Conflict):
    code, sentence = "no_address", "This contact has no e-mail address to write to."


class HasLogin(Conflict):
    code, sentence = "has_login", "This person can sign in already."


def invite_member(
    *, email: str, role: str, name: str = "", by: Actor, at: datetime.datetime
) -> Invitation:
    access.require(by, "invitation", "invite_member")
    here = Member.objects.filter(
        practice_id=access.practice_of(by), user__email__iexact=email, active=True
    )
    if here.exists():
        raise Taken("This person is a member already.", "email")
    return _invite(
        Invitation(practice_id=access.practice_of(by), email=email, role=role, name=name),
        by=by,
        at=at,
    )


def invite_contact(contact: Contact, *, by: Actor, at: datetime.datetime) -> Invitation:
    """Give a contact a login. Asking again replaces the open invitation with a fresh one."""
    access.require(by, "invitation", "add")
    with transaction.atomic():
        contact = access.get(by, Contact, contact.pk, lock=True)
        if not contact.email:
            raise NoAddress
        if contact.user_id or not contact.active:
            raise (
                HasLogin
                if contact.user_id
                else InvitationEnded("This contact is no longer active.")
            )
        withdraw_open(contact, by=by, at=at)
        row = Invitation(
            practice_id=contact.practice_id,
            client_id=contact.client_id,
            contact=contact,
            email=contact.email,
            name=contact.name,
        )
        return _invite(row, by=by, at=at)


def withdraw_open(contact: Contact, *, by: Actor, at: datetime.datetime) -> None:
    """A link that went to an address that is no longer the contact's must not open anything."""
    pending = Invitation.objects.filter(
        practice_id=contact.practice_id, contact=contact, status=Status.PENDING
    )
    for earlier in pending:
        revoke(earlier, by=access.on_own_authority(by), at=at)


def _invite(row: Invitation, *, by: Actor, at: datetime.datetime) -> Invitation:
    row.nonce = secrets.token_hex(16)
    row.expires_at = at + datetime.timedelta(days=settings.INVITATION_DAYS)
    row.invited_by_id = by.id if by.kind == "member" else None
    with transaction.atomic():
        rows.add(
            row,
            by=by,
            at=at,
            kind="invitation.sent",
            taken=Taken("This person is invited already.", "email"),
        )
        agenda.plan(
            KIND,
            subject_id=row.id,
            practice_id=row.practice_id,
            client_id=row.client_id,
            owner_id=row.invited_by_id,
            due_at=row.expires_at,
            at=at,
            title="Invitation expires",
        )
        notices.ask(
            "invitation",
            practice_id=row.practice_id,
            client_id=row.client_id,
            subject_id=row.id,
            recipient="invitee",
            address=row.email,
            occurrence="sent",
            at=at,
        )
    return row


def revoke(
    row: Invitation, *, by: Actor, at: datetime.datetime, expected: int | None = None
) -> Invitation:
    access.require(by, "invitation", "change")
    with transaction.atomic():
        row = access.get(by, Invitation, row.pk, lock=True)
        if row.status != Status.PENDING:
            raise InvitationEnded
        row = rows.change(
            row,
            {"status": Status.REVOKED},
            by=by,
            at=at,
            kind="invitation.revoked",
            expected=expected,
        )
        agenda.close(KIND, subject_id=row.id, practice_id=row.practice_id, done=False, at=at)
    return row


def expire(subject_id: UUID, by: Actor, at: datetime.datetime) -> None:
    """Called by the clock when the time is up; an invitation that was used in the last moment stays used."""
    with transaction.atomic():
        row = access.get(by, Invitation, subject_id, lock=True)
        if row.status != Status.PENDING or row.expires_at > at:
            raise InvitationEnded
        rows.change(row, {"status": Status.EXPIRED}, by=by, at=at, kind="invitation.expired")
        agenda.close(
            KIND, subject_id=row.id, practice_id=row.practice_id, done=True, at=at, silently=False
        )


def token(row: Invitation) -> str:
    """Made anew whenever a link is written; half of it is the server's secret and in no table."""
    return signing.Signer(salt=SALT).sign_object([str(row.id), row.nonce])


def find(text: str, *, at: datetime.datetime) -> Invitation:
    """The open invitation behind a link; anything else is simply not there."""
    try:
        id, nonce = signing.Signer(salt=SALT).unsign_object(text)
        row = Invitation.objects.select_related("practice", "client", "contact").get(pk=UUID(id))
    except (signing.BadSignature, Invitation.DoesNotExist, ValueError, TypeError) as wrong:
        raise NotFound from wrong
    if (
        not secrets.compare_digest(row.nonce, str(nonce))
        or row.status != Status.PENDING
        or row.expires_at <= at
    ):
        raise InvitationEnded
    return row


def accept(row: Invitation, *, user: User, by: Actor, at: datetime.datetime) -> Member | Contact:
    """The invited person joins. Only the invited address may, only once."""
    here = access.within(access.on_own_authority(by), row.practice_id)
    with transaction.atomic():
        row = Invitation.objects.select_for_update(of=("self",)).get(pk=row.pk)
        if row.status != Status.PENDING or row.expires_at <= at:
            raise InvitationEnded
        if user.email.lower() != row.email.lower():
            raise WrongPerson
        joined = (
            _join_contact(row, user, here, at)
            if row.contact_id
            else _join_member(row, user, here, at)
        )
        rows.change(row, {"status": Status.ACCEPTED}, by=here, at=at, kind="invitation.accepted")
        agenda.close(KIND, subject_id=row.id, practice_id=row.practice_id, done=True, at=at)
    return joined


def _join_member(row: Invitation, user: User, by: Actor, at: datetime.datetime) -> Member:
    former = Member.objects.filter(practice_id=row.practice_id, user=user).first()
    if former:
        return rows.change(
            former, {"active": True, "role": row.role}, by=by, at=at, kind="member.joined"
        )
    return rows.add(
        Member(practice_id=row.practice_id, user=user, role=row.role),
        by=by,
        at=at,
        kind="member.joined",
    )


def _join_contact(row: Invitation, user: User, by: Actor, at: datetime.datetime) -> Contact:
    contact = access.get(by, Contact, row.contact_id or "")
    if not contact.active:
        raise InvitationEnded
    taken = Taken("This login belongs to another contact of the client already.")
    return rows.change(contact, {"user": user}, by=by, at=at, kind="contact.joined", taken=taken)


def link(row: Invitation) -> str:
    return f"{settings.REMIT_URL}/join/{token(row)}/"


def letter(notice: Notice, now: datetime.datetime) -> notices.Letter | None:
    return _letter(notice, now, "invitation", "{practice} invites you to Remit")


def reminder_letter(notice: Notice, now: datetime.datetime) -> notices.Letter | None:
    return _letter(
        notice, now, "invitation_reminder", "Your invitation from {practice} expires soon"
    )


def _written_about() -> QuerySet[Invitation]:
    """With what letters name; never with the logo, which may be larger than a hundred letters."""
    return Invitation.objects.select_related("practice", "client").defer("practice__logo")


def expired_letter(notice: Notice, now: datetime.datetime) -> notices.Letter | None:
    row = _written_about().get(pk=notice.subject_id)
    if row.status not in {Status.EXPIRED, Status.PENDING}:
        return None
    context = {"invitation": row, "link": f"{settings.REMIT_URL}/desk/"}
    return mail.compose(
        "invitation_expired", f"Your invitation of {row.email} has expired", row.practice, context
    )


def _letter(
    notice: Notice, now: datetime.datetime, template: str, subject: str
) -> notices.Letter | None:
    row = _written_about().get(pk=notice.subject_id)
    if row.status != Status.PENDING or row.expires_at <= now:
        return None
    context = {"invitation": row, "link": link(row)}
    return mail.compose(template, subject.format(practice=row.practice.name), row.practice, context)


def invitees(entries: list[AgendaEntry]) -> dict[UUID, list[Recipient]]:
    found = Invitation.objects.filter(id__in=[e.subject_id for e in entries], status=Status.PENDING)
    addresses = dict(found.values_list("id", "email"))
    return {
        e.id: [Recipient("invitee", addresses[e.subject_id])]
        for e in entries
        if e.subject_id in addresses
    }


def inviters(entries: list[AgendaEntry]) -> dict[UUID, list[Recipient]]:
    owners = Member.objects.filter(id__in={e.owner_id for e in entries}, active=True)
    addresses = dict(owners.values_list("id", "user__email"))
    return {
        e.id: [Recipient(f"member:{e.owner_id}", addresses[e.owner_id])]
        for e in entries
        if e.owner_id is not None and e.owner_id in addresses
    }
