"""What ends with an engagement: who wore what, who stood in, to whom hats answered, what was in force and what waited."""

import datetime
from decimal import Decimal

import pytest

from engagements import (
    charters,
    contracts,
    deputies,
    lifecycle,
    radar,
    reporting,
    wearing,
)
from engagements.models import Charter, ContractVersion, Deputy, Finding, ReportingLine, Wearing
from practice.models import AgendaEntry, Event
from tests import make
from tests.engagements import build
from tests.make import NOW

TODAY = NOW.date()
DAY = datetime.timedelta(days=1)


@pytest.fixture
def work(cast):
    return build.engagement(cast)


def end(cast, work, on=TODAY):
    by = make.actor(cast.ada)
    return lifecycle.end(work, reason="Hired.", on=on, by=by, at=NOW)


def named(cast, work, since, until, *, accepted=True):
    worn = Wearing.objects.get(engagement=work, hat="CTO", until_on=None)
    row = deputies.name(
        worn, member=cast.ben, since_on=since, until_on=until, by=make.actor(cast.ada), at=NOW
    )
    return deputies.accept(row, by=make.actor(cast.priya), at=NOW) if accepted else row


def test_the_hats_are_taken_off_on_the_last_day_and_one_to_come_is_never_worn(cast, work):
    later = TODAY + 30 * DAY
    by = make.actor(cast.ada)
    wearing.wear(work, hat="CAIO", member=cast.ben, since_on=later, by=by, at=NOW)
    end(cast, work)
    stretches = Wearing.objects.filter(engagement=work).order_by("hat", "since_on")
    began = datetime.date(2026, 1, 1)
    assert list(stretches.values_list("hat", "since_on", "until_on")) == [
        ("CAIO", began, TODAY),
        ("CAIO", later, later),
        ("CTO", began, TODAY),
    ]
    assert wearing.worn_on(work, TODAY - DAY) == {"CTO": cast.ada.pk, "CAIO": cast.ada.pk}
    assert [wearing.worn_on(work, day) for day in (TODAY, later)] == [{}, {}]


def test_who_stands_in_does_so_to_the_last_day_and_nobody_comes_after_it(cast, work):
    running = named(cast, work, TODAY - 5 * DAY, TODAY + 5 * DAY)
    later = named(cast, work, TODAY + 5 * DAY, TODAY + 9 * DAY)
    asked = named(cast, work, TODAY - 9 * DAY, TODAY - 5 * DAY, accepted=False)
    waits = named(cast, work, TODAY + 20 * DAY, TODAY + 29 * DAY, accepted=False)
    end(cast, work)
    told = {row.pk: (row.until_on, row.withdrawn_at) for row in Deputy.objects.all()}
    assert told == {
        running.pk: (TODAY, None),
        later.pk: (TODAY + 9 * DAY, NOW),
        asked.pk: (TODAY - 5 * DAY, NOW),
        waits.pk: (TODAY + 29 * DAY, NOW),
    }
    assert deputies.standing_in(work, "CTO", TODAY) is None


def test_reporting_lines_end_and_nobody_is_asked_to_look_at_them_again(cast, work):
    line = reporting.answer_to(
        work,
        hat="CAIO",
        reports_to="CEO",
        since_on=TODAY - 10 * DAY,
        review_on=TODAY + 60 * DAY,
        by=make.actor(cast.ada),
        at=NOW,
    )
    end(cast, work)
    line = ReportingLine.objects.get(pk=line.pk)
    assert line.until_on == TODAY
    entry = AgendaEntry.objects.get(kind="reporting_review")
    assert (entry.status, entry.next_at) == ("cancelled", None)


def test_what_was_in_force_has_ended_and_what_waited_is_taken_back(cast, work):
    by = make.actor(cast.ada)
    standing = build.charter(cast, work)
    drafted = charters.draft(work, by=by, at=NOW)
    contract = contracts.draft(work, title="Contract", by=by, at=NOW)
    contract = contracts.offer(contract, by=by, at=NOW)
    contract = contracts.accept(contract, by=make.actor(cast.priya), at=NOW)
    amendment = contracts.draft(work, title="Amendment", by=by, at=NOW)
    amendment = contracts.offer(amendment, by=by, at=NOW)
    end(cast, work)
    told = [Charter.objects.get(pk=row.pk).status for row in (standing, drafted)]
    assert told == ["ended", "withdrawn"]
    told = [ContractVersion.objects.get(pk=row.pk).status for row in (contract, amendment)]
    assert told == ["ended", "withdrawn"]
    assert (charters.in_force(work), contracts.in_force(work)) == (None, None)
    assert charters.limit_in_force(work, "CTO") is None


def test_the_client_still_reads_what_was_agreed(cast, work, api):
    charter = build.charter(cast, work)
    end(cast, work)
    row = api(cast.priya).get(f"charters/{charter.pk}/").json()
    assert (row["status"], row["accepted_by"]) == ("ended", str(cast.priya.pk))
    rights = api(cast.priya).get(f"rights/?charter={charter.pk}").json()["results"]
    assert len(rights) > 20


def test_the_radar_lets_go_of_it_at_once(cast, work):
    radar.sweep(at=NOW)
    assert Finding.objects.filter(cleared_at=None).exists()
    end(cast, work)
    assert not Finding.objects.filter(cleared_at=None).exists()


def test_nothing_of_it_is_open_on_the_agenda(cast, work):
    build.charter(cast, work)
    end(cast, work)
    subjects = {work.pk, *Wearing.objects.values_list("pk", flat=True)}
    assert not AgendaEntry.objects.filter(subject_id__in=subjects, status="open").exists()


def test_another_engagement_of_the_client_is_left_alone(cast, work):
    other = build.engagement(cast, name="Other")
    build.charter(cast, other)
    end(cast, work)
    assert Wearing.objects.filter(engagement=other, until_on=None).count() == 2
    assert charters.in_force(other) is not None
    assert charters.limit_in_force(other, "CTO").per_decision == Decimal(5000)


def test_the_log_says_what_ended_with_it(cast, work):
    named(cast, work, TODAY - 5 * DAY, TODAY + 5 * DAY)
    build.charter(cast, work)
    before = Event.objects.order_by("id").last().pk
    end(cast, work)
    kinds = Event.objects.filter(pk__gt=before).order_by("id").values_list("kind", flat=True)
    assert list(kinds) == [
        "stage.ended",
        "engagement.ended",
        *["handover.item_added"] * 5,
        "charter.ended",
        "deputy.ended",
        "wearing.ended",
        "wearing.ended",
    ]
