"""Engagements and their course over HTTP: verbs as sub-resources, refusals as problems with their code."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from engagements import moves, wearing
from engagements.models import Engagement, HandoverItem
from practice import keys
from practice.models import Event
from tests import make
from tests.engagements import build
from tests.make import NOW

TERMS = {**build.TERMS, "fee_amount": "45000.00"}


def today():
    return timezone.now().date()


def opened(cast, api, **told):
    body = {
        "client": str(cast.orchard.pk),
        "name": "AI office",
        "lead": str(cast.ada.pk),
        "hats": {"CAIO": 100},
    } | told
    return api(cast.ada).post("engagements/", body)


def proposal(engagement, to_point="RETAINER_HIGH", **told):
    return {
        "engagement": str(engagement.pk),
        "to_point": to_point,
        "effective_on": today().isoformat(),
        "reason": "More to do.",
        "fee_amount": "45000.00",
    } | told


def test_an_engagement_goes_from_draft_to_active_over_http(cast, api):
    ada, priya = api(cast.ada), api(cast.priya)
    answer = opened(cast, api)
    id = answer.json()["id"]
    assert (answer.status_code, answer.json()["status"]) == (201, "draft")
    assert priya.get(f"engagements/{id}/").status_code == 404
    hats = ada.get(f"engagement-hats/?engagement={id}").json()["results"]
    assert [(row["hat"], row["target"]) for row in hats] == [("CAIO", 100)]

    assert ada.post(f"engagements/{id}/propose/").json()["status"] == "proposed"
    engagement = Engagement.objects.get(pk=id)
    told = {**TERMS, **proposal(engagement, "RETAINER")}
    move = ada.post("moves/", told).json()
    refused = ada.post(f"engagements/{id}/activate/")
    assert (refused.status_code, refused.json()["code"]) == (409, "gate_not_met")
    assert [one["key"] for one in refused.json()["missing"]] == ["begin", "start", "worn"]

    agreed = priya.post(f"moves/{move['id']}/agree/", If_Match=f'"{move["version"]}"').json()
    assert (agreed["status"], agreed["accepted_by"]) == ("agreed", str(cast.priya.pk))
    by = make.actor(cast.ada)
    wearing.wear(engagement, hat="CAIO", member=cast.ada, since_on=today(), by=by, at=NOW)
    assert ada.post(f"engagements/{id}/activate/").json()["status"] == "active"
    stage = priya.get(f"stages/?engagement={id}").json()["results"][0]
    assert (stage["point"], stage["phase"], stage["fee_amount"]) == (
        "RETAINER",
        "first_90_days",
        "45000.00",
    )
    standing = ada.get(f"engagements/{id}/standing/").json()
    assert (standing["phase"], standing["overdue"]) == ("first_90_days", False)
    assert [test["key"] for test in standing["exit_tests"]] == ["DV-06", "DV-07", "DV-14"]
    assert priya.get(f"engagements/{id}/standing/").status_code == 403


@pytest.mark.parametrize(
    ("told", "field"),
    [
        ({"hats": {"CAIO": 90}}, "hats"),
        ({"hats": {"CEO": 100}}, "hats"),
        ({"starts_on": "9999-12-31"}, "starts_on"),
        ({"lead": None}, "lead"),
    ],
)
def test_input_is_refused_by_field(cast, api, told, field):
    answer = opened(cast, api, **told)
    assert (answer.status_code, list(answer.json()["errors"])) == (400, [field])


def test_a_move_is_refused_with_its_code(cast, api):
    engagement = build.engagement(cast)
    told = proposal(engagement, "RETAINER", fee_amount="20000.00")
    answer = api(cast.ada).post("moves/", told)
    assert (answer.status_code, answer.json()["code"]) == (409, "same_as_present")
    first = api(cast.ada).post("moves/", proposal(engagement))
    second = api(cast.ada).post("moves/", proposal(engagement))
    assert (first.status_code, second.status_code) == (201, 409)
    assert second.json()["code"] == "move_pending"
    stale = api(cast.priya).post(f"moves/{first.json()['id']}/agree/", If_Match='"7"')
    assert (stale.status_code, stale.json()["code"]) == (412, "stale")


def test_the_sponsor_answers_and_nobody_else_at_the_client(cast, api):
    move = api(cast.ada).post("moves/", proposal(build.engagement(cast))).json()
    path = f"moves/{move['id']}/"
    codes = [
        api(who).post(f"{path}agree/").status_code for who in (cast.marta, cast.ravi, cast.ada)
    ]
    assert codes == [403, 404, 403]
    seen = api(cast.marta).get(path).json()
    assert "fee_amount" not in seen
    declined = api(cast.priya).post(f"{path}decline/", {"reason": "Too dear"}).json()
    assert (declined["status"], declined["answered_reason"]) == ("declined", "Too dear")


def test_a_yes_given_elsewhere_is_put_down_with_whose_it_was(cast, api):
    move = api(cast.ada).post("moves/", proposal(build.engagement(cast))).json()
    path = f"moves/{move['id']}/agree-on-behalf/"
    told = {"contact": str(cast.priya.pk), "note": "In the board meeting."}
    done = api(cast.ada).post(path, told).json()
    assert (done["status"], done["recorded_by"]) == ("effective", str(cast.ada.pk))
    other = api(cast.ada).post(path, told | {"contact": str(cast.zoes_contact.pk)})
    assert other.status_code == 400


def test_a_key_reads_and_writes_with_its_scopes_but_gives_nobodys_word(cast, api):
    engagement = build.engagement(cast)
    writes = api(make.key(cast.practice, scopes=("read", "write", "commercial")))
    blind = api(make.key(cast.practice, name="Blind", scopes=("read", "write")))
    assert blind.post("moves/", proposal(engagement)).status_code == 403
    move = writes.post("moves/", proposal(engagement))
    assert move.status_code == 201
    told = {"contact": str(cast.priya.pk), "note": "x"}
    path = f"moves/{move.json()['id']}/agree-on-behalf/"
    assert writes.post(path, told).status_code == 403


def test_pauses_ends_and_the_handover(cast, api):
    ada, engagement = api(cast.ada), build.engagement(cast)
    path = f"engagements/{engagement.pk}/"
    assert ada.post(f"{path}pause/", {"reason": "A merger"}).json()["status"] == "paused"
    assert len(ada.get(f"pauses/?engagement={engagement.pk}").json()["results"]) == 1
    assert ada.post(f"{path}resume/").json()["status"] == "active"
    ended = ada.post(f"{path}end/", {"reason": "Hired"}).json()
    assert (ended["status"], ended["end_reason"]) == ("ended", "Hired")
    items = api(cast.priya).get(f"handover-items/?engagement={engagement.pk}").json()["results"]
    assert len(items) == 6
    item = items[0]["id"]
    ticked = ada.post(f"handover-items/{item}/tick/", {"note": "On paper"}).json()
    assert (ticked["done_by"], ticked["note"]) == (str(cast.ada.pk), "On paper")
    assert ada.post(f"handover-items/{item}/untick/").json()["done_at"] is None


def test_a_key_ticks_and_unticks_in_the_name_of_who_made_it(cast, api):
    engagement = build.engagement(cast)
    ended = api(cast.ada).post(f"engagements/{engagement.pk}/end/", {"reason": "Hired"})
    assert ended.status_code == 200
    item = HandoverItem.objects.order_by("id").first()
    limited = api(make.key(cast.practice, "Theirs", ("read", "write"), cast.orchard))
    ticked = limited.post(f"handover-items/{item.pk}/tick/", {"note": "By script"})
    # Made by the set-up, so the engagement's lead answers for it.
    assert (ticked.status_code, ticked.json()["done_by"]) == (200, str(cast.ada.pk))
    event = Event.objects.get(kind="handover.item_done")
    assert (event.actor_kind, event.source) == ("key", "api")
    assert limited.post(f"handover-items/{item.pk}/untick/").json()["done_by"] is None
    key, text = keys.make(by=make.actor(cast.olu), at=NOW, name="Sync", scopes=["read", "write"])
    later = timezone.now() + datetime.timedelta(days=30)
    type(key).objects.filter(pk=key.pk).update(expires_at=later)
    again = api(text).post(f"handover-items/{item.pk}/tick/").json()
    assert again["done_by"] == str(cast.olu.pk)
    reads = api(cast.bot).post(f"handover-items/{item.pk}/untick/")
    assert reads.status_code == 403


def test_the_contract_register_over_http(cast, api):
    ada, priya, engagement = api(cast.ada), api(cast.priya), build.engagement(cast)
    drafted = ada.post("contracts/", {"engagement": str(engagement.pk), "title": "Contract"}).json()
    path = f"contracts/{drafted['id']}/"
    assert priya.get(path).status_code == 404
    assert ada.patch(path, {"summary": "Two hats."}).json()["summary"] == "Two hats."
    assert ada.post(f"{path}offer/").json()["status"] == "offered"
    refused = ada.patch(path, {"summary": "Three."})
    assert (refused.status_code, refused.json()["code"]) == (409, "contract_not_draft")
    assert priya.post(f"{path}accept/").json()["status"] == "accepted"
    stage = ada.get(f"stages/?engagement={engagement.pk}").json()["results"][0]
    assert stage["contract"] == drafted["id"]
    again = priya.post(f"{path}decline/", {"reason": "x"})
    assert (again.status_code, again.json()["code"]) == (409, "contract_not_offered")


def test_bursts_and_exit_statements_over_http(cast, api):
    ada, engagement = api(cast.ada), build.engagement(cast)
    since = today() + datetime.timedelta(days=5)
    burst = {
        "engagement": str(engagement.pk),
        "since_on": since.isoformat(),
        "until_on": (since + datetime.timedelta(days=20)).isoformat(),
        "cause": "regulation",
        "extra": "2.00",
    }
    made = ada.post("bursts/", burst)
    assert made.status_code == 201
    assert ada.post("bursts/", burst).json()["code"] == "burst_overlaps"
    path = f"bursts/{made.json()['id']}/"
    assert ada.patch(path, {"extra": "3.00"}).json()["extra"] == "3.00"
    assert ada.patch(path, {"extra": "0.00"}).status_code == 400
    assert ada.delete(path).status_code == 204
    said = {"engagement": str(engagement.pk), "met": True, "reason": "Accepted."}
    refused = ada.post("exit-statements/", said | {"test": "DV-06"})
    assert (refused.status_code, refused.json()["code"]) == (409, "test_has_rows")
    other = build.engagement(cast, hats={"CIO": 100}, name="Systems")
    said = {**said, "engagement": str(other.pk), "test": "CIO-systems"}
    assert ada.post("exit-statements/", said).status_code == 201
    assert ada.post("exit-statements/", said | {"test": "DV-99"}).status_code == 400


def test_the_spectrum_is_told_with_its_prices(cast, api):
    told = api(cast.bot).get("spectrum/").json()
    assert list(told["points"]) == ["ADVISORY", "SPRINT", "RETAINER", "RETAINER_HIGH", "FULL_TIME"]
    assert told["moves"][0]["from"] is None
    assert told["prices"]["PR-03"]["bands"] == [{"low": 15000, "high": 40000, "label": ""}]
    assert (len(told["prices"]), list(told["sprints"])) == (11, ["4w", "6w", "8w", "90d"])
    assert api(cast.priya).get("spectrum/").status_code == 403


@pytest.mark.parametrize("path", ["engagements/", "stages/", "moves/", "engagement-hats/"])
def test_a_list_asks_as_often_for_one_row_as_for_three(cast, api, path):
    caller, counted = api(cast.ada), []
    for count in (1, 2):
        for _ in range(count):
            engagement = build.engagement(cast)
            moves.propose(
                engagement,
                to_point="SPRINT",
                sprint="4w",
                effective_on=NOW.date(),
                reason="x",
                by=make.actor(cast.ada),
                at=NOW,
            )
        with CaptureQueriesContext(connection) as asked:
            rows = caller.get(path).json()["results"]
        counted.append(len(asked))
        assert len(rows) >= 1
    assert counted[0] == counted[1]
