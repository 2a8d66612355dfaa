"""The figures of a board report are those of the registers, and what moved since is flagged before it is issued."""

import datetime
import json
from decimal import Decimal

import pytest

from assessments import facts, risks, spend, systems, vendors
from deliverables import board_issuing, board_writing
from deliverables.models import BoardReport
from practice import access, agenda_rules, book, clients
from practice.refusals import Invalid
from tests import make
from tests.assessments import planned
from tests.deliverables import boarding, owing
from tests.engagements import build
from tests.make import NOW

Day = datetime.date
HOUR = datetime.timedelta(hours=1)


@pytest.fixture
def engagement(cast):
    return build.engagement(cast)


def spent(cast, vendor, month, amount, currency="EUR"):
    return spend.note(
        cast.orchard,
        month_on=month,
        amount=Decimal(amount),
        currency=currency,
        vendor=vendor,
        by=make.actor(cast.ada),
        at=NOW,
    )


@pytest.fixture
def vendor(cast):
    return vendors.add(cast.orchard, name="Acorn Models", by=make.actor(cast.ada), at=NOW)


def figures(report, section):
    return {one["key"]: one for one in report.figures["sections"][section]["figures"]}


def test_spend_is_that_of_the_quarter_against_the_last_to_the_cent(cast, engagement, vendor):
    spent(cast, vendor, Day(2025, 12, 1), "100.10")
    lines = [
        spent(cast, vendor, Day(2026, month, 1), amount)
        for month, amount in ((1, "70.05"), (2, "30.01"))
    ]
    spent(cast, vendor, Day(2026, 2, 1), "5.00", "USD")
    report = boarding.opened(cast, engagement)
    told = figures(report, "spend")
    assert (told["spent"]["amount"], told["spent"]["before"]) == ("100.06", "100.10 EUR")
    assert told["spent"]["note"] == "Not in the sum, for want of a recorded rate: 5.00 USD."
    assert told["change"]["value"] == "-0.04 EUR"
    named = [row["id"] for row in told["spent"]["rows"]]
    assert {str(line.pk) for line in lines} <= set(named)
    assert len(named) == 3
    (table,) = [t for t in report.figures["sections"]["spend"]["tables"] if t["key"] == "vendors"]
    assert table["rows"] == [["Acorn Models", "100.06 EUR", "100.10 EUR"]]


def test_deliverables_accepted_late_and_next(cast, engagement):
    owing.delivered(cast, engagement, "DV-05")
    owing.planned(engagement, cast.ada, code="DV-07", due_on=Day(2026, 2, 1))
    owing.planned(engagement, cast.ada, code="DV-17", due_on=Day(2026, 4, 1))
    report = boarding.opened(cast, engagement)
    told = figures(report, "capability")
    assert {key: told[key]["value"] for key in ("accepted", "late", "next")} == {
        "accepted": "1",
        "late": "1",
        "next": "1",
    }


def test_what_moved_is_flagged_and_holds_the_report_back(cast, engagement, vendor):
    ada = make.actor(cast.ada)
    report = boarding.reviewed(cast, boarding.opened(cast, engagement))
    assert board_writing.flagged(report, at=NOW) == []
    spent(cast, vendor, Day(2026, 1, 1), "70.00")
    flags = {flag["place"] for flag in board_writing.flagged(report, at=NOW)}
    assert "spend/figures/spent" in flags
    with pytest.raises(board_issuing.FiguresMoved):
        board_issuing.issue(report, by=ada, at=NOW)


def test_filled_in_anew_it_is_no_longer_flagged(cast, engagement, vendor):
    ada = make.actor(cast.ada)
    report = boarding.opened(cast, engagement)
    spent(cast, vendor, Day(2026, 1, 1), "70.00")
    report = board_writing.refresh(report, by=ada, at=NOW + HOUR)
    assert (board_writing.flagged(report, at=NOW + HOUR), report.as_of) == ([], NOW + HOUR)
    with pytest.raises(board_writing.NothingMoved):
        board_writing.keep(report, by=ada, at=NOW + HOUR)


