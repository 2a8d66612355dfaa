"""An allowance that is counted in money is a fee: its figures are for those who see fees, whatever the door."""

import datetime
from dataclasses import replace
from decimal import Decimal

import orjson
import pytest
from django.urls import reverse

from engagements import bursts, moves
from engagements.models import Burst, Move, Stage
from practice import checks
from practice.hooks import delivering
from practice.models import Event
from practice.reach import FeesWhen
from tests import make
from tests.engagements import build
from tests.make import NOW

FIRST = datetime.date(2026, 4, 1)
MONEY = {
    "allowance_unit": "money",
    "allowance": "61234.00",
    "rollover_cap": "62345.00",
    "rollover_months": 2,
}
FIGURES = ("61234", "62345", "63456", "64567")


@pytest.fixture
def people(cast):
    """Who sees the stage: by name, with what they call with."""
    amy = make.member(cast.practice, make.user("amy@lantern.test", "Amy"), "associate")
    make.assignment(amy, cast.orchard)
    return {
        "olu": cast.olu,
        "ada": cast.ada,
        "fin": cast.fin,
        "priya": cast.priya,
        "paid key": make.key(cast.practice, "Paid", ("read", "commercial")),
        "amy": amy,
        "marta": cast.marta,
        "bot": cast.bot,
    }


TOLD = {"olu", "ada", "fin", "priya", "paid key"}


@pytest.fixture
def work(cast):
    """In money now, with a burst; a move to more of it waits."""
    row = build.engagement(cast, terms=MONEY)
    by = make.actor(cast.ada)
    bursts.plan(
        row,
        since_on=FIRST,
        until_on=datetime.date(2026, 5, 1),
        cause="product",
        extra=Decimal("63456.00"),
        by=by,
        at=NOW,
    )
    moves.propose(
        row, effective_on=FIRST, reason="More.", allowance=Decimal("64567.00"), by=by, at=NOW
    )
    return row


def told(caller, path):
    found = caller.get(path).json().get("results", [])
    return [
        {k: row[k] for k in ("allowance", "rollover_cap", "extra") if k in row} for row in found
    ]


def test_who_sees_fees_is_told_the_figures_and_others_have_no_such_field(work, people, api):
    stage = {"allowance": "61234.00", "rollover_cap": "62345.00"}
    for name, who in people.items():
        seen = name in TOLD
        assert told(api(who), "stages/") == [stage if seen else {}], name
        assert told(api(who), "bursts/") == [{"extra": "63456.00"} if seen else {}], name
        if name != "fin":  # finance sees no moves
            move = {"allowance": "64567.00", "rollover_cap": "62345.00"}
            assert told(api(who), "moves/") == [move if seen else {}], name


def test_one_row_and_what_is_expanded_are_no_other_door(work, people, api):
    stage, move = Stage.objects.get(), Move.objects.get()
    paths = (f"stages/{stage.pk}/", f"moves/{move.pk}/?expand=from_stage", f"bursts/{one()}/")
    for name, who in people.items():
        answers = [api(who).get(path).content.decode() for path in paths]
        shown = {figure for figure in FIGURES if any(figure in answer for answer in answers)}
        assert bool(shown) == (name in TOLD), name


def one():
    return Burst.objects.get().pk


def test_the_same_fields_counted_in_days_are_everybody_s(cast, people, api):
    build.engagement(cast, terms={"rollover_cap": "2.00", "rollover_months": 1})
    for name, who in people.items():
        assert told(api(who), "stages/") == [{"allowance": "4.00", "rollover_cap": "2.00"}], name


def test_the_log_keeps_the_figures_apart(work, people, api):
    for name, who in people.items():
        answer = api(who).get("events/?limit=200")
        if answer.status_code == 200:
            shown = [figure for figure in FIGURES if figure in answer.content.decode()]
            assert shown == (list(FIGURES) if name in TOLD else []), name
    assert api(people["bot"]).get("events/").status_code == 200


