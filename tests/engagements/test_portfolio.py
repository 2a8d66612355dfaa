"""The portfolio, the rate card and capacity: figures written out, who sees what, and as many queries for fifty as for one."""

import datetime
from decimal import Decimal
from fractions import Fraction
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from engagements import capacity, portfolio, radar, rates
from engagements.models import Burst, Capacity, Move, TimeEntry, Wearing
from practice import access, rows
from practice.refusals import Invalid, NotAllowed, Taken
from tests import make
from tests.engagements import build
from tests.make import NOW

TODAY = datetime.date(2026, 3, 2)
JAN = datetime.date(2026, 1, 1)


def own(engagement) -> dict:
    return {
        "practice_id": engagement.practice_id,
        "client_id": engagement.client_id,
        "engagement": engagement,
    }


def add(row):
    return rows.add(row, by=access.system(row.practice_id), at=NOW, kind="row.added")


def worked(engagement, minutes: int, hat="CTO"):
    facts = {"member": engagement.lead, "worked_on": TODAY, "booked_on": TODAY}
    return add(TimeEntry(**own(engagement), **facts, minutes=minutes, hat=hat))


def seen(member, at=NOW):
    return portfolio.of(make.actor(member), at=at)


def loads(member) -> list[tuple]:
    return [
        (str(load.member), str(load.promised), str(load.proposed), load.possible)
        for load in seen(member).loads
    ]


def test_a_row_says_where_the_engagement_stands(cast):
    engagement = build.engagement(cast)
    build.measured(cast.orchard)
    worked(engagement, 600)
    radar.sweep(at=NOW)
    (row,) = seen(cast.ada).rows
    assert (row.engagement, row.point, row.phase) == (engagement, "RETAINER", "first_90_days")
    # Four days given, 600 minutes used: 1.25 of 480, told to a tenth.
    assert (row.days_given, row.days_left) == (Decimal("4.0"), Decimal("2.8"))
    assert (row.balance.status, row.balance.losing) == ("one_hat_wins", "CAIO")
    assert [one.code for one in row.findings] == ["FM-01", "FM-07", "FM-16"]


def test_more_than_the_allowance_is_told_below_zero(cast):
    worked(build.engagement(cast, terms={"allowance": "1.00"}), 720)
    assert seen(cast.ada).rows[0].days_left == Decimal("-0.5")


def test_an_allowance_of_money_or_none_is_not_told_in_days(cast):
    build.engagement(cast, terms={"allowance": "9000", "allowance_unit": "money"})
    build.engagement(cast, name="None", terms={"allowance": "0", "allowance_unit": "none"})
    assert [(row.days_given, row.days_left) for row in seen(cast.ada).rows] == [(None, None)] * 2


def test_a_consultant_sees_assigned_clients_and_an_owner_all(cast):
    build.engagement(cast)
    build.engagement(cast, client=cast.quarry, lead=cast.olu)
    build.engagement(cast, client=cast.zoes_client, lead=cast.zoe)
    names = [[row.engagement.client.name for row in seen(who).rows] for who in (cast.ada, cast.olu)]
    assert names == [["Orchard"], ["Orchard", "Quarry"]]


def test_who_does_not_lead_has_no_portfolio(cast):
    for who in (cast.ben, cast.fin, cast.priya):
        with pytest.raises(NotAllowed):
            seen(who)


@pytest.mark.parametrize("status", ["draft", "ended"])
def test_drafts_and_what_ended_are_not_in_it(cast, status):
    more = {"ended_on": TODAY} if status == "ended" else {}
    build.engagement(cast, status=status, **more)
    assert seen(cast.ada).rows == ()


def test_it_asks_as_much_for_fifty_as_for_one(cast):
    def asked() -> int:
        with CaptureQueriesContext(connection) as captured:
            seen(cast.olu)
        return len(captured)

    worked(build.engagement(cast), 60)
    one = asked()
    for number in range(49):
        engagement = build.engagement(cast, client=cast.quarry, lead=cast.olu, name=f"{number}")
        worked(engagement, 60)
    assert (len(seen(cast.olu).rows), asked()) == (50, one)


