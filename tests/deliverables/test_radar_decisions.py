"""What the decision log tells the radar, the hat balance, the handover and the report."""

import datetime
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from deliverables import agreements, decisions, radar_decisions, reports
from deliverables.models import Decision
from engagements import handover, hat_balance, lifecycle, radar, timesheet
from engagements.models import Engagement, Finding, HandoverItem
from engagements.radar_sight import Sight
from practice.models import AgendaEntry
from tests import make
from tests.deliverables import logged
from tests.engagements import build
from tests.make import NOW

DAY = datetime.timedelta(days=1)


@pytest.fixture
def engagement(cast):
    row = build.engagement(cast)
    logged.charter(cast, row)
    return row


@pytest.fixture
def ada(cast):
    return make.actor(cast.ada)


def found(code, at=NOW):
    radar.sweep(at=at)
    rows = Finding.objects.filter(code=code, cleared_at=None).order_by("about")
    return list(rows.values_list("about", flat=True))


def test_two_decisions_in_force_on_one_right_by_different_hats_are_found(cast, engagement, ada):
    def joint(hat, other, **more):
        row = logged.decision(engagement, cast.ada, code="DR-26", hat=hat, **more)
        return agreements.agree(row, hat=other, by=ada, at=NOW)

    first = joint("CTO", "CAIO")
    assert found("FM-05") == []
    joint("CAIO", "CTO")
    assert found("FM-05") == ["DR-26"]
    # One by the other hat in the first one's place, and there is one side only.
    last = decisions.supersede(first, hat="CAIO", decide=True, by=ada, at=NOW, **logged.SAYS)
    agreements.agree(last, hat="CTO", by=ada, at=NOW)
    assert found("FM-05") == []


def test_each_hats_own_spending_is_no_conflict(cast, engagement):
    for hat in ("CTO", "CAIO"):
        logged.decision(
            engagement, cast.ada, code="DR-05", hat=hat, amount=Decimal(1), currency="EUR"
        )

    assert found("FM-05") == []


def test_what_is_spent_before_the_client_agreed_is_found_from_its_day_on(cast, engagement):
    over = {"amount": Decimal(6000), "currency": "EUR"}
    row = logged.decision(engagement, cast.ada, spend_on=NOW.date() + 2 * DAY, **over)
    logged.decision(engagement, cast.ada, **over)

    assert found("FM-14", NOW + DAY) == []
    assert found("FM-14", NOW + 2 * DAY) == [str(row.number)]
    agreements.agree(row, by=make.actor(cast.priya), at=NOW + 2 * DAY)
    assert found("FM-14", NOW + 2 * DAY) == []


def test_what_was_taken_elsewhere_beyond_the_limit_is_found_at_once(cast, engagement, ada):
    row = logged.decision(engagement, cast.ada, amount=Decimal(6000), currency="EUR", decide=False)
    decisions.decide_on_behalf(row, note="In a call.", by=ada, at=NOW)

    assert found("FM-14") == [str(row.number)]


def test_an_ai_hat_that_decides_nothing_for_28_days_is_found(cast, engagement):
    assert found("FM-01", NOW + 27 * DAY) == []
    assert found("FM-01", NOW + 28 * DAY) == ["decisions"]
    logged.decision(engagement, cast.ada, code="DR-22", hat="CAIO", at=NOW + 28 * DAY)
    assert found("FM-01", NOW + 28 * DAY) == []
    assert found("FM-01", NOW + 55 * DAY) == []
    assert found("FM-01", NOW + 56 * DAY) == ["decisions"]


def test_the_radar_asks_as_much_of_three_engagements_as_of_one(cast, engagement):
    def asked():
        rows = list(Engagement.objects.select_related("client"))
        sight = Sight(rows, NOW)
        with CaptureQueriesContext(connection) as queries:
            for check in (
                radar_decisions.ai_undecided,
                radar_decisions.two_hats_one_right,
                radar_decisions.beyond_the_limit,
            ):
                list(check(sight))
        return len(queries)

    logged.decision(engagement, cast.ada)
    one = asked()
    for n in range(2):
        other = build.engagement(cast, name=f"Work {n}")
        logged.charter(cast, other)
        logged.decision(other, cast.ada)
    assert asked() == one


def test_decisions_count_in_the_hat_balance_by_the_clients_day(cast, engagement):
    logged.decision(engagement, cast.ada)
    logged.decision(engagement, cast.ada, code="DR-22", hat="CAIO")
    logged.decision(engagement, cast.ada, decide=False)

    balance = hat_balance.rolling(engagement, at=NOW)

    assert balance.counts["decisions"] == {"CTO": 1, "CAIO": 1}
    assert reports.counted(cast.practice.pk, NOW.date() + DAY, NOW.date() + 2 * DAY) == {}


def test_the_handover_names_the_log_and_what_is_open(cast, engagement, ada):
    logged.decision(engagement, cast.ada)
    logged.decision(engagement, cast.ada, decide=False)

    assert handover.ITEMS["decisions"](engagement) == {
        "decision_log": "The decision log is handed over: 1 decided",
        "open_decisions": "Decisions still open: 1",
    }


def test_what_is_open_ends_with_the_engagement_and_what_was_decided_stays(cast, engagement, ada):
    logged.decision(engagement, cast.ada, review_on=NOW.date() + 30 * DAY)
    logged.decision(engagement, cast.ada, code="DR-07", hat="CAIO")

    lifecycle.end(engagement, reason="Done.", by=ada, at=NOW)

    told = Decision.objects.order_by("number").values_list("status", "closed_reason")
    assert list(told) == [("decided", ""), ("withdrawn", "The engagement ended.")]
    assert not AgendaEntry.objects.filter(kind="decision_review", status="open").exists()
    item = HandoverItem.objects.get(engagement=engagement, key="open_decisions")
    assert item.label == "Decisions still open: 1"


def test_time_can_be_for_a_decision(cast, engagement, ada):
    row = logged.decision(engagement, cast.ada)

    assert timesheet.LINKS["decision"].title(ada, engagement, row.pk) == f"1. {row.question}"
    assert timesheet.LINKS["decision"].title(ada, engagement, make.uuid(1)) is None


def test_the_report_tells_of_unused_rights_missing_reviews_and_hats(cast, engagement, ada):
    logged.decision(engagement, cast.ada)
    logged.decision(engagement, cast.ada, review_on=NOW.date() + 30 * DAY)
    logged.decision(engagement, cast.ada, code="DR-22", hat="CAIO")

    told = reports.of(engagement, by=ada, at=NOW + 31 * DAY)

    assert (told["decided"], len(told["rights_never_used"])) == (3, 27 - 2)
    assert [one["number"] for one in told["without_review"]] == [1, 3]
    assert [one["number"] for one in told["review_overdue"]] == [2]
    assert told["hats"] == [
        {"hat": "CAIO", "decided": 1, "share": 33},
        {"hat": "CTO", "decided": 2, "share": 67},
    ]
    assert reports.of(engagement, by=make.actor(cast.priya), at=NOW)["decided"] == 0
