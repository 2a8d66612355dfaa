"""Telling the sponsor once that something waits for their answer, and whoever put it forward that the answer was no."""

import datetime
from dataclasses import dataclass
from functools import partial
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Q
from django.urls import reverse

from engagements.models import Charter, ContractVersion, Deputy, Engagement, Move, OfferStatus
from practice import access, agenda_letters, identity, mail, notices
from practice.digests import find_place
from practice.models import ApiKey, Contact, Event, Member, Notice
from practice.notices import Letter


@dataclass(frozen=True)
class Question:
    """What a sponsor can be asked for: until when it waits, where it is answered, and who asked."""

    model: Any
    waits: Q
    page: str
    put_forward: tuple[str, ...]
    what: str
    """For people, with the row: never a figure of what it costs."""


QUESTIONS = {
    "move": Question(
        Move,
        Q(status=Move.Status.PROPOSED),
        "portal:move",
        ("move.proposed", "move.put_forward"),
        "{0}, from {0.effective_on:%-d %B %Y}",
    ),
    "charter": Question(
        Charter,
        Q(status=OfferStatus.OFFERED),
        "portal:charter",
        ("charter.offered",),
        "{0}: who decides what",
    ),
    "contract": Question(
        ContractVersion,
        Q(status=OfferStatus.OFFERED),
        "portal:contract",
        ("contract.offered",),
        "Contract: {0.title}",
    ),
    "deputy": Question(
        Deputy,
        Q(accepted_at=None, declined_at=None, withdrawn_at=None),
        "portal:deputy",
        ("deputy.named",),
        "{0.member} stands in for {0.wearing.member} from {0.since_on:%-d %B %Y}",
    ),
}


def ask(name: str, row: Any, *, at: datetime.datetime) -> None:
    """In the verb's transaction. Of a draft nobody is told: it is asked for when the engagement is proposed."""
    if row.engagement.status == Engagement.Status.DRAFT:
        return
    for told in agenda_letters.sponsors([row]).get(row.pk, ()):
        notices.ask(
            f"{name}_awaits_answer",
            practice_id=row.practice_id,
            client_id=row.client_id,
            subject_id=row.pk,
            recipient=told.key,
            address=told.address,
            occurrence="asked",
            at=at,
        )


def ask_all(engagement: Engagement, *, at: datetime.datetime) -> None:
    """What already waits when a draft is put before the client."""
    for name, question in QUESTIONS.items():
        for row in question.model.objects.filter(question.waits, engagement=engagement):
            ask(name, row, at=at)


def tell_no(name: str, row: Any, *, at: datetime.datetime) -> None:
    """In the transaction of the answer: whoever put it forward hears of it."""
    who = _proposer(name, row)
    notices.ask(
        f"{name}_declined",
        practice_id=row.practice_id,
        client_id=row.client_id,
        subject_id=row.pk,
        recipient=f"member:{who.pk}",
        address=who.user.email,
        occurrence="declined",
        at=at,
    )


def awaited(name: str, notice: Notice, at: datetime.datetime) -> Letter | None:
    """To the sponsor, as long as they still see it and it still waits."""
    question = QUESTIONS[name]
    row, place = _seen(question, notice, question.waits), find_place(notice.recipient)
    if row is None or place is None or not access.may(_actor(place), row.reach.resource, "accept"):
        return None
    what = question.what.format(row)
    return mail.plain(
        f"Your answer is asked for: {what}",
        row.practice,
        lines=[
            f"{row.practice.name} has put something before you for {row.engagement.name}:",
            f"{what}.",
            "It waits until you have answered. Nothing of it holds before.",
        ],
        action="Read and answer",
        link=f"{settings.REMIT_URL}{reverse(question.page, args=[row.pk])}",
    )


def declined(name: str, notice: Notice, at: datetime.datetime) -> Letter | None:
    """To whoever put it forward: that the answer is no, and why."""
    question = QUESTIONS[name]
    row = _seen(question, notice, ~Q(answered_reason=""))
    if row is None:
        return None
    what = question.what.format(row)
    page = f"/desk/engagements/{row._meta.model_name}/{row.pk}/change/"
    return mail.plain(
        f"{row.client.name} declined: {what}",
        row.practice,
        lines=[f"{row.engagement.name}: {what}.", f"The reason given: {row.answered_reason}"],
        action="Open it",
        link=f"{settings.REMIT_URL}{page}",
    )


def _seen(question: Question, notice: Notice, which: Q) -> Any:
    """The row, where it is so and the one who is written to may look at it now."""
    place = find_place(notice.recipient)
    if place is None:
        return None
    rows = access.visible_to(_actor(place), question.model).filter(which, pk=notice.subject_id)
    found = rows.select_related("practice", "client", "engagement")
    return found.defer("practice__logo").first()


def _actor(place: Member | Contact) -> access.Actor:
    return identity.actor(place, "job")


def _proposer(name: str, row: Any) -> Member:
    """Who put it forward; by a key who made the key; else the engagement's lead."""
    lead: Member = row.engagement.lead
    asked = Event.objects.filter(
        practice_id=row.practice_id, subject_id=row.pk, kind__in=QUESTIONS[name].put_forward
    )
    event = asked.order_by("id").last()
    if event is None or event.actor_id is None:
        return lead
    return _member(event.actor_kind, event.actor_id) or lead


def _member(kind: str, id: UUID) -> Member | None:
    if kind == "key":
        made = ApiKey.objects.filter(pk=id).values_list("created_by", flat=True).first()
        return _member("member", made) if made else None
    return Member.objects.select_related("user").filter(pk=id, active=True).first()


LETTERS = {
    f"{name}_{said}": partial(letter, name)
    for name in QUESTIONS
    for said, letter in (("awaits_answer", awaited), ("declined", declined))
}
