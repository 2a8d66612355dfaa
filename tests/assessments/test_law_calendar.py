"""What applies to a system when, on the agenda; and a new version of the law, which moves exactly whom it concerns."""

import datetime
import hashlib
import shutil

import pytest

from assessments import classifying, law, law_calendar, systems
from assessments.models import System
from practice import access, agenda_acts, clients, clockwork, notices
from practice.models import AgendaEntry, Event, Notice
from tests import make
from tests.assessments import estate
from tests.assessments.test_classification import answers
from tests.make import NOW

DAY = datetime.timedelta(days=1)


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A copy of the shipped tables and their pins, for the product to look at instead."""
    shutil.copytree(law.FOLDER, tmp_path / "law")
    monkeypatch.setattr(law, "FOLDER", tmp_path / "law")
    return tmp_path / "law"


def published(folder, version, *changes):
    """Another version of the shipped table with some of its lines changed."""
    text = (folder / "eu-ai-act.toml").read_text()
    for was, now in changes:
        assert text.count(was) == 1
        text = text.replace(was, now)
    text = text.replace("version = 1\n", f"version = {version}\n", 1)
    name = f"eu-ai-act.v{version}.toml"
    (folder / name).write_text(text)
    digest = hashlib.sha256(text.encode()).hexdigest()
    with (folder / law.PINS).open("a") as pins:
        pins.write(f'\n[[published]]\nkey = "EU-AI-ACT"\nversion = {version}\n')
        pins.write(f'file = "{name}"\nsha256 = "{digest}"\n')
    law._versions.cache_clear()


@pytest.fixture(autouse=True)
def the_shipped_law_again():
    yield
    law._versions.cache_clear()


MOVED = (
    "applies_from = 2027-12-02\noriginal_date = 2026-08-02",
    "applies_from = 2028-03-02\noriginal_date = 2026-08-02",
)


def classified(cast, name, said, roles=("deployer",), client=None, **more):
    system = estate.system(client or cast.orchard, name)
    given = answers(list(roles), said)
    classifying.classify(system, answers=given, by=make.actor(cast.olu), at=NOW, **more)
    return system


def dated(kind="law_date"):
    """By system: the open entries, as row of the law and day."""
    found = {}
    entries = AgendaEntry.objects.filter(kind=kind, status="open").order_by("due_at", "period")
    names = dict(System.objects.values_list("pk", "name"))
    for entry in entries:
        day = entry.due_at.astimezone(datetime.UTC).date().isoformat()
        found.setdefault(names[entry.subject_id], []).append((entry.period, day))
    return found


def test_what_lies_ahead_is_on_the_agenda_and_what_applies_already_is_not(cast):
    classified(cast, "Hiring", {"AREAS": ["employment"]})
    assert dated() == {"Hiring": [("annex3", "2027-12-02")]}
    entry = AgendaEntry.objects.get(kind="law_date")
    assert (entry.owner_id, entry.client_sees, entry.all_day) == (
        cast.orchard.responsible_id,
        True,
        True,
    )


def test_a_day_ends_where_the_client_is_and_moves_with_it(cast):
    classified(cast, "Hiring", {"AREAS": ["employment"]})
    clients.change(cast.orchard, time_zone="Asia/Tokyo", by=make.actor(cast.olu), at=NOW)
    clockwork.tick(at=NOW + DAY, clock=lambda: NOW + DAY)
    entry = AgendaEntry.objects.get(kind="law_date")
    assert entry.due_at.isoformat() == "2027-12-02T14:59:00+00:00"


def test_what_has_no_day_is_told_and_not_planned(cast):
    classified(
        cast,
        "Old",
        {"AREAS": ["employment"]},
        ["provider"],
        placed_on=datetime.date(2020, 1, 1),
    )
    exempt = {"AREAS": ["employment"], "NARROW": ["procedural_task"]}
    classified(cast, "Excepted", exempt, ["provider"])
    assert dated() == {}
    rows = {
        system.name: [
            (one.key, one.state, one.when)
            for one in law_calendar.of(law_calendar.last(system), on=NOW.date())
        ]
        for system in System.objects.all()
    }
    assert rows == {
        "Old": [
            ("art4", "applies", "2025-02-02"),
            ("annex3", "on_change", "on significant change"),
        ],
        "Excepted": [
            ("art4", "applies", "2025-02-02"),
            ("reg49_2", "unconfirmed", "ask counsel"),
        ],
    }


def test_the_day_as_first_published_is_told_where_it_was_another(cast):
    system = classified(cast, "Hiring", {"AREAS": ["employment"]})
    rows = law_calendar.of(law_calendar.last(system), on=NOW.date())
    assert [(one.key, one.original) for one in rows] == [
        ("art4", None),
        ("annex3", datetime.date(2026, 8, 2)),
    ]


def test_another_class_drops_the_days_that_no_longer_hold(cast):
    system = classified(cast, "Hiring", {"AREAS": ["employment"]})
    plain = answers(["deployer"], {})
    classifying.classify(system, answers=plain, by=make.actor(cast.olu), at=NOW)
    assert dated() == {}
    assert AgendaEntry.objects.get(kind="law_date").status == "cancelled"


def test_what_somebody_saw_to_is_not_owed_again_by_the_same_day(cast):
    system = classified(cast, "Hiring", {"AREAS": ["employment"]})
    entry = AgendaEntry.objects.get(kind="law_date")
    agenda_acts.finish(entry, by=make.actor(cast.olu), at=NOW)
    given = answers(["deployer"], {"AREAS": ["employment"]})
    classifying.classify(system, answers=given, by=make.actor(cast.olu), at=NOW + DAY)
    assert dated() == {}


def test_what_is_retired_owes_nothing_until_it_is_found_running_again(cast):
    system = classified(cast, "Hiring", {"AREAS": ["employment"]})
    acts = {"by": make.actor(cast.olu), "at": NOW}
    systems.move(system, to="retired", **acts)
    assert dated() == {}
    systems.move(system, to="discovered", **acts)
    assert dated() == {"Hiring": [("annex3", "2027-12-02")]}


def test_the_reminder_is_written_half_a_year_ahead_once_and_says_what_it_is(cast):
    classified(cast, "Hiring", {"AREAS": ["employment"]})
    then = datetime.datetime(2027, 6, 6, 12, tzinfo=datetime.UTC)
    for _ in range(2):
        clockwork.tick(at=then, clock=lambda: then)
    notice = Notice.objects.get(kind="law_applies")
    letter = notices.LETTERS["law_applies"](notice, then)
    assert letter.subject.startswith("Hiring: High-risk under Annex III")
    assert "Orientation, not legal advice." in letter.text


def test_a_clients_viewer_reads_no_dates_of_systems(cast):
    classified(cast, "Hiring", {"AREAS": ["employment"]})
    viewer = make.contact(cast.orchard, "V", "viewer", make.user("v@orchard.test", "V"))
    seen = {
        who: access.visible_to(make.actor(row), AgendaEntry).filter(kind="law_date").count()
        for who, row in {"sponsor": cast.priya, "viewer": viewer, "other": cast.ravi}.items()
    }
    assert seen == {"sponsor": 1, "viewer": 0, "other": 0}


def several(cast):
    """Two that the date concerns, one of them of another practice, and three that it does not."""
    classified(cast, "Hiring", {"AREAS": ["employment"]})
    classified(cast, "Toy", {"PRODUCT": "section_a", "ASSESSED": "yes"}, ["provider"])
    classified(cast, "Chatbot", {"SHOWN": ["interacts"]}, ["provider"])
    classified(cast, "Spam filter", {})
    hers = estate.system(cast.zoes_client, "Grading")
    given = answers(["provider"], {"AREAS": ["education"]})
    classifying.classify(hers, answers=given, by=make.actor(cast.zoe), at=NOW)
    estate.system(cast.orchard, "Unclassified")


def test_a_table_with_one_date_moved_replans_exactly_whom_it_concerns_and_once(cast, folder):
    several(cast)
    before = dated()
    published(folder, 2, MOVED)

    assert law_calendar.follow_law(NOW + DAY) == 2
    assert dated() == {
        **before,
        "Hiring": [("annex3", "2028-03-02")],
        "Grading": [("annex3", "2028-03-02")],
    }
    assert {name: [period for period, _ in told] for name, told in dated("law_moved").items()} == {
        "Hiring": ["v2"],
        "Grading": ["v2"],
    }
    after = list(AgendaEntry.objects.order_by("id").values())
    assert law_calendar.follow_law(NOW + DAY) == 0
    clockwork.tick(at=NOW + DAY, clock=lambda: NOW + DAY)
    kinds = ("law_date", "law_moved")
    again = AgendaEntry.objects.filter(kind__in=kinds).order_by("id")
    assert [
        (row["id"], row["version"], row["due_at"]) for row in after if row["kind"] in kinds
    ] == [(row.id, row.version, row.due_at) for row in again]
    moved = Event.objects.filter(kind="system.law_moved").order_by("id")
    assert [(event.before, event.after) for event in moved] == [
        (
            {"law_version": 1, "annex3": "2027-12-02"},
            {"law_version": 2, "annex3": "2028-03-02"},
        )
    ] * 2
    classes = System.objects.exclude(law_version=None).values_list("law_version", flat=True)
    assert set(classes) == {2}


def test_the_entry_names_the_system_and_what_moved(cast, folder):
    classified(cast, "Hiring", {"AREAS": ["employment"]})
    published(folder, 2, MOVED)
    clockwork.tick(at=NOW, clock=lambda: NOW)
    entry = AgendaEntry.objects.get(kind="law_moved")
    assert entry.title == ("The law moved for Hiring: Articles 6(2) and 113(c)(i) as amended")
    assert (entry.client_sees, entry.due_at.date()) == (False, NOW.date() + 14 * DAY)


def test_other_words_move_nobody(cast, folder):
    several(cast)
    published(folder, 2, ("A fixed date, not tied to standards.", "A fixed date."))
    assert law_calendar.follow_law(NOW) == 0
    assert dated("law_moved") == {}


def test_a_row_that_gets_its_day_is_planned(cast, folder):
    exempt = {"AREAS": ["employment"], "NARROW": ["procedural_task"]}
    classified(cast, "Excepted", exempt, ["provider"])
    published(folder, 2, ("unconfirmed = true", "applies_from = 2027-12-02"))
    assert law_calendar.follow_law(NOW) == 1
    assert dated() == {"Excepted": [("reg49_2", "2027-12-02")]}


def test_two_versions_at_once_raise_one_entry_by_the_newest(cast, folder):
    classified(cast, "Hiring", {"AREAS": ["employment"]})
    published(folder, 2, MOVED)
    later = (MOVED[0], MOVED[1].replace("2028-03-02", "2028-06-02"))
    published(folder, 3, later)
    assert law_calendar.follow_law(NOW) == 1
    assert dated() == {"Hiring": [("annex3", "2028-06-02")]}
    assert dated("law_moved") == {"Hiring": [("v3", "2026-03-16")]}


def test_a_system_that_cannot_be_planned_keeps_nobody_else_waiting(cast, folder, monkeypatch):
    several(cast)
    published(folder, 2, MOVED)
    System.objects.filter(name="Hiring").update(law_version=0)
    assert law_calendar.follow_law(NOW) == 1
    assert dated("law_moved").keys() == {"Grading"}


def test_what_was_retired_meanwhile_is_dated_by_the_newest_when_it_is_back(cast, folder):
    system = classified(cast, "Hiring", {"AREAS": ["employment"]})
    acts = {"by": make.actor(cast.olu), "at": NOW}
    systems.move(system, to="retired", **acts)
    published(folder, 2, MOVED)
    assert law_calendar.follow_law(NOW) == 0
    systems.move(system, to="discovered", **acts)
    assert dated() == {"Hiring": [("annex3", "2028-03-02")]}


def test_while_the_table_stands_a_tick_asks_once(cast, django_assert_num_queries):
    several(cast)
    with django_assert_num_queries(1):
        assert law_calendar.follow_law(NOW) == 0
