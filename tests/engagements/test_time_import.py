"""Time from the files of other tools: read by heading, tried dry, written whole or not at all, the same again for nothing."""

import datetime
import time

import pytest

from engagements import periods, time_files, time_import, timesheet
from engagements.models import TimeEntry
from practice.models import Event
from practice.refusals import Invalid, Refusal
from tests import make
from tests.engagements import build
from tests.engagements.test_time_entries import billed, paused
from tests.make import NOW

TOGGL = "User,Email,Client,Project,Task,Description,Billable,Start date,Start time,End date,End time,Duration,Tags,Amount (USD)"
CLOCKIFY = (
    '"Project","Client","Description","Task","User","Group","Email","Tags","Billable","Start Date","Start Time",'
    '"End Date","End Time","Duration (h)","Duration (decimal)","Billable Rate (EUR)"'
)
HARVEST = "Date,Client,Project,Project Code,Task,Notes,Hours,Billable?,Invoiced?,First Name,Last Name,Employee?"


def day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


@pytest.fixture
def work(cast):
    return build.engagement(cast)


@pytest.fixture
def take(cast, work):
    def taken(content, dates="iso", *, by=cast.ada, dry_run=False, **more):
        return time_import.take(
            work,
            content=content,
            dates=dates,
            dry_run=dry_run,
            by=make.actor(by),
            at=NOW,
            **more,
        )

    return taken


def toggl(*rows: str) -> str:
    return "\n".join([TOGGL, *rows])


def row(
    on="2026-02-10",
    at="09:00:00",
    length="01:30:00",
    tags="CTO",
    note="Roadmap",
    email="ada@lantern.test",
) -> str:
    return f'Ada,{email},Orchard,Two hats,,{note},Yes,{on},{at},{on},{at},{length},"{tags}",0.00'


def stored():
    return sorted(
        TimeEntry.objects.values_list("worked_on", "minutes", "hat", "billable", "reactive", "note")
    )


def test_toggl_is_read_by_its_headings_and_hats_by_tags(take):
    result = take(
        toggl(
            row(),
            row(at="11:00:00", length="0:20:29", tags="caio, reactive"),
            row(at="12:00:00", length="00:10:30", tags="Joint"),
        )
    )

    assert (result.layout, result.counts["add"]) == ("toggl", 3)
    assert stored() == [
        (day("2026-02-10"), 11, "", True, False, "Roadmap"),
        (day("2026-02-10"), 20, "CAIO", True, True, "Roadmap"),
        (day("2026-02-10"), 90, "CTO", True, False, "Roadmap"),
    ]


def test_clockify_is_read_with_months_first_and_decimal_lengths(take):
    file = "\n".join(
        [
            CLOCKIFY,
            '"P","Orchard","Gateway","Platform","Ada","","ada@lantern.test","","No","02/10/2026","09:00:00 AM",'
            '"02/10/2026","10:30:00 AM","01:30:00","1.50","0"',
            '"P","Orchard","Policy","AI","Ada","","","","Yes","02/11/2026","09:00:00 AM","","","","0.25","0"',
        ]
    )

    result = take(file, "us", hat_from="task", hats={"Platform": "CTO", "ai": "CAIO"})

    assert result.layout == "clockify"
    assert stored() == [
        (day("2026-02-10"), 90, "CTO", False, False, "Gateway"),
        (day("2026-02-11"), 15, "CAIO", True, False, "Policy"),
    ]


def test_harvest_is_read_with_days_first_and_a_comma_in_the_hours(take):
    file = "\n".join(
        [
            HARVEST,
            'a,b,"c"',
            '10.02.2026,Orchard,CAIO,,Advice,Board,"7,5",No,No,Ada,,Yes',
        ]
    )

    result = take(file, "eu", hat_from="project", dry_run=True)

    assert [(r.line.number, r.action) for r in result.rows] == [(2, "error"), (3, "add")]
    assert (result.rows[1].entry.minutes, result.rows[1].entry.hat) == (450, "CAIO")


def test_a_dry_run_tells_every_fault_with_line_and_column_and_writes_nothing(take):
    file = toggl(
        row(on="2026-02-30"),
        row(length="soon"),
        row(length="25:00:00"),
        row(tags="lunch"),
        row(tags="CTO,CAIO"),
        row(email="nobody@lantern.test"),
        row(email="fin@lantern.test"),
        row(on="2026-03-09"),
        row(on="2025-12-31"),
        row(length="00:00:12"),
        'Ada,ada@lantern.test,Orchard,Two hats,,"Two',
        'lines",Perhaps,2026-02-10,09:00:00,,,1:00:00,CTO,0',
        row(at="23:00:00"),
    )

    result = take(file, dry_run=True)

    told = [(r.line.number, r.action, [f.column for f in r.faults]) for r in result.rows]
    assert told == [
        (2, "error", ["start date"]),
        (3, "error", ["duration"]),
        (4, "error", ["duration"]),
        (5, "error", ["tags"]),
        (6, "error", ["tags"]),
        (7, "error", ["email"]),
        (8, "error", ["email"]),
        (9, "error", ["date"]),
        (10, "error", ["date"]),
        (11, "skip", []),
        (12, "error", ["billable"]),
        (14, "add", []),
    ]
    assert TimeEntry.objects.count() == 0


