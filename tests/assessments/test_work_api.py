"""Roadmap, metrics and risks over HTTP: verbs with their codes, filters, and what the client's people are not told."""

from assessments import initiatives, risks
from deliverables import agreements
from tests import make
from tests.assessments import planned
from tests.assessments.estate import acts
from tests.assessments.planned import ON
from tests.deliverables import logged
from tests.engagements import build


def titles(answer, name="title"):
    return [row[name] for row in answer.json()["results"]]


def test_a_milestone_is_put_off_over_the_api_and_the_postponement_can_be_read(cast, api):
    caller = api(cast.ada)
    said = {"client": str(cast.orchard.pk), "title": "Answers", "horizon": "months_18"}
    made = caller.post("initiatives/", said)
    assert (made.status_code, made.json()["status"]) == (201, "proposed")
    step = {"initiative": made.json()["id"], "title": "Pilot", "planned_on": "2098-01-01"}
    milestone = caller.post("milestones/", step).json()
    path = f"milestones/{milestone['id']}/"
    off = {"to_on": "2098-02-01", "reason": "technology", "words": "No gateway"}
    assert caller.post(f"{path}postpone/", off).json()["planned_on"] == "2098-02-01"
    (kept,) = caller.get(f"postponements/?milestone={milestone['id']}").json()["results"]
    assert (kept["from_on"], kept["to_on"], kept["reason"]) == (
        "2098-01-01",
        "2098-02-01",
        "technology",
    )
    assert caller.delete(f"postponements/{kept['id']}/").status_code == 405
    caller.post(f"{path}finish/")
    assert caller.post(f"{path}postpone/", off).json()["code"] == "milestone_closed"
    assert caller.patch(path, {"planned_on": "2098-03-01"}).status_code == 400


def test_initiatives_are_narrowed_by_what_matters(cast, api):
    planned.initiative(cast.orchard, "Alpha", capacity_owner_name="Nora")
    planned.initiative(cast.orchard, "Beta", horizon="years_3_5", hat="CTO", is_ai=False)
    caller = api(cast.ada)

    def found(query):
        return titles(caller.get(f"initiatives/?{query}"))

    assert found("") == ["Alpha", "Beta"]
    assert found("horizon=years_3_5") == ["Beta"]
    assert found("capacity_owned=false") == ["Beta"]
    assert found("is_ai=true") == ["Alpha"]
    assert found("status=agreed") == []


def test_a_metric_takes_a_kind_of_the_book_and_a_value_a_source(cast, api):
    caller = api(cast.ada)
    said = {"client": str(cast.orchard.pk), "name": "Use", "definition": "Share", "unit": "percent"}
    assert caller.post("metrics/", {**said, "kind": "luck"}).status_code == 400
    metric = caller.post("metrics/", {**said, "kind": "roi"}).json()["id"]
    value = {"metric": metric, "value": "12.5", "source": "Survey"}
    made = caller.post("metric-values/", value)
    assert (made.status_code, made.json()["value"]) == (201, "12.5000")
    again = caller.post("metric-values/", value)
    assert (again.status_code, again.json()["code"]) == (409, "taken")


def test_the_sponsor_reads_everything_but_notes_and_the_decision(cast, api):
    planned.initiative(cast.orchard, note="Between us")
    planned.value(planned.metric(cast.orchard, note="Between us"), "1", ON(2026, 3, 1))
    risk = planned.risk(cast.orchard, owner_name="Nora", note="Between us")
    engagement = build.engagement(cast)
    logged.charter(cast, engagement)
    decision = logged.decision(engagement, cast.ada, code="DR-02", hat="CAIO")
    agreements.agree(decision, by=make.actor(cast.priya), at=make.NOW)
    refused = api(cast.ada).post(f"risks/{risk.pk}/accept/", {"decision": str(engagement.pk)})
    assert (refused.status_code, refused.json()["code"]) == (409, "risk_not_decided")
    risks.accept(risk, decision=decision.pk, **acts(cast.orchard))
    for who in (cast.priya, cast.marta):
        for path in ("initiatives", "metrics", "risks"):
            (told,) = api(who).get(f"{path}/").json()["results"]
            assert not {"note", "accepted_decision_id"} & told.keys()
            assert api(who).patch(f"{path}/{told['id']}/", {"external_id": "X"}).status_code == 403
        assert api(who).get("metric-values/").json()["results"][0]["value"] == "1.0000"
    (told,) = api(cast.ada).get("risks/").json()["results"]
    assert (told["note"], told["accepted_decision_id"]) == ("Between us", str(decision.pk))
    assert api(cast.ravi).get("risks/").json()["results"] == []


def test_a_step_that_does_not_follow_is_refused_with_those_that_do(cast, api):
    row = planned.initiative(cast.orchard)
    no = api(cast.ada).post(f"initiatives/{row.pk}/move/", {"to": "done"}).json()
    assert (no["code"], no["allowed"]) == ("initiative_step_refused", ["agreed", "dropped"])
    initiatives.move(row, to="agreed", **acts(cast.orchard))
