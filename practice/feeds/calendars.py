"""Agenda entries as an iCalendar document (RFC 5545). The same rows give the same bytes, so that they can be compared."""

import datetime
import zoneinfo
from collections.abc import Iterable
from urllib.parse import urlsplit

from django.conf import settings
from icalendar import Calendar, Event

from practice.agenda_rules import rules
from practice.feeds import zones
from practice.models import AgendaEntry

REFRESH = "PT1H"
CANCELLED = AgendaEntry.Status.CANCELLED


def write(
    name: str, entries: Iterable[AgendaEntry], *, link: str, for_client: bool = False
) -> bytes:
    """`link` is where an entry is looked up; "{id}" in it is the entry's id. `for_client`: in the words for them."""
    listed = list(entries)
    calendar = Calendar()
    calendar.add("prodid", "-//Remit//Agenda//EN")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    # Two names and two intervals: the old ones that programs know and those of RFC 7986.
    calendar.add("x-wr-calname", name)
    calendar.add("name", name)
    calendar.add("x-published-ttl", REFRESH)
    calendar.add("refresh-interval", datetime.timedelta(hours=1), parameters={"VALUE": "DURATION"})
    for zone, first, last in _zones(listed):
        calendar.add_component(zones.component(zone, first, last))
    for entry in listed:
        calendar.add_component(_event(entry, link, for_client))
    written: bytes = calendar.to_ical()
    return written


def _event(entry: AgendaEntry, link: str, for_client: bool) -> Event:
    event = Event()
    # Stable for ever: by it a calendar knows that a moved date is the same thing.
    event.add("uid", f"{entry.pk}@{urlsplit(settings.REMIT_URL).hostname}")
    event.add("sequence", entry.version - 1)
    # Both say when this revision came to be: a moment of fetching would make new bytes of old rows.
    revised = entry.changed_at or entry.created_at
    event.add("dtstamp", revised)
    event.add("last-modified", revised)
    event.add("created", entry.created_at)
    local = entry.due_at.astimezone(zoneinfo.ZoneInfo(entry.time_zone))
    if entry.all_day:
        event.add("dtstart", local.date())
    elif entry.time_zone == "UTC":
        event.add("dtstart", entry.due_at.astimezone(datetime.UTC))
    else:
        event.add("dtstart", local)
    title = entry.client_title if for_client else entry.title
    event.add("summary", f"{entry.client}: {title}" if entry.client else title)
    event.add("status", "CANCELLED" if entry.status == CANCELLED else "CONFIRMED")
    # Something that falls due takes no time out of the day.
    event.add("transp", "TRANSPARENT")
    rule = rules().get(entry.kind)
    if rule:
        event.add("categories", [(for_client and rule.client_label) or rule.label])
    event.add("url", link.format(id=entry.pk))
    return event


def _zones(entries: list[AgendaEntry]) -> list[tuple[str, int, int]]:
    """Each zone that a time of day is told in, with the years it is needed for."""
    years: dict[str, set[int]] = {}
    for entry in entries:
        if not entry.all_day and entry.time_zone != "UTC":
            local = entry.due_at.astimezone(zoneinfo.ZoneInfo(entry.time_zone))
            years.setdefault(entry.time_zone, set()).add(local.year)
    return [(zone, min(found), max(found)) for zone, found in sorted(years.items())]
