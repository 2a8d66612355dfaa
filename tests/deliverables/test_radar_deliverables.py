"""What deliverables tell the radar, the hat balance, the handover, and what time and decisions can be about."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from deliverables import accepting, links, radar_decisions, radar_deliverables, writing
from deliverables.bundled import Bundled
from deliverables.models import Deliverable, InternalReview, Release
from engagements import handover, hat_balance, lifecycle, radar, timesheet
from engagements.models import Finding
from engagements.radar_sight import Sight
from practice.models import AgendaEntry
from tests import make
from tests.deliverables import logged, owing
from tests.engagements import build
from tests.make import NOW

DAY = datetime.timedelta(days=1)


@pytest.fixture
def engagement(cast):
    row = build.engagement(cast)
    build.replanned(row, at=NOW)
    return row


def piece(engagement, code):
    return Deliverable.objects.get(engagement=engagement, code=code)


def found(code, at=NOW):
    radar.sweep(at=at)
    rows = Finding.objects.filter(code=code, cleared_at=None).order_by("about")
    return list(rows.values_list("about", flat=True))


def test_a_refused_bundle_is_found_for_28_days(cast, engagement):
    told = {"name": "Both.txt", "content": b"One.", "by": make.actor(cast.ada), "at": NOW}
    writing.upload(piece(engagement, "DV-01"), **told)
    for code in ("DV-05", "DV-07"):
        with pytest.raises(Bundled):
            writing.upload(piece(engagement, code), **told)
    assert found("FM-06") == ["bundled"]
    row = Finding.objects.get(code="FM-06")
    assert row.sentence == (
        "The same file was handed in under two hats, 2 times in 28 days; it was refused."
    )
    assert [one["text"][:4] for one in row.evidence if one["kind"] == "deliverable"] == ["CAIO"] * 2
    assert found("FM-06", NOW + 27 * DAY) == ["bundled"]
    assert found("FM-06", NOW + 28 * DAY) == []


@pytest.mark.parametrize(("cto", "expected"), [(65, []), (66, ["thin"])])
def test_a_thin_half_is_found_under_35_per_cent(cast, engagement, cto, expected):
    owing.reviewed(piece(engagement, "DV-01"), cast.ada, cast.olu, "a " * cto)
    owing.reviewed(piece(engagement, "DV-05"), cast.ada, cast.olu, "b " * 35)
    assert found("FM-06") == expected


def test_a_step_of_a_deliverable_of_the_ai_hat_is_progress_for_28_days(cast):
    row = build.engagement(cast, starts_on=NOW.date() - 90 * DAY)
    logged.charter(cast, row, at=NOW - 60 * DAY)
    assert found("FM-01") == ["decisions"]
    owing.written(owing.planned(row, cast.ada, code="DV-02"), cast.ada, "Read.")
    assert found("FM-01") == ["decisions"]
    owing.written(owing.planned(row, cast.ada, code="DV-05"), cast.ada)
    assert found("FM-01") == []
    assert found("FM-01", NOW + 27 * DAY) == []
    assert found("FM-01", NOW + 28 * DAY) == ["decisions"]


def test_many_are_looked_at_in_as_many_statements_as_one(cast):
    def asked(rows):
        sight = Sight(rows, NOW)
        with CaptureQueriesContext(
            connection,
        ) as made:
            list(radar_deliverables.one_document(sight))
            list(radar_decisions.ai_undecided(sight))
        return len(made)

    rows = [build.engagement(cast, name=f"Work {n}") for n in range(3)]
    for row in rows:
        owing.released(cast, row, code="DV-05", text=f"b {row.name}")
        told = owing.planned(row, cast.ada, code="DV-01")
        owing.reviewed(told, cast.ada, cast.olu, f"a {row.name} " * 50)
    assert asked(rows[:1]) == asked(rows)


def test_submissions_and_releases_count_in_the_hat_balance(cast, engagement):
    owing.released(cast, engagement, code="DV-05")
    owing.reviewed(piece(engagement, "DV-01"), cast.ada, cast.olu, "Roadmap.")
    balance = hat_balance.rolling(engagement, at=NOW)
    assert balance.counts["deliverables"] == {"CTO": 1, "CAIO": 2}


def test_the_end_drops_what_was_not_delivered_and_leaves_what_waits_for_an_answer(cast, engagement):
    owing.delivered(cast, engagement, "DV-05")
    waits = owing.released(cast, engagement, code="DV-07", text="A frame.")
    row = piece(engagement, "DV-01")
    writing.submit(owing.written(row, cast.ada, "R."), by=make.actor(cast.ada), at=NOW)
    assert handover.ITEMS["deliverables"](engagement) == {
        "accepted_deliverables": "Accepted deliverables are handed over: 1",
        "open_deliverables": "Deliverables still open: 17",
    }

    lifecycle.end(engagement, reason="Done.", by=make.actor(cast.ada), at=NOW)

    row.refresh_from_db()
    assert (row.status, row.dropped_reason) == ("dropped", "The engagement ended.")
    assert InternalReview.objects.get(deliverable=row).state == "withdrawn"
    assert piece(engagement, "DV-05").status == "accepted"
    assert not AgendaEntry.objects.filter(kind="deliverable_due", status="open").exists()
    accepting.answer(
        waits, answer="changes", remarks="More.", by=make.actor(cast.priya), at=NOW + DAY
    )
    assert Release.objects.get(pk=waits.pk).state == "changes"


def test_time_and_decisions_can_be_for_a_deliverable(cast, engagement):
    ada, row = make.actor(cast.ada), piece(engagement, "DV-05")
    assert timesheet.LINKS["deliverable"].title(ada, engagement, row.pk) == row.title
    assert timesheet.LINKS["deliverable"].title(ada, engagement, make.uuid(1)) is None
    offered = links.LINKS["deliverable"].offers(ada, engagement)
    assert (row.pk, row.title) in offered
