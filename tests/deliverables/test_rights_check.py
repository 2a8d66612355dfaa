"""The rule that says whether a hat may decide and who must agree: the whole matrix, and its edges."""

import contextlib
import datetime
from collections import Counter
from decimal import Decimal

import pytest
from django.db import transaction

from deliverables import decisions, limits, rights_check, scorecards, taking
from deliverables.models import Agreement
from deliverables.rights_check import Limit, Says, Spending
from tests import make
from tests.deliverables import logged, matrix
from tests.engagements import build
from tests.make import NOW


class Undone(Exception):
    pass


LIMIT = Limit(Decimal(100), Decimal(250), "EUR")
UNDER, OVER = Spending(Decimal(100), "EUR"), Spending(Decimal("100.01"), "EUR")
COLUMN = {"CTO": "cto", "CAIO": "caio", "CIO": "cio", "CDO": "cdo", "client": "client_say"}


def says(code="DR-06", *, each_own=False, second_person=False, **cells):
    return Says(code, dict.fromkeys(COLUMN.values(), "") | cells, each_own, second_person)


def asked(verdict):
    return tuple(sorted(ask.hat or ask.asked for ask in verdict.asks))


def found(row: matrix.Row):
    cells = {COLUMN[who]: say for who, say in row.cells}
    verdict = rights_check.check(
        Says(row.code, cells, row.each_own),
        hat=row.hat,
        hats=matrix.HATS,
        limit=LIMIT,
        spending=OVER if row.over else UNDER,
    )
    if not verdict.held:
        return matrix.REFUSED, ()
    return ("awaiting" if verdict.asks else "decided"), asked(verdict)


def test_the_whole_matrix_of_rights_hats_says_and_limits():
    rows = list(matrix.rows())

    assert len(rows) == 27 * 4 * 2 * 5
    assert Counter(row.state for row in rows).keys() == {"decided", "awaiting", matrix.REFUSED}
    assert [(row, found(row)) for row in rows if found(row) != (row.state, row.asks)] == []


def test_the_catalogue_holds_when_it_is_driven_through_the_verbs(cast):
    engagement = build.engagement(cast, hats=dict.fromkeys(matrix.HATS, 25))
    logged.charter(
        cast, engagement, limit={"per_decision": Decimal(100), "per_period": Decimal(250)}
    )
    ada = make.actor(cast.ada)

    def decided(row: matrix.Row):
        spends = {"amount": OVER.amount if row.over else UNDER.amount, "currency": "EUR"}
        named = {"code": row.code, "hat": row.hat}
        decision = logged.decision(engagement, cast.ada, decide=False, **named, **spends)
        for hat in scorecards.missing(decision, engagement):
            scorecards.score(decision, hat=hat, impact=3, feasibility=3, by=ada, at=NOW)
        decision = decisions.decide(decision, by=ada, at=NOW)
        told = Agreement.objects.filter(decision=decision).values_list("hat", "asked")
        return decision.status, tuple(sorted(hat or asked for hat, asked in told))

    def driven(row: matrix.Row):
        """Undone again, so that no row counts in the period of the next."""
        with contextlib.suppress(Undone), transaction.atomic():
            try:
                state = decided(row)
            except taking.RightNotHeld as refused:
                return refused.code, ()
            raise Undone
        return state

    rows = list(matrix.of_the_catalogue())
    assert len(rows) == 27 * 4 * 2
    assert [(row, driven(row)) for row in rows if driven(row) != (row.state, row.asks)] == []


@pytest.mark.parametrize(
    ("amount", "spent", "over"),
    [
        ("100", "0", False),
        ("100.01", "0", True),
        ("100", "150", False),
        ("100", "150.01", True),
        ("0", "250", False),
        ("0", "250.01", True),
        ("1", None, True),
    ],
)
def test_equal_to_the_limit_fits(amount, spent, over):
    spending = Spending(Decimal(amount), "EUR", None, spent and Decimal(spent))

    verdict = rights_check.check(
        says(cto="D"), hat="CTO", hats=["CTO"], limit=LIMIT, spending=spending
    )

    assert (verdict.over_limit, verdict.counted) == (over, Decimal(amount))


@pytest.mark.parametrize(
    ("rate", "counted", "over"),
    [("1.25", "100.00", False), ("1.250063", "100.01", True), (None, None, True)],
)
def test_another_currency_counts_at_its_recorded_rate(rate, counted, over):
    spending = Spending(Decimal(80), "USD", rate and Decimal(rate))

    verdict = rights_check.check(
        says(cto="D"), hat="CTO", hats=["CTO"], limit=LIMIT, spending=spending
    )

    assert verdict.counted == (counted and Decimal(counted))
    assert (verdict.over_limit, asked(verdict)) == (over, ("client",) if over else ())


def test_without_a_limit_only_what_costs_nothing_fits():
    def verdict(amount):
        spending = Spending(Decimal(amount), "EUR")
        return rights_check.check(says(cto="D"), hat="CTO", hats=["CTO"], spending=spending)

    assert (verdict("0").over_limit, verdict("0.01").over_limit) == (False, True)


def test_an_ai_cto_asks_neither_of_its_two_columns():
    verdict = rights_check.check(says("DR-08", cto="A", caio="D"), hat="AI_CTO", hats=["AI_CTO"])

    assert (verdict.held, verdict.holders, verdict.asks) == (True, ("AI_CTO",), ())


def test_what_an_absent_hat_decided_goes_where_the_catalogue_says():
    quality = says("DR-15", cto="I", caio="I", cdo="D")

    by_cto = rights_check.check(quality, hat="CTO", hats=["CTO", "CAIO"])
    by_caio = rights_check.check(quality, hat="CAIO", hats=["CTO", "CAIO"])
    alone = rights_check.check(quality, hat="CAIO", hats=["CAIO"])

    assert (by_cto.held, by_caio.held, by_caio.holders) == (True, False, ("CTO",))
    assert (alone.held, alone.holders) == (False, ("client",))


def test_a_right_that_nobody_decides_is_nobodys():
    verdict = rights_check.check(says("OR-01", cto="A"), hat="CTO", hats=["CTO", "CAIO"])

    assert (verdict.held, verdict.holders) == (False, ())


def test_a_second_person_comes_on_top():
    verdict = rights_check.check(
        says(cto="D", client_say="A", second_person=True), hat="CTO", hats=["CTO"]
    )

    assert asked(verdict) == ("client", "second")


@pytest.mark.parametrize(
    ("period", "day", "first", "after"),
    [
        ("month", "2026-02-28", "2026-02-01", "2026-03-01"),
        ("quarter", "2026-03-31", "2026-02-01", "2026-05-01"),
        ("quarter", "2026-01-31", "2025-11-01", "2026-02-01"),
        ("year", "2026-01-31", "2025-02-01", "2026-02-01"),
        ("year", "2026-02-01", "2026-02-01", "2027-02-01"),
    ],
)
def test_a_period_is_the_clients_own(period, day, first, after):
    """The fiscal year begins in February."""
    found = limits.window(period, datetime.date.fromisoformat(day), 2)

    assert tuple(one.isoformat() for one in found) == (first, after)
