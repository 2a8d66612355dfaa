"""The incident log at the desk over HTTP."""

from django.urls import reverse

from assessments import incidents
from assessments.models import Incident
from practice.desk import desk
from tests import make
from tests.assessments import estate

SAID = {"title": "Wrong sums", "severity": "high", "what_happened": "It made figures up."}
ADD = reverse("desk:assessments_incident_add")


def under(row, page):
    return desk.page_of(row).removesuffix("change/") + f"{page}/"


def test_an_incident_is_put_down_contained_and_closed_at_the_desk(cast, page):
    browser, system = page(cast.ada), estate.system(cast.orchard)
    form = {"system": str(system.pk), "found_at": "2026-03-02T09:30", "serious": "on", **SAID}
    answer = browser.post(ADD, form)
    row = Incident.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, desk.page_of(row))
    assert (row.system, row.status, row.serious) == (system, "open", True)
    browser.post(under(row, "contain"))
    browser.post(under(row, "close"), {"learned": "Check sums", "ended_at": "2026-03-02T12:00"})
    row.refresh_from_db()
    assert (row.status, row.learned) == ("closed", "Check sums")
    shown = browser.get(desk.page_of(row)).content.decode()
    assert ("Check sums" in shown, "Close it" in shown, 'name="title"' in shown) == (
        True,
        False,
        False,
    )


def test_the_systems_page_lists_its_incidents_and_offers_another(cast, page):
    system = estate.system(cast.orchard)
    incidents.add(system, **SAID, **estate.acts(cast.orchard))
    shown = page(cast.ada).get(desk.page_of(system)).content.decode()
    assert ("Wrong sums" in shown, f"{ADD}?system={system.pk}" in shown) == (True, True)


def test_the_list_asks_as_much_for_three_as_for_one(cast, page, django_assert_max_num_queries):
    browser, path = page(cast.ada), reverse("desk:assessments_incident_changelist")
    system = estate.system(cast.orchard)
    incidents.add(system, **SAID, **estate.acts(cast.orchard))
    browser.get(path)
    with django_assert_max_num_queries(100) as one:
        browser.get(path)
    for _ in range(2):
        incidents.add(system, **SAID, **estate.acts(cast.orchard))
    with django_assert_max_num_queries(len(one)):
        assert browser.get(path).content.decode().count("Wrong sums") == 3


def test_finance_has_no_business_with_the_log(cast, page):
    make.assignment(cast.ben, cast.orchard)
    path = reverse("desk:assessments_incident_changelist")
    assert page(cast.fin).get(path).status_code == 403
    assert page(cast.ben).get(path).status_code == 200
