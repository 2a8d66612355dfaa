"""What the letters about deliverables say, as of the moment they leave; none where it no longer makes sense.

To a contact: what their release says and nothing of the practice's own, neither status, review nor internal words.
"""

import datetime
from typing import Any

from django.conf import settings
from django.urls import reverse

from deliverables import letters
from deliverables.models import Comment, InternalReview, Recipient, Release, ReleaseState
from practice import access, identity, mail
from practice.digests import find_place
from practice.models import AgendaEntry, Contact, Member, Notice
from practice.notices import Letter

State = ReleaseState
SILENCE = (
    "By the terms of the engagement silence counts as a yes: without an answer by then, and after two reminders, "
    "this version counts as accepted."
)
SAID = {
    State.ACCEPTED: "accepted",
    State.REMARKS: "accepted with remarks",
    State.CHANGES: "asked for changes to",
    State.REJECTED: "rejected",
}


def released(notice: Notice, _at: datetime.datetime) -> Letter | None:
    """To a contact it was released to: to answer, or to read."""
    row, contact = _waiting(notice)
    if row is None or contact is None:
        return None
    answers = contact.role in access.TABLE["release"]["accept"]
    until = f" It waits for your answer until {_day(row.answer_by)}." if row.answer_by else ""
    lines = [
        f"{row.engagement.name}: {row.released_by} has put version {row.pinned.number} of “{row.title}” before you."
        + (until if answers else " It is for you to read; others answer it.")
    ]
    if answers and row.silence_accepts:
        lines.append(SILENCE)
    if row.message:
        lines.append(row.message)
    subject = "Waits for your answer" if answers else "To read"
    action = "Read and answer" if answers else "Read it"
    return mail.plain(
        f"{subject}: {row.title}", row.practice, lines=lines, action=action, link=_page(row)
    )


def awaited(notice: Notice, _at: datetime.datetime) -> Letter | None:
    """The reminder, as long as it waits."""
    entry = AgendaEntry.objects.filter(notices=notice, status=AgendaEntry.Status.OPEN).first()
    row, _ = _waiting(notice) if entry is not None else (None, None)
    if row is None:
        return None
    until = f" until {_day(row.answer_by)}" if row.answer_by else ""
    lines = [f"{row.engagement.name}: “{row.title}” still waits for your answer{until}."]
    if row.silence_accepts:
        lines.append(SILENCE)
    return mail.plain(
        f"Reminder: {row.title} waits for your answer",
        row.practice,
        lines=lines,
        action="Read and answer",
        link=_page(row),
    )


def closed(notice: Notice, _at: datetime.datetime) -> Letter | None:
    """To those who had been told of it, and only to them."""
    told = Notice.objects.filter(
        practice_id=notice.practice_id,
        kind=letters.RELEASED,
        subject_id=notice.subject_id,
        recipient=notice.recipient,
        status=Notice.Status.DONE,
    )
    place = find_place(notice.recipient)
    if not isinstance(place, Contact) or not told.exists():
        return None
    # A release that was taken back exists for them no longer; that they were named does.
    named = access.visible_to(identity.actor(place, "job"), Recipient).filter(
        release_id=notice.subject_id, release__state=notice.occurrence
    )
    found = named.select_related("release__engagement", "practice").defer("practice__logo").first()
    if found is None:
        return None
    row = found.release
    withdrawn = row.state == State.WITHDRAWN
    why = (
        f"{found.practice.name} has taken “{row.title}” back."
        if withdrawn
        else f"A newer version of “{row.title}” is being written."
    )
    return mail.plain(
        f"Nothing to answer any more: {row.title}",
        found.practice,
        lines=[f"{row.engagement.name}: {why} There is nothing to answer now."],
        action="Your deliverables" if withdrawn else "Open it",
        link=f"{settings.REMIT_URL}{reverse('portal:deliverables')}" if withdrawn else _page(row),
    )


def answered(notice: Notice, _at: datetime.datetime) -> Letter | None:
    """To the lead and whoever released it: what the client said, or that they said nothing."""
    place = find_place(notice.recipient)
    if not isinstance(place, Member):
        return None
    row = _seen(place, Release, notice.subject_id).select_related("contact", "recorded_by__user")
    row = _with_names(row).first()
    if row is None or row.state not in SAID:
        return None
    title = f"{row.code} {row.title}"
    if row.by_silence:
        said = f"Nobody answered version {row.pinned.number} of “{title}” by its day. By the terms it counts as accepted."
    else:
        put_down = f", as {row.recorded_by} put down" if row.recorded_by else ""
        said = f"{row.contact} {SAID[State(row.state)]} version {row.pinned.number} of “{title}”{put_down}."
    lines = [f"{row.engagement.name}: {said}"]
    if row.remarks:
        lines.append(f"They wrote: {row.remarks}")
    subject = f"{row.get_state_display()}: {row.title}"
    return mail.plain(
        subject, row.practice, lines=lines, action="Open it", link=_desk(row.deliverable_id)
    )