def test_left_as_they_were_they_hold_until_they_move_again(cast, engagement, vendor):
    ada = make.actor(cast.ada)
    report = boarding.opened(cast, engagement)
    spent(cast, vendor, Day(2026, 1, 1), "70.00")
    report = board_writing.keep(report, by=ada, at=NOW)
    assert board_writing.flagged(report, at=NOW) == []
    spent(cast, vendor, Day(2026, 1, 1), "0.01")
    assert board_writing.flagged(report, at=NOW) != []
    report = board_writing.keep(report, by=ada, at=NOW)
    report = boarding.issued(cast, report)
    (told,) = [one for one in json.loads(report.content)["summary"] if one["key"] == "spent"]
    assert told["amount"] == "0.00"


def test_figures_are_not_written_by_hand(cast, engagement):
    report = boarding.opened(cast, engagement)
    with pytest.raises(Invalid):
        board_writing.change(report, figures={}, by=make.actor(cast.ada), at=NOW)


def test_the_document_over_the_api_is_what_was_frozen(cast, engagement, api):
    report = boarding.issued(cast, boarding.opened(cast, engagement))
    path = f"/api/v1/board-reports/{report.pk}/document/"
    for person in (cast.ada, cast.priya, cast.marta):
        told = api(person).get(path).json()
        assert told["content"] == json.loads(BoardReport.objects.get().content)
        assert told["seal"]["sha256"] == report.sha256
    assert api(cast.ravi).get(path).status_code == 404
    assert api(cast.ben).get(path).status_code == 404


def test_time_is_told_only_where_the_terms_let_the_client_see_it(cast):
    seen = build.engagement(cast, name="Seen", terms={"client_sees_hats": True})
    hidden = build.engagement(
        cast, name="Hidden", terms={"client_sees_balance": False, "client_sees_hats": False}
    )
    told = [list(figures(boarding.opened(cast, one), "time")) for one in (seen, hidden)]
    assert told == [["used_minutes", "left_minutes", "hat_cto", "hat_caio"], []]


def test_quarters_are_named_as_the_clients_fiscal_year_has_them(cast):
    clients.change(cast.orchard, fiscal_year_start=4, by=make.actor(cast.olu), at=NOW)
    engagement = build.engagement(cast, starts_on=Day(2025, 8, 1))
    report = boarding.opened(cast, engagement)
    (trend,) = report.figures["sections"]["spend"]["charts"]
    points = [point["label"] for point in trend["series"][0]["points"]]
    assert points == ["FY2026Q2", "FY2026Q3", "FY2026Q4"]


def test_kinds_of_the_agenda_say_for_themselves_that_they_are_the_clients_obligations():
    assert agenda_rules.obligations() == {
        "law_date",
        "evidence_expiry",
        "vendor_contract",
        "vendor_notice",
        "vendor_review",
        "risk_review",
        "eu_milestone",
    }


def test_no_kind_of_the_law_is_left_out_but_that_it_moved():
    """That one is for the practice to do: the dates themselves follow."""
    kinds = set(book.tables(agenda_rules.Rule, facts.DATA / "agenda_law.toml"))
    assert kinds - agenda_rules.obligations() == {"law_moved"}


def test_what_moves_after_the_quarter_is_over_moves_nothing_in_it(cast):
    engagement = build.engagement(cast, starts_on=Day(2025, 7, 1))
    begun = datetime.datetime(2025, 11, 3, 9, 0, tzinfo=datetime.UTC)
    by = access.system(cast.orchard.practice_id)
    system = systems.add(cast.orchard, name="Letters", kind="workload", by=by, at=begun)
    risk = risks.add(cast.orchard, title="Made up", likelihood=5, impact=5, by=by, at=begun)
    report = boarding.opened(cast, engagement, on=Day(2025, 12, 31))
    told = report.figures["sections"]
    systems.move(system, to="retired", by=by, at=NOW)
    risks.close(risk, reason="Gone.", by=by, at=NOW)
    planned.risk(cast.orchard, "Another")
    now = board_writing.refresh(report, by=make.actor(cast.ada), at=NOW).figures["sections"]
    assert {key: now[key] for key in ("risk", "capability")} == {
        key: told[key] for key in ("risk", "capability")
    }
    assert figures(report, "capability")["systems"]["value"] == "1"