# Promised and possible.


def test_days_are_split_by_hat_over_those_who_wear_it(cast):
    engagement = build.engagement(cast, hats={"CTO": 75, "CAIO": 25})
    Wearing.objects.filter(engagement=engagement, hat="CAIO").update(member=cast.olu)
    build.engagement(cast, client=cast.quarry, lead=cast.olu, hats={"CTO": 100}, name="Quarry")
    # Four days: three to Ada, one to Olu; and Olu's own four.
    assert loads(cast.olu) == [("Ada", "3.0", "0.0", None), ("Olu", "5.0", "0.0", None)]


def test_capacity_is_stated_from_a_day_on_and_else_not_known(cast):
    build.engagement(cast)
    by = make.actor(cast.olu)
    for days, since in (("3", JAN), ("2.5", TODAY), ("9", datetime.date(2026, 4, 1))):
        capacity.state(cast.ada, days_per_month=Decimal(days), since_on=since, by=by, at=NOW)
    (ada,) = seen(cast.olu).loads
    assert (ada.promised, ada.possible, ada.over) == (
        Decimal("4.0"),
        Decimal("2.5"),
        Decimal("1.5"),
    )


def test_who_has_capacity_and_nothing_promised_is_in_it_too(cast):
    by = make.actor(cast.olu)
    capacity.state(cast.ben, days_per_month=Decimal("10"), since_on=JAN, by=by, at=NOW)
    assert loads(cast.olu) == [("Ben", "0.0", "0.0", Decimal("10.0"))]


def test_paused_engagements_promise_nothing_and_proposals_stand_apart(cast):
    build.engagement(cast, status="paused")
    proposed = build.engagement(cast, status="proposed", name="Next")
    move = Move(
        **own(proposed),
        **build.TERMS,
        kind="begin",
        to_point="RETAINER",
        effective_on=datetime.date(2026, 4, 1),
        reason="They asked.",
    )
    add(move)
    assert loads(cast.ada) == [("Ada", "0.0", "4.0", None)]
    assert [row.point for row in seen(cast.ada).rows] == ["RETAINER", "RETAINER"]


def test_a_burst_promises_more_while_it_lasts(cast):
    engagement = build.engagement(cast)
    burst = Burst(
        **own(engagement),
        since_on=TODAY,
        until_on=datetime.date(2026, 3, 20),
        cause="product",
        extra="2.00",
        unit="days",
    )
    add(burst)
    assert seen(cast.ada).rows[0].promised == Decimal("6.0")
    later = NOW + datetime.timedelta(days=18)
    assert seen(cast.ada, later).rows[0].promised == Decimal("4.0")


def test_a_hat_that_nobody_wears_is_promised_by_nobody(cast):
    engagement = build.engagement(cast)
    Wearing.objects.filter(engagement=engagement, hat="CAIO").delete()
    found = seen(cast.ada)
    assert (found.unworn, [load.promised for load in found.loads]) == (
        Decimal("2.0"),
        [Decimal("2.0")],
    )


@pytest.mark.parametrize(
    ("unit", "allowance", "days"),
    [
        ("days", "4", Fraction(4)),
        ("hours", "12", Fraction(3, 2)),
        ("money", "6000", Fraction(3)),  # at 250 an hour, 24 hours
        ("none", "0", Fraction(0)),
    ],
)
def test_every_allowance_is_told_in_days(cast, unit, allowance, days):
    engagement = build.engagement(cast, point=None)
    made = build.stage(engagement, since_on=JAN, allowance_unit=unit, allowance=allowance)
    made.refresh_from_db()
    assert capacity.days_of(made) == days


