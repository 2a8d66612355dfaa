"""What only the clock has to do: in no list of what people owe, and on the motion page all the same."""

import datetime

import pytest
from django.db import transaction
from django.utils import timezone

from practice import agenda, agenda_rules, book
from practice.agenda_rules import of_the_clock
from practice.feeds import opening
from practice.models import AgendaEntry
from tests import make
from tests.engagements import build

DAY = datetime.timedelta(days=1)


@pytest.fixture
def entries(cast):
    """One entry of each such kind at Orchard, due tomorrow and Ada's, and one that she owes."""
    work = build.engagement(cast)
    AgendaEntry.objects.all().delete()
    planned = {}
    for kind in (*sorted(of_the_clock()), "strategy_review"):
        with transaction.atomic():
            planned[kind] = agenda.plan(
                kind,
                subject_id=work.pk,
                practice_id=cast.practice.pk,
                client_id=cast.orchard.pk,
                owner_id=cast.ada.pk,
                due_at=timezone.now() + (2 * DAY if kind == "strategy_review" else DAY),
                at=make.NOW,
                title=f"Entry of {kind}",
            )
    return planned


def shown(answer) -> list[str]:
    """Kinds whose entry stands in an answer; a calendar folds its lines."""
    text = answer.content.decode().replace("\r\n ", "")
    return [kind for kind in (*sorted(of_the_clock()), "strategy_review") if kind in text]


def test_which_kinds_are_the_clock_s_own():
    assert of_the_clock() == {
        "board_opening",
        "client_moved",
        "estate_facts",
        "eu_plan_open",
        "phase_turn",
        "point_compare",
        "radar_sweep",
        "vendor_contract_turn",
    }


@pytest.mark.parametrize("path", ["/desk/", "/desk/practice/agendaentry/"])
def test_the_desk_lists_what_people_owe(cast, entries, page, path):
    for who in (cast.olu, cast.ada):
        assert shown(page(who).get(path)) == ["strategy_review"]


def test_the_page_of_the_engagement_and_the_portfolio_do_so_too(cast, entries, page, api):
    id = entries["strategy_review"].subject_id
    desk = page(cast.ada).get(f"/desk/engagements/engagement/{id}/change/")
    assert shown(desk) == ["strategy_review"]
    row = api(cast.ada).get("portfolio/").json()["results"][0]
    assert [one["kind"] for one in row["dates"]] == ["strategy_review"]


@pytest.mark.parametrize("scope", ["all", "mine", "client", "engagement"])
def test_a_feed_holds_what_people_owe(cast, entries, client, scope):
    named = {"client": cast.orchard.pk, "engagement": entries["strategy_review"].subject_id}
    by = make.actor(cast.ada)
    _, address = opening.open_feed(by=by, at=timezone.now(), scope=scope, scope_id=named.get(scope))
    answer = client.get(address.partition("8000")[2])
    assert (answer.status_code, shown(answer)) == (200, ["strategy_review"])


def test_owners_see_them_in_motion_and_can_open_each(cast, entries, page):
    olu = page(cast.olu)
    assert shown(olu.get("/desk/motion/")) == [*sorted(of_the_clock()), "strategy_review"]
    for entry in entries.values():
        one = olu.get(f"/desk/practice/agendaentry/{entry.pk}/change/")
        assert (one.status_code, entry.title in one.content.decode()) == (200, True)


def test_a_kind_that_somebody_is_told_of_is_not_the_clock_s(tmp_path, monkeypatch):
    broken = tmp_path / "agenda.toml"
    broken.write_text(
        """version = 1

[turn]
label = "Turns"
clock = true
by_hand = true

[[turn.effects]]
before = "0s"
effect = "turn"
"""
    )
    monkeypatch.setattr(agenda_rules, "CONTRIBUTED", [broken])
    agenda_rules.rules.cache_clear()
    try:
        with pytest.raises(book.BadBook) as refused:
            agenda_rules.rules()
    finally:
        agenda_rules.rules.cache_clear()
    assert "turn.clock: is for kinds that have effects and nothing else" in str(refused.value)
