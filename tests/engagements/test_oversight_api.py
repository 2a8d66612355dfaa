"""Findings, portfolio, rates, capacities and batches over HTTP: bodies, codes, and who is answered what."""

import datetime
import hashlib

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from engagements import billing, radar
from engagements.models import BillingBatch, Finding
from practice import access
from tests import make
from tests.engagements import build
from tests.make import NOW

JAN = datetime.date(2026, 1, 1)
MONTH = {"from_on": "2026-01-01", "until_on": "2026-02-01"}
NO_ALLOWANCE = {"allowance": "0", "allowance_unit": "none"}


def fixed(cast):
    return build.engagement(cast, terms=NO_ALLOWANCE)


def finding(cast) -> Finding:
    build.measured(cast.orchard)
    build.engagement(cast, ai_in_scope=False)
    radar.sweep(at=NOW)
    return Finding.objects.get()


def batch(cast) -> BillingBatch:
    fixed(cast)
    by = make.actor(cast.fin)
    return billing.open_batch(
        cast.orchard, from_on=JAN, until_on=datetime.date(2026, 2, 1), by=by, at=NOW
    )


def test_findings_are_listed_and_acknowledged(cast, api):
    row, ada = finding(cast), api(cast.ada)
    listed = ada.get("radar-findings/?open=true&code=FM-16").json()["results"]
    assert [one["id"] for one in listed] == [str(row.pk)]
    answer = ada.post(f"radar-findings/{row.pk}/acknowledge/", {"reason": "Asked."})
    assert (answer.status_code, answer.json()["acknowledged_reason"]) == (200, "Asked.")
    answer = ada.post(f"radar-findings/{row.pk}/unacknowledge/")
    assert (answer.status_code, answer.json()["acknowledged_at"]) == (200, None)
    refused = ada.post(f"radar-findings/{row.pk}/unacknowledge/")
    assert (refused.status_code, refused.json()["code"]) == (409, "not_acknowledged")


def test_a_key_acknowledges_in_the_name_of_who_made_it(cast, api):
    row = finding(cast)
    key = make.key(cast.practice, "Bot", ("read", "write"), cast.orchard)
    answer = api(key).post(f"radar-findings/{row.pk}/acknowledge/", {"reason": "By script."})
    # Nobody is on record as having made this one, so the engagement's lead answers for it.
    assert answer.json()["acknowledged_by"] == str(cast.ada.pk)


def test_contacts_and_finance_have_no_radar(cast, api):
    row = finding(cast)
    for who in (cast.priya, cast.marta, cast.fin):
        assert api(who).get("radar-findings/").status_code == 403
        assert api(who).get(f"radar-findings/{row.pk}/").status_code == 404
        assert api(who).get("radar-findings/watched/").status_code == 403
    assert api(cast.zoe).get(f"radar-findings/{row.pk}/").status_code == 404


def test_all_seventeen_are_told_with_what_is_watched(cast, api):
    told = api(cast.ada).get("radar-findings/watched/").json()["results"]
    assert [one["code"] for one in told] == [f"FM-{n:02}" for n in range(1, 18)]
    assert [one["code"] for one in told if one["checked"]] == radar.codes()


def test_the_portfolio_is_one_answer(cast, api):
    engagement = build.engagement(cast)
    told = api(cast.ada).get("portfolio/").json()
    assert told["results"][0]["engagement"] == str(engagement.pk)
    assert (told["members"][0]["promised_days"], told["unworn_days"], told["truncated"]) == (
        "4.0",
        "0.0",
        False,
    )
    assert api(cast.fin).get("portfolio/").status_code == 403
    assert api(cast.priya).get("portfolio/").status_code == 403


RATE = {
    "point": "RETAINER",
    "per": "month",
    "low": "10000.00",
    "high": "14000.00",
    "currency": "EUR",
    "since_on": "2026-01-01",
}


def test_an_owner_states_a_rate_and_others_read_the_card(cast, api):
    made = api(cast.olu).post("rates/", RATE)
    assert (made.status_code, made.json()["low"]) == (201, "10000.00")
    again = api(cast.olu).post("rates/", RATE)
    assert (again.status_code, again.json()["code"]) == (409, "taken")
    card = api(cast.fin).get("rates/card/").json()
    retainer = next(one for one in card["points"] if one["point"] == "RETAINER")
    assert [one["id"] for one in retainer["own"]] == [made.json()["id"]]
    assert api(cast.ada).post("rates/", RATE).status_code == 403
    for who in (cast.ben, cast.priya):
        assert api(who).get("rates/card/").status_code == 403


def test_an_owner_states_capacity(cast, api):
    body = {"member": str(cast.ada.pk), "days_per_month": "12.5", "since_on": "2026-01-01"}
    made = api(cast.olu).post("capacities/", body)
    assert (made.status_code, made.json()["member_name"]) == (201, "Ada")
    foreign = api(cast.olu).post("capacities/", body | {"member": str(cast.zoe.pk)})
    assert (foreign.status_code, list(foreign.json()["errors"])) == (400, ["member"])
    assert api(cast.ada).get("capacities/").status_code == 200
    assert api(cast.ada).post("capacities/", body).status_code == 403
    assert api(cast.fin).get("capacities/").status_code == 403


