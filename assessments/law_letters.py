"""Letters about dates of the law, a law that moved and evidence that expires. Each says that it is orientation."""

import datetime
from typing import Any

from django.conf import settings

from assessments import law
from assessments.models import Evidence, System, SystemStatus
from practice import mail
from practice.models import AgendaEntry, Client, Notice
from practice.notices import Letter


def applies(notice: Notice, at: datetime.datetime) -> Letter | None:
    """A row of the law is about to apply to a system."""
    lines = [
        "It is on the calendar of this system, with the duties that begin then.",
        "See whether they are met, and say at the entry that they are.",
    ]
    return _of_system(notice, lines)


def moved(notice: Notice, at: datetime.datetime) -> Letter | None:
    """Another version of the law table gave the system other dates."""
    lines = [
        "Its dates were planned anew by the newest table of the law.",
        "See what that does to its plan, and classify it anew where a duty changed.",
    ]
    return _of_system(notice, lines)


def expires(notice: Notice, at: datetime.datetime) -> Letter | None:
    row = _row(Evidence, notice)
    if row.withdrawn_on is not None:
        return None
    lines = [
        f"{row.title}, which shows {row.article or row.system}, at {row.client}, is valid until "
        f"{row.valid_until_on}.",
        "Put the next one in its place, or withdraw it.",
    ]
    return _letter(notice, row, lines, f"evidence/{row.pk}/change/")


def _of_system(notice: Notice, lines: list[str]) -> Letter | None:
    row = _row(System, notice)
    if row.status == SystemStatus.RETIRED:
        return None
    return _letter(notice, row, [f"{row.name}, at {row.client}.", *lines], f"system/{row.pk}/law/")


def _row(model: Any, notice: Notice) -> Any:
    joined = model.objects.select_related("practice", "client").defer("practice__logo")
    return joined.get(pk=notice.subject_id)


def _letter(notice: Notice, row: Any, lines: list[str], page: str) -> Letter | None:
    entry = notice.entry
    if entry is None or entry.status != AgendaEntry.Status.OPEN:
        return None
    if row.client.status == Client.Status.FORMER:
        return None
    link = f"{settings.REMIT_URL}/desk/assessments/{page}"
    said = [*lines, law.ORIENTATION]
    return mail.plain(entry.title, row.practice, lines=said, action="Open it", link=link)