def test_one_wrong_row_keeps_all_out(take):
    with pytest.raises(Refusal) as no:
        take(toggl(row(), row(at="11:00:00", tags="lunch")))

    assert (no.value.code, [r["line"] for r in no.value.facts["rows"]]) == ("rows_wrong", [3])
    assert TimeEntry.objects.count() == 0


def test_the_same_file_again_changes_nothing_and_a_corrected_one_what_was_corrected(take):
    take(toggl(row(), row(at="11:00:00")))
    again = take(toggl(row(), row(at="11:00:00")))
    corrected = take(toggl(row(length="02:00:00", note="Architecture"), row(at="11:00:00")))

    assert (again.counts["same"], corrected.counts["change"], corrected.counts["same"]) == (2, 1, 1)
    assert [r[1] for r in stored()] == [90, 120]
    assert [
        e.after["change"] for e in Event.objects.filter(kind="time.imported").order_by("id")
    ] == [0, 1]
    assert sorted(TimeEntry.objects.values_list("version", flat=True)) == [1, 2]


def test_rows_alike_to_the_letter_are_two(take):
    take(toggl(row(), row()))

    assert take(toggl(row(), row())).counts["same"] == 2
    assert TimeEntry.objects.count() == 2


def test_what_is_billed_or_closed_is_not_overwritten(take, work, cast):
    take(toggl(row(), row(on="2026-01-10")))
    billed(TimeEntry.objects.get(worked_on="2026-02-10"))
    periods.lock(work, month=day("2026-01-01"), by=make.actor(cast.ada), at=NOW)

    same = take(toggl(row(), row(on="2026-01-10")))
    tried = take(
        toggl(row(length="1:00"), row(on="2026-01-10", length="1:00"), row(on="2026-01-11")),
        dry_run=True,
    )

    assert same.counts["same"] == 2
    assert [r.action for r in tried.rows] == ["error", "error", "add"]
    assert (tried.rows[2].late, tried.rows[2].entry.booked_on) == (True, day("2026-02-01"))


def test_only_rows_of_the_project_named_are_taken(take):
    other = row(at="11:00:00").replace("Two hats", "Another")

    result = take(toggl(row(), other), project="two hats")

    assert (result.counts["add"], result.counts["skip"]) == (1, 1)


def test_rows_without_a_hat_go_where_the_person_says(take):
    assert take(toggl(row(tags="")), otherwise="joint").rows[0].entry.hat == ""
    assert take(toggl(row(tags="", at="10:00")), otherwise="CAIO").rows[0].entry.hat == "CAIO"


def test_with_one_hat_alone_no_row_need_name_it(cast):
    work = build.engagement(cast, hats={"CTO": 100})

    result = time_import.take(
        work, content=toggl(row(tags="")), dates="iso", by=make.actor(cast.ada), at=NOW
    )

    assert result.rows[0].entry.hat == "CTO"


def test_a_day_in_a_pause_is_an_error_of_its_row(take, work):
    paused(work, "2026-02-09", "2026-02-12")

    assert take(toggl(row()), dry_run=True).rows[0].faults[0].why == (
        "The engagement was paused on this day."
    )


def test_an_associate_takes_in_their_own_time_alone(take, cast):
    make.assignment(cast.ben, cast.orchard)

    result = take(toggl(row(), row(email="ben@lantern.test")), by=cast.ben, dry_run=True)

    assert [(r.action, [f.why for f in r.faults]) for r in result.rows] == [
        ("error", [timesheet.OWN_ONLY]),
        ("add", []),
    ]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("Name,Hours\nx,1", "The headings are of none of"),
        (TOGGL, "no rows"),
        ("", "The headings are of none of"),
        ("Größe".encode("latin-1"), "not in UTF-8"),
        ("x".encode("utf-16"), "not in UTF-8"),
        (b"a\x00b", "not a text file"),
        ("x" * 2_000_001, "Larger than 2 MB"),
        (toggl(*[row()] * 10_001), "At most 10,000 rows"),
        (toggl('"unended'), "is not CSV"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(content, words):
    with pytest.raises(Invalid) as no:
        time_files.read(content, "iso")

    assert words in no.value.errors["content"][0]


def test_a_byte_order_mark_and_semicolons_are_read():
    file = time_files.read(b"\xef\xbb\xbf" + toggl(row()).replace(",", ";").encode(), "iso")

    assert (file.layout, file.lines[0].minutes) == ("toggl", 90)


def test_a_row_of_totals_is_left_out():
    assert len(time_files.read(toggl(row(), "Total,,,,,,,,,,,01:30:00,,"), "iso").lines) == 1


@pytest.mark.parametrize(
    "field",
    [{"dates": "who knows"}, {"hat_from": "mood"}, {"otherwise": "CIO"}, {"hats": {"a": "CIO"}}],
)
def test_a_choice_that_is_none_is_named(take, field):
    with pytest.raises(Invalid) as no:
        take(toggl(row()), **field)

    assert list(no.value.errors) == list(field)


def test_five_thousand_rows_take_few_statements_and_one_event(
    take, work, django_assert_max_num_queries
):
    lines = [
        row(on=f"2026-02-{n % 28 + 1:02}", at=f"{n // 28:05}", tags=("CTO", "CAIO")[n % 2])
        for n in range(5000)
    ]
    began = time.perf_counter()

    with django_assert_max_num_queries(130):
        result = take(toggl(*lines))

    assert (result.counts["add"], TimeEntry.objects.count()) == (5000, 5000)
    assert Event.objects.filter(kind__startswith="time.").count() == 1
    assert time.perf_counter() - began < 60
