"""Links by which somebody without an account answers a section: made, shown once, answered, revoked. Only the hash is kept."""

import datetime
import secrets

from django.conf import settings
from django.db import transaction

from deliverables import board_writing
from deliverables.models import BoardReportStatus, BoardSection, Contribution
from engagements.models import Engagement
from practice import access, keys, rows
from practice.access import Actor
from practice.refusals import Conflict, Invalid, NotFound
from practice.shared_links import MOST_OPEN, USUAL

# The report is issued by then.
LONGEST = datetime.timedelta(days=60)


class TooManyContributors(Conflict):
    code = "too_many_contributors"
    sentence = f"{MOST_OPEN} links of this report are open; revoke one that is not needed."


class NothingAnswered(Conflict):
    code, sentence = "contribution_not_answered", "Nobody has answered behind this link yet."


def ask(
    section: BoardSection,
    *,
    person: str,
    question: str,
    expires_at: datetime.datetime | None = None,
    by: Actor,
    at: datetime.datetime,
) -> tuple[Contribution, str]:
    """Ask somebody for words on a section; the link's address is nowhere afterwards."""
    access.require(by, "board_report", "share")
    person, question = " ".join(person.split()), question.strip()
    expires_at = expires_at or at + USUAL
    wrong: dict[str, list[str]] = {}
    if not 1 <= len(person) <= 120:
        wrong["person"] = ["Say who is asked, in at most 120 characters."]
    if not 1 <= len(question) <= 2000:
        wrong["question"] = ["Say what is asked, in at most 2000 characters."]
    if not at < expires_at <= at + LONGEST:
        wrong["expires_at"] = [f"In the future, and within {LONGEST.days} days."]
    if wrong:
        raise Invalid(wrong)
    token = secrets.token_urlsafe(32)
    with transaction.atomic():
        report = board_writing.held(section.report, by)
        live = Contribution.objects.filter(report=report, revoked_at=None, expires_at__gt=at)
        if live.count() >= MOST_OPEN:
            raise TooManyContributors
        lead = Engagement.objects.get(pk=report.engagement_id).lead
        link = Contribution(
            practice_id=report.practice_id,
            client_id=report.client_id,
            engagement_id=report.engagement_id,
            report=report,
            section=section,
            person=person,
            question=question,
            token_hash=keys.digest(token),
            made_by=keys.stands_for(by, lead),
            expires_at=expires_at,
        )
        rows.add(link, by=access.on_own_authority(by), at=at, kind="contribution.asked")
    return link, address(token)


def revoke(
    link: Contribution, *, by: Actor, at: datetime.datetime, expected: int | None = None
) -> Contribution:
    """Whoever has the address can no longer answer. What was answered stays."""
    access.require(by, "board_report", "change")
    if link.revoked_at:
        return link
    changes = {"revoked_at": at}
    return rows.change(link, changes, by=by, at=at, kind="contribution.revoked", expected=expected)


def take(
    link: Contribution, *, by: Actor, at: datetime.datetime, expected: int | None = None
) -> Contribution:
    """Put the answer into the section, behind the words that are there, under its writer's name."""
    access.require(by, "board_report", "change")
    with transaction.atomic():
        board_writing.held(link.report, by)
        link = access.get(by, Contribution, link.pk, lock=True)
        if not link.answer:
            raise NothingAnswered
        section = access.get(by, BoardSection, link.section_id, lock=True)
        words = "\n\n".join(part for part in (section.words, link.answer) if part)
        told = {"words": words, "writer": link.person}
        rows.change(section, told, by=by, at=at, kind="board_section.written")
        taken = {"taken_at": at}
        return rows.change(link, taken, by=by, at=at, kind="contribution.taken", expected=expected)


def find(token: str, *, at: datetime.datetime) -> Contribution:
    """The link behind a token, while it lives and the report is being written. All other ends say the same."""
    link = (
        Contribution.objects.select_related("report", "section", "client", "practice")
        .defer("practice__logo")
        .filter(token_hash=keys.digest(token))
        .first()
    )
    if link is None or not is_open(link, at):
        raise NotFound
    return link


def answer(link: Contribution, *, words: str, at: datetime.datetime) -> Contribution:
    """What the person wrote. They may say it otherwise until it was taken into the section."""
    by = access.system(link.practice_id, source="portal")
    words = words.replace("\x00", "").strip()
    if not 1 <= len(words) <= 20000:
        raise Invalid({"words": ["Write something, in at most 20,000 characters."]})
    with transaction.atomic():
        row = access.get(by, Contribution, link.pk, lock=True)
        if not is_open(row, at) or row.taken_at:
            raise NotFound
        said = {"answer": words, "answered_at": at}
        return rows.change(row, said, by=by, at=at, kind="contribution.answered")


def is_open(link: Contribution, at: datetime.datetime) -> bool:
    writing = link.report.status == BoardReportStatus.DRAFT
    return writing and link.revoked_at is None and link.expires_at > at


def address(token: str) -> str:
    return f"{settings.REMIT_URL}/contributions/{token}/"
