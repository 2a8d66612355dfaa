"""The demo's AI estates: two clients, each told by its file, and what is read of them."""

import datetime
from collections import Counter
from decimal import Decimal

import pytest

from assessments import (
    demo_told,
    incidents,
    initiatives,
    metrics,
    risks,
    spend_report,
)
from assessments.models import Incident, Risk, Saving, SpendLine, System, Vendor
from deliverables.models import Decision
from practice import access, book, demo
from practice.models import Client
from practice.quarters import quarter_of
from tests.make import NOW


def test_each_file_of_the_demo_tells_of_one_client():
    told = {one.client: (one.months, len(one.systems)) for one in demo_told.estates()}
    assert told == {"Marmalade Insurance": (18, 6), "Velvet Anchor Bank": (14, 6)}


def test_a_misspelt_key_of_such_a_file_is_named(tmp_path):
    file = tmp_path / "somebody.toml"
    file.write_text('version = 1\nclient = "Somebody"\nvendor = []\n')
    with pytest.raises(book.BadBook, match=r"somebody.toml: vendor: no such key"):
        book.build(demo_told.Estate, book.read(file), file)


@pytest.fixture
def marmalade(db):
    demo.load(NOW)
    return Client.objects.get(name="Marmalade Insurance")


def test_the_client_with_the_board_reports_has_an_estate_of_its_own(marmalade):
    client = marmalade
    systems = System.objects.filter(client=client).values_list("status", "tier")
    assert Counter(systems) == {
        ("in_use", "LIMITED_RISK"): 2,
        ("in_use", "MINIMAL_RISK"): 1,
        ("assessed", "HIGH_RISK"): 1,
        ("assessed", "MINIMAL_RISK"): 1,
        ("discovered", ""): 1,
    }
    assert Vendor.objects.filter(client=client).count() == 3
    steps = Saving.objects.filter(client=client).values_list("status", flat=True)
    assert Counter(steps) == {"identified": 1, "agreed": 1, "realised": 1}
    assert list(Incident.objects.filter(client=client).values_list("status")) == [("closed",)]
    _spent(client)
    _steered(client)


def _spent(client):
    today = NOW.date()
    whole = today.replace(day=1) - datetime.timedelta(days=1)
    lines = SpendLine.objects.filter(client=client)
    assert Counter(lines.values_list("currency", flat=True)) == {"EUR": 36, "USD": 18}
    report = spend_report.of(client, by=access.system(client.practice_id), at=NOW)
    assert (report["spent"]["last_on"], report["spent"]["months"]) == (whole.replace(day=1), 12)
    assert report["spent"]["amount"] > Decimal(400_000)
    assert report["spent"]["left_out"] == []


def _steered(client):
    quarter = quarter_of(NOW.date(), client.fiscal_year_start)
    # The one that is done was so before this quarter.
    statuses = initiatives.progress(client, quarter).by_status
    assert statuses == {"proposed": 1, "agreed": 1, "under_way": 1, "done": 0}
    assert len(metrics.values_in(client, quarter)) == 3
    posture = risks.posture(client, NOW)
    assert (posture.open, posture.accepted, posture.without_owner, posture.overdue) == (3, 1, 0, 0)
    accepted = Risk.objects.get(client=client, status="accepted")
    decision = Decision.objects.get(pk=accepted.accepted_decision_id)
    assert (decision.code, decision.status) == ("DR-02", "decided")
    assert incidents.in_quarter(client, quarter).carried == ()
