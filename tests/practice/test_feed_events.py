"""What a calendar feed says, read alike by two libraries: moved, cancelled, whole days, zones, words of people."""

import datetime
import zoneinfo

import pytest
import vobject
from dateutil.tz import tzical
from django.db import transaction
from django.utils import timezone
from icalendar import Calendar

from practice import agenda
from practice.feeds import calendars, zones
from practice.models import AgendaEntry, Feed
from tests import make
from tests.make import NOW
from tests.practice import feeding
from tests.practice.feeding import DAY, KIND, SOON, events, titles

plan, feed = feeding.plan, feeding.feed


def test_a_clients_people_read_their_label_and_the_practice_its_title(cast, plan, feed):
    with transaction.atomic():
        agenda.plan(
            "strategy_review",
            subject_id=make.uuid(9),
            practice_id=cast.practice.pk,
            client_id=cast.orchard.pk,
            due_at=SOON,
            title="Press for a higher retainer",
            at=NOW,
        )
    assert titles(feed(cast.ada)()) == ["Orchard: Press for a higher retainer"]
    answer = feed(cast.priya)()
    assert titles(answer) == ["Orchard: Strategy review"]
    assert b"retainer" not in answer.content


def test_a_moved_date_is_the_same_event_with_a_higher_sequence(cast, plan, feed):
    plan(1)
    fetch = feed(cast.ada)
    before = events(fetch())["Orchard: Thing 1"]
    entry = plan(1, due_at=SOON + 3 * DAY)
    after = events(fetch())["Orchard: Thing 1"]
    assert str(before["UID"]) == str(after["UID"]) == f"{entry.pk}@127.0.0.1"
    assert (before["SEQUENCE"], after["SEQUENCE"]) == (0, 1)
    assert before["DTSTART"].dt == SOON
    assert after["DTSTART"].dt == SOON + 3 * DAY


def revisions(answer) -> dict[str, tuple[datetime.datetime, ...]]:
    """When each says that it was made, that it became as it is, and what the revision is dated by."""
    found = {}
    for title, event in events(answer).items():
        dates = [event[name].dt for name in ("CREATED", "LAST-MODIFIED", "DTSTAMP")]
        found[title.removeprefix("Orchard: ")] = tuple(dates)
    return found


def test_a_feed_says_when_each_revision_came_to_be(cast, plan, feed):
    later = NOW + DAY
    plan(1)
    fetch = feed(cast.ada)
    assert revisions(fetch()) == {"Thing 1": (NOW, NOW, NOW)}
    plan(1, at=later)
    assert revisions(fetch()) == {"Thing 1": (NOW, NOW, NOW)}
    plan(1, due_at=SOON + DAY, at=later)
    assert revisions(fetch()) == {"Thing 1": (NOW, later, later)}
    with transaction.atomic():
        about = {"subject_id": make.uuid(1), "practice_id": cast.practice.pk}
        agenda.close(KIND, **about, done=False, at=later + DAY)
    assert revisions(fetch()) == {"Thing 1": (NOW, later + DAY, later + DAY)}


class Subscriber:
    """What a calendar program does with a feed, read by another library than the one that wrote it."""

    def __init__(self) -> None:
        self.kept: dict[str, object] = {}

    def refresh(self, answer) -> dict[str, datetime.datetime]:
        """The feed as it is now; an event gives way to a later revision of itself alone."""
        for event in vobject.readOne(answer.content.decode()).vevent_list:
            before = self.kept.get(event.uid.value)
            if before is None or self._revision(before) < self._revision(event):
                self.kept[event.uid.value] = event
        held = [event for event in self.kept.values() if event.status.value != "CANCELLED"]
        return {event.summary.value: event.dtstart.value for event in held}

    @staticmethod
    def _revision(event) -> tuple[int, datetime.datetime]:
        return int(event.sequence.value), event.dtstamp.value


def test_in_an_independent_program_a_moved_date_moves_and_a_cancelled_one_goes(cast, plan, feed):
    plan(1)
    plan(2)
    program, fetch = Subscriber(), feed(cast.ada)
    assert program.refresh(fetch()) == {"Orchard: Thing 1": SOON, "Orchard: Thing 2": SOON}
    plan(1, due_at=SOON + 40 * DAY)
    plan(1, due_at=SOON + 3 * DAY)
    assert program.refresh(fetch()) == {
        "Orchard: Thing 1": SOON + 3 * DAY,
        "Orchard: Thing 2": SOON,
    }
    with transaction.atomic():
        about = {"subject_id": make.uuid(2), "practice_id": cast.practice.pk}
        agenda.close(KIND, **about, done=False, at=NOW)
    assert program.refresh(fetch()) == {"Orchard: Thing 1": SOON + 3 * DAY}


