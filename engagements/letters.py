"""What the lead is written about the dates of an engagement: one letter, its words by kind from data/letters.toml."""

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from django.conf import settings

from engagements.models import Engagement
from engagements.spectrum import DATA
from practice import book, mail
from practice.models import AgendaEntry, Notice
from practice.notices import Letter
from practice.quarters import local_day
from practice.registers import Register

FILE = DATA / "letters.toml"
# Contributed, by kind of letter: what it says besides, as things stand when it is written.
ADDS: Register[Callable[[Engagement, AgendaEntry], str]] = Register("what a letter says besides")


@dataclass(frozen=True)
class Words:
    subject: str
    text: str


@cache
def words() -> dict[str, Words]:
    return book.tables(Words, FILE)


def letter(notice: Notice, at: datetime.datetime) -> Letter | None:
    entry = notice.entry
    if entry is None or entry.status == AgendaEntry.Status.CANCELLED:
        return None
    rows = Engagement.objects.select_related("practice", "client", "lead__user")
    engagement = rows.defer("practice__logo").get(pk=notice.subject_id)
    if engagement.status == Engagement.Status.ENDED:
        return None
    said = words()[notice.kind]
    more = ADDS[notice.kind](engagement, entry) if notice.kind in ADDS else ""
    context = {
        "engagement": engagement,
        "what": entry.title,
        "due_on": local_day(entry.due_at, entry.time_zone),
        "text": f"{said.text} {more}".strip(),
        "link": f"{settings.REMIT_URL}/desk/engagements/engagement/{engagement.pk}/change/",
    }
    subject = said.subject.format(what=entry.title)
    return mail.compose("engagement_date", subject, engagement.practice, context)