def test_a_batch_from_collecting_to_settling(cast, api):
    fixed(cast)
    fin = api(cast.fin)
    made = fin.post("billing-batches/", {"client": str(cast.orchard.pk), **MONTH})
    assert (made.status_code, made.json()["total"], made.json()["status"]) == (
        201,
        "20000.00",
        "open",
    )
    path = f"billing-batches/{made.json()['id']}"
    early = fin.get(f"{path}/csv/")
    assert (early.status_code, early.json()["code"]) == (409, "not_exported")
    lines = fin.get(f"billing-lines/?batch={made.json()['id']}").json()["results"]
    assert [(line["amount"], line["unit"]) for line in lines] == [("20000.00", "month")]
    exported = fin.post(f"{path}/export/")
    assert exported.json()["status"] == "exported"
    for kind in ("csv", "json"):
        one, two = fin.get(f"{path}/{kind}/"), fin.get(f"{path}/{kind}/")
        assert one.content == two.content
        assert one["Content-Disposition"] == f'attachment; filename="batch-1.{kind}"'
    settled = fin.post(
        f"{path}/settle/", {"external_number": "2026-114", "external_on": "2026-02-03"}
    )
    assert (settled.status_code, settled.json()["status"]) == (200, "settled")
    assert fin.post(f"{path}/discard/").json()["code"] == "already_exported"


def test_the_fingerprint_is_that_of_the_file(cast, api):
    row = batch(cast)
    fin = api(cast.fin)
    sha = fin.post(f"billing-batches/{row.pk}/export/").json()["sha256"]
    content = fin.get(f"billing-batches/{row.pk}/json/").content
    assert sha == hashlib.sha256(content).hexdigest()


def test_an_open_batch_is_discarded_and_what_it_held_is_billed_anew(cast, api):
    row, fin = batch(cast), api(cast.fin)
    answer = fin.post(f"billing-batches/{row.pk}/discard/")
    assert (answer.status_code, answer.json()) == (200, {"id": str(row.pk)})
    body = {"client": str(cast.orchard.pk), **MONTH}
    assert fin.post("billing-batches/", body).status_code == 201
    refused = fin.post("billing-batches/", body)
    assert (refused.status_code, refused.json()["code"]) == (409, "nothing_to_bill")


def test_who_does_not_bill_finds_no_batch(cast, api):
    row = batch(cast)
    for who in (cast.ada, cast.ben, cast.priya, cast.marta):
        assert api(who).get("billing-batches/").status_code == 403
        for path in ("", "csv/", "json/"):
            assert api(who).get(f"billing-batches/{row.pk}/{path}").status_code == 404
        assert api(who).post(
            "billing-batches/", {"client": str(cast.orchard.pk), **MONTH}
        ).status_code in (400, 403)
    assert api(cast.zoe).get(f"billing-batches/{row.pk}/").status_code == 404


def test_a_key_without_the_commercial_scope_sees_no_amount(cast, api):
    row = batch(cast)
    billing.export(row, by=make.actor(cast.fin), at=NOW)
    seen = api(cast.bot).get(f"billing-batches/{row.pk}/").json()
    assert "total" not in seen
    assert api(cast.bot).get(f"billing-batches/{row.pk}/csv/").status_code == 403
    line = api(cast.bot).get("billing-lines/").json()["results"][0]
    assert not {"amount", "unit_price"} & line.keys()
    commercial = make.key(cast.practice, "Books", ("read", "commercial"))
    assert api(commercial).get(f"billing-batches/{row.pk}/csv/").status_code == 200


def test_a_key_bills_only_where_it_also_sees_what_it_does(cast, api):
    row, february = batch(cast), {"from_on": "2026-02-01", "until_on": "2026-03-01"}
    blind = api(make.key(cast.practice, "Blind", ("read", "write")))
    invoice = {"external_number": "I-1", "external_on": "2026-03-01"}
    told = [
        blind.post("billing-batches/", {"client": str(cast.orchard.pk), **february}),
        blind.post(f"billing-batches/{row.pk}/export/"),
        blind.post(f"billing-batches/{row.pk}/settle/", invoice),
        blind.post(f"billing-batches/{row.pk}/discard/"),
    ]
    assert [(one.status_code, one.json()["code"]) for one in told] == [(403, "not_allowed")] * 4
    row.refresh_from_db()
    assert row.status == "open"
    seeing = api(make.key(cast.practice, "Books", ("read", "write", "commercial")))
    assert seeing.post(f"billing-batches/{row.pk}/export/").status_code == 200
    assert seeing.post(f"billing-batches/{row.pk}/settle/", invoice).json()["status"] == "settled"


def test_a_batch_opened_twice_with_one_key_is_opened_once(cast, api):
    fixed(cast)
    fin, body = api(cast.fin), {"client": str(cast.orchard.pk), **MONTH}
    first = fin.post("billing-batches/", body, Idempotency_Key="bill-1")
    again = fin.post("billing-batches/", body, Idempotency_Key="bill-1")
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.content == first.content
    assert (again.headers["ETag"], again.headers["Idempotent-Replayed"]) == ('"1"', "true")
    assert BillingBatch.objects.count() == 1
    later = {"from_on": "2026-02-01", "until_on": "2026-03-01"}
    other = fin.post("billing-batches/", body | later, Idempotency_Key="bill-1")
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")
    assert BillingBatch.objects.count() == 1
    # Without the key it is another request, and the months are taken.
    assert fin.post("billing-batches/", body).json()["code"] == "nothing_to_bill"


@pytest.mark.parametrize(
    "path", ["radar-findings", "rates", "capacities", "billing-batches", "billing-lines"]
)
def test_every_list_asks_as_much_for_three_rows_as_for_one(cast, api, path):
    def asked() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert api(cast.olu).get(f"{path}/").status_code == 200
        return len(captured)

    row = batch(cast)
    radar.sweep(at=NOW)
    one = asked()
    for month in (2, 3):
        billing.open_batch(
            cast.orchard,
            from_on=datetime.date(2026, month, 1),
            until_on=datetime.date(2026, month + 1, 1),
            by=access.system(row.practice_id),
            at=NOW,
        )
        build.engagement(cast, name=f"No. {month}", client=cast.quarry, lead=cast.olu)
    radar.sweep(at=NOW)
    assert asked() == one
