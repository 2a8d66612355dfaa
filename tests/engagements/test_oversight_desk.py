"""Oversight at the desk over HTTP: who finds which page, what it says, and what its forms do."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from engagements import billing, radar
from engagements.models import BillingBatch, Capacity, Finding, Rate
from practice.desk import desk
from tests import make
from tests.engagements import build
from tests.make import NOW

JAN, FEB = datetime.date(2026, 1, 1), datetime.date(2026, 2, 1)


def fixed(cast, **more):
    return build.engagement(cast, terms={"allowance": "0", "allowance_unit": "none"}, **more)


def collected(cast) -> BillingBatch:
    fixed(cast)
    by = make.actor(cast.fin)
    return billing.open_batch(cast.orchard, from_on=JAN, until_on=FEB, by=by, at=NOW)


def under(row, page: str) -> str:
    return desk.page_of(row).removesuffix("change/") + f"{page}/"


def text(answer) -> str:
    return answer.content.decode()


@pytest.mark.parametrize(
    ("who", "name", "status"),
    [
        ("ada", "portfolio", 200),
        ("ada", "radar", 200),
        ("ada", "rate-card", 200),
        ("ben", "portfolio", 403),
        ("ben", "radar", 200),
        ("ben", "rate-card", 403),
        ("fin", "portfolio", 403),
        ("fin", "radar", 403),
        ("fin", "rate-card", 200),
    ],
)
def test_each_page_is_for_whom_the_table_says(cast, page, who, name, status):
    assert page(getattr(cast, who)).get(reverse(f"desk:{name}")).status_code == status


def test_empty_pages_say_what_to_do(cast, page):
    olu = page(cast.olu)
    assert "Draft one for a client" in text(olu.get(reverse("desk:portfolio")))
    assert "Nothing on the radar" in text(olu.get(reverse("desk:radar")))
    assert "Not stated." in text(olu.get(reverse("desk:rate-card")))


def test_the_portfolio_shows_what_one_may_see(cast, page):
    build.engagement(cast)
    build.engagement(cast, client=cast.quarry, lead=cast.olu)
    radar.sweep(at=timezone.now())
    shown = text(page(cast.ada).get(reverse("desk:portfolio")))
    assert ("Orchard" in shown, "Quarry" in shown, "Answers to nobody" in shown) == (
        True,
        False,
        True,
    )


def test_the_radar_page_lists_hits_and_all_that_is_watched(cast, page):
    build.engagement(cast)
    radar.sweep(at=NOW)
    shown = text(page(cast.ada).get(reverse("desk:radar")))
    assert "Ada wears the CAIO hat, and it is not recorded to whom it reports." in shown
    assert f"{len(radar.codes())} of 17 are watched" in shown
    ben = text(page(cast.ben).get(reverse("desk:radar")))
    assert "Nothing on the radar" in ben


def test_a_finding_is_acknowledged_with_a_reason(cast, page):
    build.engagement(cast, ai_in_scope=False)
    build.measured(cast.orchard)
    radar.sweep(at=NOW)
    row, ada = Finding.objects.get(), page(cast.ada)
    assert ada.get(under(row, "acknowledge")).status_code == 200
    ada.post(under(row, "acknowledge"), {"reason": "Asked Priya."})
    row.refresh_from_db()
    assert (row.acknowledged_reason, row.acknowledged_by) == ("Asked Priya.", cast.ada)
    ada.post(under(row, "unacknowledge"))
    row.refresh_from_db()
    assert row.acknowledged_at is None
    assert page(cast.ben).get(under(row, "acknowledge")).status_code == 404


def test_the_radar_page_asks_as_much_for_three_as_for_one(cast, page):
    browser = page(cast.olu)

    def asked() -> int:
        radar.sweep(at=NOW)
        with CaptureQueriesContext(connection) as captured:
            assert browser.get(reverse("desk:radar")).status_code == 200
        return len(captured)

    build.engagement(cast)
    one = asked()
    for number in range(2):
        build.engagement(cast, client=cast.quarry, lead=cast.olu, name=f"{number}")
    assert asked() == one


def test_a_batch_is_collected_exported_and_settled_by_finance(cast, page):
    fixed(cast)
    fin = page(cast.fin)
    form = {"client": cast.orchard.pk, "from_on": "2026-01-01", "until_on": "2026-02-01"}
    fin.post(reverse("desk:engagements_billingbatch_add"), form)
    batch = BillingBatch.objects.get()
    shown = text(fin.get(desk.page_of(batch)))
    assert ("Retainer, January 2026" in shown, "20,000.00 EUR" in shown) == (True, True)
    assert fin.get(under(batch, "csv")).status_code == 404
    fin.post(under(batch, "export"))
    assert fin.get(under(batch, "csv"))["Content-Type"] == "text/csv; charset=utf-8"
    assert fin.get(under(batch, "json"))["Content-Type"] == "application/json"
    fin.post(under(batch, "settle"), {"external_number": "7", "external_on": "2026-02-03"})
    batch.refresh_from_db()
    assert (batch.status, batch.external_number) == ("settled", "7")


def test_the_form_says_why_nothing_was_collected(cast, page):
    form = {"client": cast.orchard.pk, "from_on": "2026-01-01", "until_on": "2026-02-01"}
    answer = page(cast.fin).post(reverse("desk:engagements_billingbatch_add"), form)
    assert billing.NothingToBill.sentence in text(answer)


def test_a_discarded_batch_leads_back_to_the_list(cast, page):
    batch = collected(cast)
    answer = page(cast.fin).post(under(batch, "discard"))
    assert answer["Location"] == desk.link(BillingBatch)
    assert BillingBatch.objects.count() == 0


def test_who_does_not_bill_finds_no_batch(cast, page):
    batch = collected(cast)
    for who in (cast.ada, cast.ben):
        assert page(who).get(desk.link(BillingBatch)).status_code == 403
        for name in ("change", "csv", "export"):
            assert page(who).get(under(batch, name)).status_code in (403, 404)
    assert page(cast.zoe).get(under(batch, "csv")).status_code == 404


def test_an_owner_states_rates_and_capacity(cast, page):
    olu = page(cast.olu)
    rate = {"point": "RETAINER", "per": "month", "low": "1000", "high": "2000"}
    rate |= {"currency": "EUR", "since_on": "2026-01-01"}
    olu.post(reverse("desk:engagements_rate_add"), rate)
    able = {"member": cast.ada.pk, "days_per_month": "5", "since_on": "2026-01-01"}
    olu.post(reverse("desk:engagements_capacity_add"), able)
    assert (Rate.objects.count(), Capacity.objects.count()) == (1, 1)
    assert "1,000 to 2,000 EUR" in text(olu.get(reverse("desk:rate-card")))
    assert page(cast.ada).get(reverse("desk:engagements_rate_add")).status_code == 403
