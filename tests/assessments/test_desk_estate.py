"""The AI estate at the desk over HTTP: the register, a system's steps and its risk owner, what spending comes to."""

import datetime
from decimal import Decimal

from django.urls import reverse
from django.utils import timezone

from assessments import classifying, pictures, systems, terms
from assessments.models import SpendLine, System, VendorContract
from practice.desk import desk
from practice.models import Contact
from tests import make
from tests.assessments import estate

FORM = {
    "name": "Search",
    "kind": "shadow",
    "owner_name": "Nora",
    "data_classes": ["personal", "internal"],
    "discovered_how": "network",
    "discovered_on": "2026-03-02",
    "profiles_persons": "unknown",
}


def under(row, page: str) -> str:
    return desk.page_of(row).removesuffix("change/") + f"{page}/"


def listed(model: str) -> str:
    return reverse(f"desk:assessments_{model}_changelist")


def test_a_system_is_put_down_at_the_desk(cast, page):
    path = reverse("desk:assessments_system_add")
    answer = page(cast.ada).post(path, {"client": str(cast.orchard.pk), **FORM})
    row = System.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, desk.page_of(row))
    assert (row.kind, row.data_classes, row.profiles_persons, row.owner_name) == (
        "shadow",
        ["personal", "internal"],
        None,
        "Nora",
    )


def test_the_register_shows_who_answers_and_narrows_to_those_without(cast, page):
    owned = estate.system(cast.orchard, "Owned")
    systems.name_risk_owner(owned, name="Nora", **estate.acts(cast.orchard))
    estate.system(cast.orchard, "Unowned")
    browser = page(cast.ada)
    whole = browser.get(listed("system")).content.decode()
    assert ("Owned" in whole, "Nora" in whole, "Nobody yet" in whole) == (True, True, True)
    narrowed = browser.get(f"{listed('system')}?risk_owned=no").content.decode()
    assert ("Unowned" in narrowed, "Nora" in narrowed) == (True, False)


def test_the_register_tells_the_class_and_narrows_to_one_or_to_what_nobody_classified(cast, page):
    hiring = {"AI-ACT-ROLES": ["deployer"], "AI-ACT-AREAS": ["employment"]}
    for name, answers in (("Hiring", hiring), ("Letters", {"AI-ACT-ROLES": ["deployer"]})):
        row = estate.system(cast.orchard, name)
        classifying.classify(row, answers=answers, **estate.acts(cast.orchard))
    estate.system(cast.orchard, "Minutes")
    browser = page(cast.ada)

    def named(query: str = "") -> list[str]:
        answer = browser.get(listed("system") + query)
        return [row.name for row in answer.context["cl"].result_list]

    whole = browser.get(listed("system")).content.decode()
    for words in ("High risk: ask counsel", "Not classified yet"):
        assert words in whole
    assert named() == ["Hiring", "Letters", "Minutes"]
    assert named("?tier=HIGH_RISK") == ["Hiring"]
    assert named("?tier=open") == ["Minutes"]


def test_the_register_leads_to_its_links_those_who_may_share_it(cast, page):
    make.assignment(cast.ben, cast.orchard, "CTO")
    link = 'href="/desk/assessments/registershare/"'
    told = [
        link in page(who).get(listed("system")).content.decode() for who in (cast.ada, cast.ben)
    ]
    assert told == [True, False]


def test_only_steps_that_fit_are_offered_and_a_missing_risk_owner_is_said(cast, page):
    row, browser = estate.system(cast.orchard), page(cast.ada)
    shown = browser.get(desk.page_of(row)).content.decode()
    assert ("Mark as assessed" in shown, "Mark as in use" in shown) == (True, False)
    browser.post(under(row, "assessed"))
    refused = browser.post(under(row, "approved"), follow=True).content.decode()
    assert "Name the one person who answers for the risk" in refused
    browser.post(under(row, "risk-owner"), {"contact": str(cast.priya.pk), "name": ""})
    browser.post(under(row, "approved"))
    row.refresh_from_db()
    assert (row.status, row.risk_owner) == ("approved", cast.priya)


def test_the_risk_owner_is_one_of_this_clients_people(cast, page):
    row, browser = estate.system(cast.orchard), page(cast.olu)
    form = browser.get(under(row, "risk-owner")).context["form"]
    assert set(form.fields["contact"].queryset) == set(
        Contact.objects.filter(client=cast.orchard, active=True)
    )
    both = {"contact": str(cast.priya.pk), "name": "Nora"}
    assert "not both" in browser.post(under(row, "risk-owner"), both).content.decode()
    browser.post(under(row, "risk-owner"), {"contact": str(cast.ravi.pk)})
    row.refresh_from_db()
    assert row.has_risk_owner is False


