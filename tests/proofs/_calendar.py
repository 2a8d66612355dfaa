"""Run inside a process of its own, on an empty SQLite: years of ticks over quarter ends in every time zone."""

import datetime
import json
import random
import zoneinfo

from django.conf import settings
from django.core.management import call_command
from django.db import transaction

from practice import agenda, agenda_rules, ids, practices, users
from practice.access import system
from practice.models import AgendaEntry, Notice
from practice.quarters import end_of_day, local_moment, quarter_of

UTC = datetime.UTC
PASSWORD = "seven-grey-herons-fly"
FIRST = datetime.date(2024, 1, 1)
DAY, HOUR = datetime.timedelta(days=1), datetime.timedelta(hours=1)
KINDS = """
[quarter]
label = "Quarter ends"
reminders = [
    { before = "14d", to = "owner", notice = "entry_due" },
    { before = "0s", to = "owner", notice = "entry_due" },
]
"""


def measure(years: int, every: int, hours: int) -> None:
    zones = sorted(zoneinfo.available_timezones())[::every]
    ends = _quarter_ends(years)
    moments = sum(_exists(day, zone) for zone in zones for day in ends)
    found = _simulated(zones, years, hours) | {"zones": len(zones), "moments": moments}
    print(json.dumps(found))


def _quarter_ends(years: int) -> list[datetime.date]:
    """Of every fiscal year start; each fiscal year has four quarters that follow without a gap."""
    last = FIRST.replace(year=FIRST.year + years)
    found = set()
    for start in range(1, 13):
        quarter = quarter_of(FIRST, start)
        names = []
        while quarter.starts_on < last:
            following = quarter.next(start)
            assert following.starts_on == quarter.ends_on + DAY
            names.append(quarter.name)
            found.add(quarter.ends_on)
            quarter = following
        assert len(names) == len(set(names))
        assert 4 * years <= len(names) <= 4 * years + 1
    return sorted(found | {datetime.date(y, 2, 29) for y in (2024, 2028, 2032) if y < last.year})


def _exists(day: datetime.date, zone: str) -> int:
    """What is due there is due at a time that the clocks of that place show, on that day."""
    info = zoneinfo.ZoneInfo(zone)
    due = end_of_day(day, zone).astimezone(info)
    assert (due.date(), due.hour, due.minute) == (day, 23, 59), (zone, day)
    for hour in range(24):
        moment = local_moment(day, datetime.time(hour), zone)
        shown = moment.astimezone(info)
        # A time that does not exist would come back as another moment.
        assert shown.replace(tzinfo=info, fold=shown.fold).astimezone(UTC) == moment
        assert (
            abs(shown.replace(tzinfo=None) - datetime.datetime.combine(day, datetime.time(hour)))
            <= DAY
        )
    return 25


def _simulated(zones: list[str], years: int, hours: int) -> dict[str, int]:
    """One engagement a zone, one entry a quarter. The clock steps an hour back and forth; now and then it is off for
    five days, and always over one quarter's end a year."""
    book = settings.VAR / "kinds.toml"
    book.write_text(KINDS)
    agenda_rules.CONTRIBUTED.append(book)
    agenda_rules.rules.cache_clear()
    call_command("migrate", interactive=False, verbosity=0)
    began = datetime.datetime.combine(FIRST, datetime.time(), UTC) - 20 * DAY
    person = users.make(email="o@lantern.test", name="O", password=PASSWORD, at=began)
    home = practices.found(name="Lantern", owner=person, at=began, by=system())
    planned = 0
    with transaction.atomic():
        for number, zone in enumerate(zones):
            subject, start = ids.new(), number % 12 + 1
            quarter = quarter_of(FIRST, start).next(start)
            for _ in range(4 * years):
                agenda.plan(
                    "quarter",
                    subject_id=subject,
                    practice_id=home.practice_id,
                    owner_id=home.pk,
                    due_at=end_of_day(quarter.ends_on, zone),
                    at=began,
                    title="Quarter ends",
                    period=quarter.name,
                    time_zone=zone,
                    all_day=True,
                )
                planned += 1
                quarter = quarter.next(start)
    ticks, outages = _ticks(began, years, hours)
    for at in ticks:
        agenda.fall_due(at)
    rows = Notice.objects.values_list("entry_id", "occurrence", "created_at", "entry__due_at")
    per_entry = len({(entry, occurrence) for entry, occurrence, _, _ in rows})
    early = sum(at < due - 14 * DAY for _, _, at, due in rows)
    late = AgendaEntry.objects.exclude(next_at=None).count()
    return {
        "entries": planned,
        "notices": len(rows),
        "different": per_entry,
        "early": early,
        "open": late,
        "ticks": len(ticks),
        "outages": outages,
    }


def _ticks(began: datetime.datetime, years: int, hours: int) -> tuple[list[datetime.datetime], int]:
    chance = random.Random(20260302)
    at, found, outages = began, [], 0
    while at < began + (365 * years + 500) * DAY:
        at += hours * HOUR
        if chance.random() < 0.005 or (at.month, at.day, at.hour) == (3, 29, 0):
            at, outages = at + 5 * DAY, outages + 1
        found += [at + chance.choice((-1, 0, 1)) * HOUR, at]
    return found, outages
