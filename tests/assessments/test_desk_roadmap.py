"""Roadmap, metrics and risks at the desk over HTTP: forms, steps, and the page that shows all three of a client."""

import datetime

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from assessments.models import Initiative, Metric, MetricValue, Milestone, Risk
from assessments.outlook import said
from deliverables import agreements
from practice.desk import desk
from tests import make
from tests.assessments import planned
from tests.deliverables import logged
from tests.engagements import build

TODAY = datetime.timedelta(0)


def under(row, page: str) -> str:
    return desk.page_of(row).removesuffix("change/") + f"{page}/"


def text(answer) -> str:
    assert answer.status_code == 200
    return answer.content.decode()


def added(caller, model: type, sent: dict):
    path = reverse(f"desk:assessments_{model._meta.model_name}_add")
    answer = caller.post(path, sent)
    assert answer.status_code == 302, answer.content.decode()[-3000:]
    return model.objects.get()


def test_an_initiative_with_a_milestone_is_put_down_agreed_and_put_off(cast, page):
    caller = page(cast.ada)
    sent = {"client": str(cast.orchard.pk), "title": "Answers", "horizon": "quarter", "hat": "CAIO"}
    row = added(caller, Initiative, {**sent, "is_ai": "on", "problem": "Answers wait."})
    assert caller.post(under(row, "agreed")).status_code == 302
    row.refresh_from_db()
    assert row.status == "agreed"
    day = timezone.localdate() + datetime.timedelta(days=30)
    step = {"initiative": str(row.pk), "title": "Pilot", "planned_on": str(day), "is_ai": "on"}
    milestone = added(caller, Milestone, step)
    off = {"to_on": str(day + datetime.timedelta(days=7)), "reason": "technology"}
    assert "This field is required" in text(caller.post(under(milestone, "postpone"), off))
    caller.post(under(milestone, "postpone"), {**off, "words": "No gateway"})
    assert "No gateway" in text(caller.get(desk.page_of(milestone)))
    caller.post(under(row, "drop"), {"reason": "No data"})
    row.refresh_from_db()
    assert (row.status, row.dropped_reason) == ("dropped", "No data")


def test_a_metric_and_its_value_are_put_down(cast, page):
    caller = page(cast.ada)
    sent = {
        "client": str(cast.orchard.pk),
        "name": "Use",
        "kind": "adoption",
        "definition": "Share",
        "unit": "percent",
        "direction": "up",
        "target": "40",
    }
    metric = added(caller, Metric, sent)
    value = {"metric": str(metric.pk), "measured_on": str(timezone.localdate() + TODAY)}
    found = added(caller, MetricValue, {**value, "value": "12.5", "source": "Survey"})
    assert f"{found.value:.1f}" == "12.5"
    assert "12.5" in text(caller.get(desk.page_of(metric)))


def test_a_risk_is_accepted_by_choosing_a_decision_that_is_in_force(cast, page):
    caller = page(cast.ada)
    sent = {
        "client": str(cast.orchard.pk),
        "title": "Leak",
        "owner_name": "Nora",
        "likelihood": "4",
        "impact": "5",
        "treatment": "reduce",
        "review_months": "3",
    }
    risk = added(caller, Risk, sent)
    assert "None is in force at this client yet" in text(caller.get(under(risk, "accept")))
    engagement = build.engagement(cast)
    logged.charter(cast, engagement)
    decision = logged.decision(engagement, cast.ada, code="DR-02", hat="CAIO")
    agreements.agree(decision, by=make.actor(cast.priya), at=make.NOW)
    assert str(decision.pk) in text(caller.get(under(risk, "accept")))
    caller.post(under(risk, "accept"), {"decision": str(decision.pk)})
    risk.refresh_from_db()
    assert (risk.status, risk.accepted_decision_id) == ("accepted", decision.pk)


def test_the_clients_page_shows_roadmap_metrics_and_risks(cast, page):
    path = under(cast.orchard, "outlook")
    empty = text(page(cast.ada).get(path))
    assert "No initiative is proposed, agreed or under way." in empty
    assert "Nothing is measured yet." in empty
    assert "No open or accepted risk is in the register." in empty
    planned.put_off(planned.milestone(planned.initiative(cast.orchard, status="agreed")))
    planned.metric(cast.orchard, "Use", target=40)
    planned.risk(cast.orchard, likelihood=4, impact=5)
    shown = text(page(cast.ada).get(path))
    for words in ("One quarter", "put off 1 time,", "No value yet", "At least 40 %", "Critical, 4"):
        assert words in shown
    assert "18 months" not in shown


def test_the_page_asks_as_much_for_three_rows_as_for_one(cast, page):
    caller, path = page(cast.ada), under(cast.orchard, "outlook")

    def asked() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert caller.get(path).status_code == 200
        return len(captured)

    def another(name: str) -> None:
        step = planned.milestone(planned.initiative(cast.orchard, name, capacity_owner=cast.priya))
        planned.put_off(step)
        planned.metric(cast.orchard, name)
        planned.risk(cast.orchard, name, owner=cast.priya)

    another("One")
    asked()
    one = asked()
    another("Two")
    another("Three")
    assert asked() == one


def test_who_is_not_at_the_client_finds_no_such_page(cast, page):
    assert page(cast.ben).get(under(cast.orchard, "outlook")).status_code == 404
    assert page(cast.fin).get(under(cast.orchard, "outlook")).status_code == 404


def test_a_figure_is_said_with_what_it_is_counted_in_and_without_needless_zeros():
    cases = [
        ("12.5000", "percent", "12.5 %"),
        ("1200", "count", "1,200"),
        ("30", "hours", "30 hours"),
    ]
    for amount, unit, expected in cases:
        assert said(float(amount), unit, "") == expected
    assert said(1500, "money", "EUR") == "1,500 EUR"
    assert said(None, "count", "") == ""
