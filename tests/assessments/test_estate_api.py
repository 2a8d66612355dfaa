"""The AI estate over HTTP: filters, order, verbs with their codes, and who reads what it costs."""

from decimal import Decimal

from django.utils import timezone

from assessments import spend, systems, terms
from tests import make
from tests.assessments import estate


def rows(answer):
    return [row["name"] for row in answer.json()["results"]]


def test_a_system_goes_from_found_to_approved_over_the_api(cast, api):
    caller = api(cast.ada)
    known = {"name": "Search", "kind": "gateway", "data_classes": ["personal", "customer"]}
    made = caller.post("systems/", {"client": str(cast.orchard.pk), **known})
    assert (made.status_code, made.json()["status"]) == (201, "discovered")
    path = f"systems/{made.json()['id']}/"
    assert caller.post(f"{path}move/", {"to": "assessed"}).json()["status"] == "assessed"
    refused = caller.post(f"{path}move/", {"to": "approved"})
    assert (refused.status_code, refused.json()["code"]) == (409, "risk_owner_missing")
    caller.post(f"{path}name-risk-owner/", {"contact": str(cast.priya.pk)})
    assert caller.post(f"{path}move/", {"to": "approved"}).json()["status"] == "approved"
    skipped = caller.post(f"{path}move/", {"to": "discovered"}).json()
    assert (skipped["code"], skipped["status"]) == ("system_step_refused", 409)


def test_systems_are_narrowed_by_what_matters_and_ordered_by_name(cast, api):
    vendor = estate.vendor(cast.orchard)
    estate.system(cast.orchard, "Beta", kind="shadow", data_classes=["personal"])
    estate.system(cast.orchard, "Alpha", vendor=vendor, in_production=True)
    owned = estate.system(cast.orchard, "Gamma", data_classes=["special"], profiles_persons=True)
    systems.name_risk_owner(owned, name="Nora", **estate.acts(cast.orchard))
    caller = api(cast.ada)

    def found(query):
        return rows(caller.get(f"systems/?{query}"))

    assert found("") == ["Alpha", "Beta", "Gamma"]
    assert found("order=-name") == ["Gamma", "Beta", "Alpha"]
    assert found("kind=shadow") == ["Beta"]
    assert found("data_class=personal") == ["Beta"]
    assert found("risk_owned=true") == ["Gamma"]
    assert found("risk_owned=false") == ["Alpha", "Beta"]
    assert found(f"vendor={vendor.pk}") == ["Alpha"]
    assert found("in_production=true") == ["Alpha"]
    assert found("profiles_persons=true") == ["Gamma"]
    assert found("q=alp") == ["Alpha"]
    assert caller.get("systems/?data_class=gold").status_code == 400


def test_a_contract_is_put_down_with_its_last_day_for_notice(cast, api):
    caller, vendor = api(cast.ada), estate.vendor(cast.orchard)
    terms = {"name": "Seats", "starts_on": "2026-01-01", "renews_on": "2027-01-01"}
    money = {"annual_spend": "120000.00", "currency": "USD"}
    made = caller.post(
        "vendor-contracts/", {"vendor": str(vendor.pk), "notice_days": 90, **terms, **money}
    )
    told = made.json()
    assert (made.status_code, told["notice_on"], told["annual_spend"], told["data_processing"]) == (
        201,
        "2026-10-03",
        "120000.00",
        "unknown",
    )
    assert rows(caller.get("vendor-contracts/?notice_until=2026-10-04&under_way=true")) == ["Seats"]
    assert rows(caller.get("vendor-contracts/?notice_until=2026-10-03")) == []


def test_what_contracts_and_months_cost_is_absent_for_who_sees_no_fees(cast, api):
    make.assignment(cast.ben, cast.orchard)
    vendor = estate.vendor(cast.orchard)
    estate.contract(vendor, annual_spend="5.00")
    estate.line(cast.orchard, 13, "20.00", vendor=vendor)
    (told,) = api(cast.ben).get("vendor-contracts/").json()["results"]
    assert "annual_spend" not in told
    assert api(cast.ben).get("spend-lines/").status_code == 403
    # A key that reads, without the scope for fees.
    (line,) = api(cast.bot).get("spend-lines/").json()["results"]
    assert "amount" not in line
    for who in (cast.priya, cast.marta):
        (line,) = api(who).get("spend-lines/").json()["results"]
        assert line["amount"] == "20.00"


def test_the_report_of_spending_is_told_for_one_client_in_any_currency(cast, api):
    # The report is of today, so the line is of a whole month before it, whenever that is.
    now = timezone.now()
    spend.note(
        cast.orchard,
        month_on=terms.months_on(now.date().replace(day=1), -2),
        amount=Decimal("20.00"),
        vendor=estate.vendor(cast.orchard),
        by=make.actor(cast.ada),
        at=now,
    )
    caller, path = api(cast.priya), f"spend-report/?client={cast.orchard.pk}"
    told = caller.get(path).json()
    assert (told["currency"], told["spent"]["amount"], told["forecast"]["amount"]) == (
        "EUR",
        "20.00",
        "240.00",
    )
    assert caller.get(f"{path}&currency=USD").json()["spent"]["left_out"] == [
        {"currency": "EUR", "amount": "20.00"}
    ]
    for query, field in (("", "client"), ("&currency=usd", "currency"), ("&more=1", "more")):
        answer = caller.get(f"{path}{query}" if query else "spend-report/")
        assert (answer.status_code, list(answer.json()["errors"])) == (400, [field])
    assert caller.get(f"spend-report/?client={cast.quarry.pk}").status_code == 404


def test_a_finding_is_agreed_and_realised_over_the_api(cast, api):
    caller, path = api(cast.ada), f"savings/{estate.saving(cast.orchard).pk}/"
    early = caller.post(f"{path}realise/", {"amount": "1.00"})
    assert (early.status_code, early.json()["code"]) == (409, "saving_step_refused")
    assert caller.post(f"{path}agree/", {"amount": "900.00"}).json()["agreed_amount"] == "900.00"
    assert caller.post(f"{path}realise/", {"amount": "850.00"}).json()["status"] == "realised"