def test_money_without_a_rate_is_not_told_in_days(cast):
    engagement = build.engagement(cast, point=None)
    terms = {"allowance_unit": "money", "allowance": "6000", "hour_rate": None}
    made = build.stage(engagement, since_on=JAN, **terms)
    made.refresh_from_db()
    assert capacity.days_of(made) is None


def test_thirds_are_rounded_once_for_each_person():
    ada, olu = uuid4(), uuid4()
    third = capacity.Promise(Fraction(1, 3), {"CTO": 50, "CAIO": 50}, {"CTO": ada, "CAIO": olu})
    promised, nobody = capacity.promised([third] * 3)
    assert (promised, nobody) == ({ada: Decimal("0.5"), olu: Decimal("0.5")}, Decimal("0.0"))


def test_only_an_owner_states_capacity_once_for_a_day(cast):
    facts = {"days_per_month": Decimal("5"), "since_on": JAN, "at": NOW}
    with pytest.raises(NotAllowed):
        capacity.state(cast.ada, by=make.actor(cast.ada), **facts)
    capacity.state(cast.ada, by=make.actor(cast.olu), **facts)
    with pytest.raises(Taken):
        capacity.state(cast.ada, by=make.actor(cast.olu), **facts)
    with pytest.raises(Invalid):
        capacity.state(
            cast.ada, by=make.actor(cast.olu), **facts | {"days_per_month": Decimal("31.5")}
        )
    assert Capacity.objects.count() == 1


# The rate card.


def rate(cast, low, high, since_on=JAN, **other):
    facts = {"point": "RETAINER", "per": "month", "currency": "EUR"} | other
    by = make.actor(cast.olu)
    return rates.state(
        low=Decimal(low), high=Decimal(high), since_on=since_on, by=by, at=NOW, **facts
    )


def test_the_card_says_what_holds_today_beside_what_is_published(cast):
    rate(cast, "9000", "12000")
    now = rate(cast, "10000", "14000", TODAY)
    rate(cast, "11000", "15000", datetime.date(2026, 4, 1))
    card = {one["point"]: one for one in rates.card(cast.practice, by=make.actor(cast.ada), at=NOW)}
    assert card["RETAINER"]["own"] == [now]
    assert card["ADVISORY"]["own"] == []
    (published,) = [one for one in card["RETAINER"]["published"] if one["code"] == "PR-03"]
    assert published["bands"] == [{"label": "", "low": 15000, "high": 40000}]
    assert published["source"] == "S4-E3"
    assert published["bias"].startswith("Written by a practitioner who sells CAIO")


def test_every_published_price_is_shown_somewhere_with_whose_view_it_is(cast):
    card = rates.card(cast.practice, by=make.actor(cast.ada), at=NOW)
    shown = [one for point in card for one in point["published"]] + rates.named_nowhere()
    assert sorted({one["code"] for one in shown}) == [f"PR-{n:02}" for n in range(1, 12)]
    assert all(one["bias"] for one in shown)


def test_only_an_owner_changes_the_card(cast):
    with pytest.raises(Invalid):
        rate(cast, "2", "1")
    rate(cast, "1", "2")
    with pytest.raises(Taken):
        rate(cast, "3", "4")
    facts = {"point": "SPRINT", "per": "project", "currency": "EUR", "since_on": JAN}
    with pytest.raises(NotAllowed):
        rates.state(low=Decimal(1), high=Decimal(2), by=make.actor(cast.ada), at=NOW, **facts)


def test_another_practice_sees_none_of_it(cast):
    rate(cast, "1", "2")
    by = make.actor(cast.olu)
    capacity.state(cast.ada, days_per_month=Decimal("5"), since_on=JAN, by=by, at=NOW)
    zoe = make.actor(cast.zoe)
    card = rates.card(cast.other_practice, by=zoe, at=NOW)
    assert [one["own"] for one in card] == [[]] * len(card)
    assert capacity.stated(zoe, TODAY) == {}