def review_asked(notice: Notice, _at: datetime.datetime) -> Letter | None:
    place = find_place(notice.recipient)
    if not isinstance(place, Member):
        return None
    row = _reviews(place, notice).filter(state=InternalReview.State.OPEN).first()
    if row is None:
        return None
    return mail.plain(
        f"Please review: {row.deliverable.title}",
        row.practice,
        lines=[
            f"{row.engagement.name}: {row.asked_by} asks for a look at version {row.pinned.number} of "
            f"“{row.deliverable}” before it leaves the house."
        ],
        action="Read and review",
        link=_desk(row.deliverable_id),
    )


def reviewed(notice: Notice, _at: datetime.datetime) -> Letter | None:
    """Back to whoever asked: it may leave the house, or what is wanting."""
    place = find_place(notice.recipient)
    if not isinstance(place, Member):
        return None
    row = _reviews(place, notice).exclude(done_by=None).first()
    if row is None:
        return None
    passed = row.state == InternalReview.State.PASSED
    said = "It can be released." if passed else "It is not ready yet."
    lines = [
        f"{row.engagement.name}: {row.done_by} has looked at version {row.pinned.number} of “{row.deliverable}”. {said}"
    ]
    if row.note:
        lines.append(f"They wrote: {row.note}")
    return mail.plain(
        f"{'Passed' if passed else 'Sent back'}: {row.deliverable.title}",
        row.practice,
        lines=lines,
        action="Open it",
        link=_desk(row.deliverable_id),
    )


def commented(notice: Notice, _at: datetime.datetime) -> Letter | None:
    """To the other side, and never what is internal."""
    place = find_place(notice.recipient)
    if place is None:
        return None
    found = _seen(place, Comment, notice.subject_id).filter(internal=False)
    found = found.select_related("practice", "engagement", "member__user", "contact")
    row = found.defer("practice__logo").first()
    if row is None:
        return None
    if isinstance(place, Member):
        title, link = str(row.deliverable), _desk(row.deliverable_id)
    else:
        release = (
            access.visible_to(identity.actor(place, "job"), Release)
            .filter(deliverable_id=row.deliverable_id)
            .order_by("-id")
            .first()
        )
        if release is None:
            return None
        # As it was released to them: the deliverable's own row is not theirs.
        title, link = release.title, _page(release)
    return mail.plain(
        f"{row.member or row.contact} wrote about {title}",
        row.practice,
        lines=[f"{row.engagement.name}: {row.member or row.contact} wrote:", row.body],
        action="Read and reply",
        link=link,
    )


def _waiting(notice: Notice) -> tuple[Release | None, Contact | None]:
    """The release that this contact was told of, while it waits. A reminder's notice names its entry's subject."""
    place = find_place(notice.recipient)
    if not isinstance(place, Contact):
        return None, None
    rows = _with_names(_seen(place, Release, notice.subject_id))
    return rows.filter(state=State.OPEN).first(), place


def _seen(place: Member | Contact, model: Any, id: Any) -> Any:
    return access.visible_to(identity.actor(place, "job"), model).filter(pk=id)


def _with_names(rows: Any) -> Any:
    named = rows.select_related("practice", "engagement", "pinned", "released_by__user")
    return named.defer("practice__logo")


def _reviews(place: Member, notice: Notice) -> Any:
    rows = _seen(place, InternalReview, notice.subject_id)
    named = rows.select_related(
        "practice", "engagement", "deliverable", "pinned", "asked_by__user", "done_by__user"
    )
    return named.defer("practice__logo")


def _day(day: datetime.date | None) -> str:
    return f"{day.day} {day:%B %Y}" if day else ""


def _page(row: Release) -> str:
    return f"{settings.REMIT_URL}{reverse('portal:release', args=[row.pk])}"


def _desk(deliverable_id: Any) -> str:
    return f"{settings.REMIT_URL}/desk/deliverables/deliverable/{deliverable_id}/change/"