def test_an_associate_finds_no_way_to_approve_and_no_sums(cast, page):
    make.assignment(cast.ben, cast.orchard)
    row, vendor = estate.system(cast.orchard), estate.vendor(cast.orchard)
    contract = estate.contract(vendor, annual_spend=Decimal("71234.56"))
    systems.move(row, to="assessed", **estate.acts(cast.orchard))
    browser = page(cast.ben)
    assert browser.get(under(row, "approved")).status_code == 404
    for path in (listed("vendorcontract"), desk.page_of(contract)):
        assert "71234.56" not in browser.get(path).content.decode()
    assert browser.get(listed("spendline")).status_code == 403
    assert browser.get(under(cast.orchard, "ai-spending")).status_code == 404


def test_a_contract_is_put_down_and_given_notice_of_at_the_desk(cast, page):
    vendor, browser = estate.vendor(cast.orchard), page(cast.ada)
    days = {"starts_on": "2026-01-01", "renews_on": "2027-01-01", "auto_renew": "on"}
    said = {"name": "Seats", "currency": "EUR", "annual_spend": "1000.00", "notice_days": "30"}
    known = {"renewal_months": "12", "data_processing": "agreed"}
    path = reverse("desk:assessments_vendorcontract_add")
    browser.post(path, {"vendor": str(vendor.pk), **said, **days, **known})
    row = VendorContract.objects.get()
    assert row.notice_on == datetime.date(2026, 12, 2)
    browser.post(under(row, "give-notice"), {"given_on": "2026-02-01"})
    row.refresh_from_db()
    assert row.notice_given_on == datetime.date(2026, 2, 1)


def test_a_clients_spending_is_a_page_of_the_client(cast, page):
    vendor, browser = estate.vendor(cast.orchard), page(cast.ada)
    empty = browser.get(under(cast.orchard, "ai-spending")).content.decode()
    assert "The ledger has no whole month yet." in empty
    line = estate.line(cast.orchard, 13, "1234.50", vendor=vendor)
    # The page is of today, whenever that is: the line is of the month before the last.
    month = terms.months_on(timezone.now().date().replace(day=1), -2)
    SpendLine.objects.filter(pk=line.pk).update(month_on=month)
    shown = browser.get(under(cast.orchard, "ai-spending")).content.decode()
    assert "1,234.50 EUR" in shown
    assert "what no rate into USD covers is not in it" in shown
    assert "Experience, not a promise." in shown


def test_the_picture_of_the_axis_gives_equal_factors_equal_widths():
    marks = [{"amount": amount} for amount in (1_000_000, 2_000_000, 10_000_000)]
    drawn = pictures.axis({"spent": None, "forecast": Decimal(4_000_000), "marks": marks})
    one, two, _ = (float(x) for x, _ in drawn["marks"])
    assert abs(float(drawn["forecast"]) - two - (two - one)) < 0.02
    assert (drawn["spent"], [label for _, label in drawn["marks"]]) == ("0", ["1 M", "2 M", "10 M"])


def test_finance_has_no_business_with_a_clients_estate(cast, page):
    estate.system(cast.orchard)
    assert page(cast.fin).get(listed("system")).status_code == 403


def test_the_picture_of_months_is_as_high_as_the_dearest_month_or_a_mark_near_it():
    january, february = datetime.date(2026, 1, 1), datetime.date(2026, 2, 1)
    told = {
        january: {"A": Decimal(60_000), "B": Decimal(20_000)},
        february: {"A": Decimal(50_000), "B": Decimal(-5_000), "": Decimal(10_000)},
    }
    marks = [{"amount": 1_000_000}, {"amount": 2_000_000}]
    drawn = pictures.months(told, marks)
    # A twelfth of a million is just above the dearest month; of two millions far above it.
    assert drawn["lines"] == [{"y": "0.00", "label": "1 M"}]
    assert drawn["key"] == ["A", "B", "No vendor named"]
    assert [[part["height"] for part in month["parts"]] for month in drawn["months"]] == [
        ["28.80", "9.60"],
        # A credit is no part of a bar.
        ["24.00", "4.80"],
    ]


def test_nothing_spent_makes_no_picture_of_months():
    assert pictures.months({}, []) is None
    assert pictures.months({datetime.date(2026, 1, 1): {"A": Decimal(-5)}}, []) is None


def test_a_clients_contracts_are_a_page_by_month_and_an_associate_reads_no_sums(cast, page):
    make.assignment(cast.ben, cast.orchard)
    vendor = estate.vendor(cast.orchard)
    path = under(cast.orchard, "ai-contracts")
    assert (
        "No contract with a fixed term is under way." in page(cast.ada).get(path).content.decode()
    )
    ends = terms.months_on(timezone.now().date().replace(day=1), 3)
    contract = estate.contract(vendor, renews_on=ends, annual_spend=Decimal("71234.56"))
    for who, sees in ((cast.ada, True), (cast.ben, False)):
        shown = page(who).get(path).content.decode()
        assert ("71,234.56 EUR" in shown, desk.page_of(contract) in shown) == (sees, True)
    assert page(cast.fin).get(path).status_code == 404