def test_a_cancelled_entry_is_cancelled_and_goes_ninety_days_after_its_date(cast, plan, feed):
    plan(1)
    long_past = plan(2, due_at=timezone.now() - 89 * DAY)
    fetch = feed(cast.ada)
    with transaction.atomic():
        for number in (1, 2):
            agenda.close(
                KIND,
                subject_id=make.uuid(number),
                practice_id=cast.practice.pk,
                done=False,
                at=timezone.now(),
            )
    found = events(fetch())
    assert {title: str(event["STATUS"]) for title, event in found.items()} == {
        "Orchard: Thing 1": "CANCELLED",
        "Orchard: Thing 2": "CANCELLED",
    }
    assert found["Orchard: Thing 1"]["SEQUENCE"] == 1
    AgendaEntry.objects.filter(pk=long_past.pk).update(due_at=timezone.now() - 91 * DAY)
    assert titles(fetch()) == ["Orchard: Thing 1"]


def test_what_takes_the_whole_day_is_a_date_where_the_client_is(cast, plan, feed):
    """23:59 in Auckland is the morning of the same day in UTC."""
    day = (timezone.now() + 10 * DAY).date()
    due = datetime.datetime.combine(
        day, datetime.time(23, 59), zoneinfo.ZoneInfo("Pacific/Auckland")
    )
    plan(1, due_at=due, time_zone="Pacific/Auckland", all_day=True)
    answer = feed(cast.ada)()
    assert events(answer)["Orchard: Thing 1"]["DTSTART"].dt == day
    assert b"VTIMEZONE" not in answer.content


def test_words_of_people_stay_words(cast, plan, feed):
    nasty = "Sign; then, \\ and\r\nEND:VEVENT\r\nBEGIN:VALARM " + "ä" * 80
    plan(1, title=nasty)
    answer = feed(cast.ada)()
    assert len(Calendar.from_ical(answer.content).walk("VALARM")) == 0
    assert titles(answer) == [f"Orchard: {nasty}".replace("\r\n", "\n")]
    assert max(len(line) for line in answer.content.split(b"\r\n")) <= 75


def test_an_independent_parser_reads_the_same(cast, plan, feed):
    plan(1)
    plan(2, all_day=True)
    plan(3, time_zone="America/New_York", due_at=SOON + 200 * DAY)
    with transaction.atomic():
        agenda.close(
            KIND,
            subject_id=make.uuid(3),
            practice_id=cast.practice.pk,
            done=False,
            at=timezone.now(),
        )
    answer = feed(cast.ada)()
    other = vobject.readOne(answer.content.decode())
    theirs = {
        event.summary.value: (event.dtstart.value, event.uid.value, event.status.value)
        for event in other.vevent_list
    }
    ours = {
        title: (event["DTSTART"].dt, str(event["UID"]), str(event["STATUS"]))
        for title, event in events(answer).items()
    }
    assert theirs == ours


# Zones.

ZONES = [
    "Europe/Berlin",
    "Europe/Lisbon",
    "America/New_York",
    "America/Sao_Paulo",
    "Australia/Lord_Howe",
    "Pacific/Auckland",
    "Asia/Kolkata",
    "Africa/Casablanca",
    "America/St_Johns",
]


@pytest.mark.parametrize("zone", ZONES)
def test_our_zones_say_at_every_hour_what_the_zone_database_says(zone, tmp_path):
    """Read by a third parser, hour by hour over two years: the hours around each change are where others err."""
    text = (
        b"BEGIN:VCALENDAR\r\n" + zones.component(zone, 2026, 2027).to_ical() + b"END:VCALENDAR\r\n"
    )
    (tmp_path / "zone.ics").write_bytes(text)
    read, real = tzical(str(tmp_path / "zone.ics")).get(), zoneinfo.ZoneInfo(zone)
    moment, wrong = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC), []
    while moment.year < 2028:
        local = moment.astimezone(real)
        # Wall clock times that happen twice are ambiguous to a calendar; its first is the one meant.
        naive = local.replace(tzinfo=None)
        if (
            naive.replace(tzinfo=real, fold=0).utcoffset()
            == naive.replace(tzinfo=real, fold=1).utcoffset()
            and naive.replace(tzinfo=read).utcoffset() != local.utcoffset()
        ):
            wrong.append(str(local))
        moment += datetime.timedelta(hours=1)
    assert wrong == []


def test_a_zone_is_trimmed_to_the_years_that_are_needed(cast, plan, feed):
    plan(1)
    (zone,) = Calendar.from_ical(feed(cast.ada)().content).walk("VTIMEZONE")
    starts = [part["DTSTART"].dt.year for part in zone.subcomponents]
    assert str(zone["TZID"]) == "Europe/Lisbon"
    assert min(starts) >= SOON.year - 1
    assert max(starts) <= SOON.year + 1


def test_the_same_rows_give_the_same_bytes(cast, plan):
    entries = [plan(1), plan(2)]
    link = "https://remit.test/{id}"
    assert calendars.write("A", entries, link=link) == calendars.write("A", entries, link=link)


def test_a_feed_of_hundreds_is_written_in_a_moment(cast, plan):
    entries = [plan(number) for number in range(1, 301)]
    assert len(calendars.write("A", entries, link="https://remit.test/{id}")) > 60_000
    assert Feed.objects.count() == 0
