"""The AI register in the portal: who finds it, what each person reads, and how much it asks."""

import datetime

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from assessments import classifying, incidents, systems, terms, vendor_contracts
from assessments.models import SpendLine
from tests import make
from tests.assessments import estate

REGISTER = "/portal/ai-register/"


def shown(answer) -> str:
    return answer.content.decode()


def person(cast, role: str):
    name = role.title()
    email = f"{role}@orchard.test"
    return make.contact(cast.orchard, name, role, make.user(email, name), email=email)


def acts(client):
    return {"by": estate.acts(client)["by"], "at": timezone.now()}


def contract(cast, vendor, days: int, **more):
    """One that renews so many days from today, whenever that is."""
    today = timezone.now().date()
    terms_ = {"starts_on": terms.months_on(today, -12), "currency": "EUR"}
    return vendor_contracts.add(
        vendor,
        name=f"In {days}",
        renews_on=today + datetime.timedelta(days=days),
        annual_spend="71234.56",
        **{**terms_, **more},
        **acts(cast.orchard),
    )


def test_an_empty_register_says_that_nothing_was_put_down(cast, page):
    told = shown(page(cast.priya).get(REGISTER))
    assert "Nothing was put down yet." in told
    assert "No whole month is in the ledger yet." in told
    assert "No contract with a fixed term is under way." in told


def test_sponsor_and_board_read_systems_with_status_owner_and_vendor(cast, page):
    vendor = estate.vendor(cast.orchard)
    owned = estate.system(cast.orchard, "Letters", vendor=vendor, in_production=True)
    systems.name_risk_owner(owned, contact=cast.priya, **estate.acts(cast.orchard))
    estate.system(cast.orchard, "Minutes", kind="shadow")
    estate.system(cast.quarry, "Elsewhere")
    for who, owner in ((cast.priya, "Priya"), (cast.marta, "Somebody of your company")):
        answer = page(who).get(REGISTER)
        told = [
            (one["row"].name, one["risk_owner"], one["vendor"]) for one in answer.context["systems"]
        ]
        assert told == [("Letters", owner, "Cloudmind"), ("Minutes", "", "")]
        assert answer.context["counts"] == {"systems": 2, "in_production": 1, "unowned": 1}
        assert ("Nobody yet" in shown(answer), "Elsewhere" in shown(answer)) == (True, False)


def test_a_reviewer_reads_systems_alone_and_a_viewer_finds_no_register(cast, page):
    vendor = estate.vendor(cast.orchard)
    system = estate.system(cast.orchard, "Letters", vendor=vendor)
    estate.line(cast.orchard, 14, "71234.56", vendor=vendor)
    contract(cast, vendor, 30)
    said = {"title": "Wrong sums", "severity": "high", "what_happened": "It made them up."}
    incidents.add(system, **said, **estate.acts(cast.orchard))
    told = shown(page(person(cast, "reviewer")).get(REGISTER))
    hidden = ("Cloudmind", "71,234.56", "What it costs", "Contracts that come up", "Wrong sums")
    assert "Letters" in told
    assert [word for word in hidden if word in told] == []
    viewer = page(person(cast, "viewer"))
    assert viewer.get(REGISTER).status_code == 404
    assert "AI register" not in shown(viewer.get("/portal/"))


def test_each_system_shows_its_class_and_leads_to_why(cast, page):
    hiring = {"AI-ACT-ROLES": ["deployer"], "AI-ACT-AREAS": ["employment"]}
    acts_ = estate.acts(cast.orchard)
    row = classifying.classify(estate.system(cast.orchard, "Hiring"), answers=hiring, **acts_)
    estate.system(cast.orchard, "Minutes")
    classifying.classify(
        estate.system(cast.quarry, "E"), answers=hiring, **estate.acts(cast.quarry)
    )
    for who in (cast.priya, cast.marta, person(cast, "reviewer")):
        answer = page(who).get(REGISTER)
        told = [(one["row"].name, one["classified"]) for one in answer.context["systems"]]
        assert told == [("Hiring", row), ("Minutes", None)]
        for words in ("High risk", "Ask counsel", "Not classified yet", 'href="/portal/ai-law/"'):
            assert words in shown(answer)
        assert f'href="{REGISTER}"' in shown(page(who).get("/portal/ai-law/"))


def test_contracts_come_by_their_next_day_and_say_what_it_is(cast, page):
    vendor = estate.vendor(cast.orchard)
    contract(cast, vendor, 90, notice_days=30, auto_renew=True)
    contract(cast, vendor, 40, notice_days=60, auto_renew=True)
    contract(cast, vendor, 100)
    over = contract(cast, vendor, 20)
    vendor_contracts.end(over, **acts(cast.orchard))
    answer = page(cast.priya).get(REGISTER)
    told = [(one.row.name, one.what, one.soon) for one in answer.context["contracts"]]
    assert told == [
        # The last day for notice has passed.
        ("In 40", "Renews", True),
        ("In 90", "Last day for notice, or it renews", True),
        ("In 100", "Decide by this day, or it ends", False),
    ]
    assert "71,234.56 EUR" in shown(answer)


def test_an_incident_is_shown_until_it_is_closed(cast, page):
    system = estate.system(cast.orchard)
    said = {"title": "Wrong sums", "severity": "high", "what_happened": "It made them up."}
    row = incidents.add(system, serious=True, **said, **estate.acts(cast.orchard))
    told = shown(page(cast.marta).get(REGISTER))
    assert ("Wrong sums" in told, "Ask counsel whether it must be reported" in told) == (True, True)
    row = incidents.contain(row, **estate.acts(cast.orchard))
    incidents.close(row, learned="L", ended_at=make.NOW, **estate.acts(cast.orchard))
    assert "Wrong sums" not in shown(page(cast.marta).get(REGISTER))


def test_the_page_asks_as_much_of_three_of_each_as_of_one(cast, page):
    browser, asked = page(cast.priya), []
    for many in (1, 2):
        for number in range(many):
            vendor = estate.vendor(cast.orchard, f"V{many}{number}")
            system = estate.system(cast.orchard, f"S{many}{number}", vendor=vendor)
            estate.line(cast.orchard, 14, "20.00", vendor=vendor, system=system)
            contract(cast, vendor, 30 + number)
            answers = {"AI-ACT-ROLES": ["deployer"]}
            classifying.classify(system, answers=answers, **estate.acts(cast.orchard))
            said = {"title": "T", "severity": "low", "what_happened": "W"}
            incidents.add(system, **said, **estate.acts(cast.orchard))
        SpendLine.objects.update(month_on=terms.months_on(timezone.now().date().replace(day=1), -2))
        browser.get(REGISTER)
        with CaptureQueriesContext(connection) as queries:
            browser.get(REGISTER)
        asked.append(len(queries))
    assert asked[0] == asked[1]