def test_a_change_from_money_to_days_hides_what_was_and_tells_what_is(cast, work):
    by = make.actor(cast.ada)
    moves.withdraw(Move.objects.get(), reason="Otherwise.", by=by, at=NOW)
    move = moves.suggest(work, to_point="RETAINER_HIGH", reason="Facts.", by=by, at=NOW)
    in_days = {"allowance_unit": "days", "allowance": Decimal(9), "rollover_cap": Decimal(3)}
    moves.put_forward(move, effective_on=FIRST, by=by, at=NOW, **in_days)
    event = Event.objects.get(kind="move.put_forward")
    figures = ("allowance", "rollover_cap", "allowance_unit")
    assert {name: event.before[name] for name in figures if name in event.before} == {
        "allowance_unit": "money"
    }
    assert event.commercial["before"] == {"allowance": "61234.00", "rollover_cap": "62345.00"}
    assert [event.after[name] for name in figures] == ["9", "3", "days"]
    assert "after" not in event.commercial


def test_a_webhook_is_told_no_figure(work):
    bodies = [delivering.body_of(event) for event in Event.objects.all()]
    assert len(bodies) > 5
    assert [b for b in bodies if any(figure.encode() in b for figure in FIGURES)] == []
    assert {frozenset(orjson.loads(body)["data"]) for body in bodies} == {
        frozenset({"event", "practice", "client", "subject_kind", "subject"})
    }


def test_pages_tell_the_figures_to_those_who_see_fees(work, people, page, cast):
    desk = f"/desk/engagements/engagement/{work.pk}/change/"
    burst = f"/desk/engagements/burst/{one()}/change/"
    pages = [
        (name, path)
        for name in ("olu", "ada", "amy")
        for path in (desk, burst, "/desk/engagements/burst/")
    ] + [(name, reverse("portal:where")) for name in ("priya", "marta")]
    for name, path in pages:
        answer = page(people[name]).get(path)
        assert answer.status_code == 200, (name, path)
        text = answer.content.decode().replace(",", "")
        assert any(figure in text for figure in FIGURES) == (name in TOLD), (name, path)


def test_nobody_sets_what_they_do_not_see(cast, work, api):
    blind = make.key(cast.practice, "Blind", ("read", "write"))
    at = f'"{Burst.objects.get().version}"'
    refused = api(blind).patch(f"bursts/{one()}/", {"extra": "1.00"}, If_Match=at)
    assert (refused.status_code, refused.json()["code"]) == (403, "not_allowed")
    assert (
        api(blind).patch(f"bursts/{one()}/", {"note": "Still on."}, If_Match=at).status_code == 200
    )
    moves.withdraw(Move.objects.get(), reason="Otherwise.", by=make.actor(cast.ada), at=NOW)
    step = {"engagement": str(work.pk), "effective_on": "2026-12-01", "reason": "Less."}
    for terms in ({"allowance": "1.00"}, {"rollover_cap": "1.00"}):
        assert api(blind).post("moves/", step | terms).status_code == 403, terms
    in_days = {"allowance_unit": "days", "allowance": "4.00", "rollover_cap": "1.00"}
    answer = api(blind).post("moves/", step | in_days)
    assert (answer.status_code, answer.json()["allowance"]) == (201, "4.00")


def test_nobody_turns_days_into_money_or_adds_to_it_unseen(cast, work, api):
    blind = api(make.key(cast.practice, "Blind", ("read", "write")))
    burst = {"since_on": "2098-06-01", "until_on": "2098-07-01", "cause": "product", "extra": "1"}
    assert blind.post("bursts/", burst | {"engagement": str(work.pk)}).status_code == 403
    other = build.engagement(cast, name="In days")
    step = {"engagement": str(other.pk), "effective_on": "2026-12-01", "reason": "Less."}
    assert blind.post("moves/", step | {"allowance_unit": "money"}).status_code == 403
    assert blind.post("bursts/", burst | {"engagement": str(other.pk)}).status_code == 201


def test_a_misspelt_column_is_refused_before_anything_is_shown(monkeypatch):
    assert checks.every_reach_names_columns(None) == []
    wrong = FeesWhen(("alowance",), "allowance_unit", "money")
    monkeypatch.setattr(Stage, "reach", replace(Stage.reach, fees_when=wrong))
    (error,) = checks.every_reach_names_columns(None)
    assert (error.id, error.msg) == (
        "remit.E005",
        "its reach names 'alowance', which is no column",
    )
