"""Limits of a hat: by one decision and by all of a period; what waits is judged anew when somebody agrees."""

import datetime
from decimal import Decimal

import pytest

from deliverables import agreements, decisions
from deliverables.models import Agreement
from practice.refusals import Invalid
from tests import make
from tests.deliverables import logged
from tests.engagements import build
from tests.make import NOW


@pytest.fixture
def engagement(cast):
    return build.engagement(cast)


@pytest.fixture
def charter(cast, engagement):
    return logged.charter(cast, engagement)


@pytest.fixture
def ada(cast):
    return make.actor(cast.ada)


@pytest.fixture
def priya(cast):
    return make.actor(cast.priya)


def asked(decision):
    rows = Agreement.objects.filter(decision=decision).order_by("asked", "hat")
    return [(row.asked, row.hat, row.given_at is not None) for row in rows]


def test_over_the_limit_of_one_decision_the_sponsor_is_asked(engagement, charter, cast, priya):
    fits = logged.decision(engagement, cast.ada, amount=Decimal("5000.00"), currency="EUR")
    over = logged.decision(engagement, cast.ada, amount=Decimal("5000.01"), currency="EUR")

    assert (fits.status, fits.counted_amount) == ("decided", Decimal("5000.00"))
    assert (over.status, over.over_limit, asked(over)) == (
        "awaiting",
        True,
        [("client", "", False)],
    )
    over = agreements.agree(over, by=priya, at=NOW)
    assert (over.status, over.counted_amount) == ("decided", Decimal("5000.01"))


def test_sums_of_a_period_count_what_is_decided_and_in_force(engagement, charter, cast, ada):
    def spend(amount, at=NOW, **more):
        return logged.decision(
            engagement, cast.ada, amount=Decimal(amount), currency="EUR", at=at, **more
        )

    first = spend(5000)
    spend(5000)
    waits = spend(5000)
    exact = spend(2000)
    assert [row.status for row in (first, waits, exact)] == ["decided", "awaiting", "decided"]
    assert spend("0.01").status == "awaiting"
    # The other hat has its own, and the next fiscal quarter is another period.
    assert spend(5000, code="DR-22", hat="CAIO").status == "decided"
    assert spend(5000, at=datetime.datetime(2026, 4, 1, 9, tzinfo=datetime.UTC)).status == "decided"

    less = decisions.supersede(
        first, decide=True, by=ada, at=NOW, **logged.SAYS, amount=Decimal(1000), currency="EUR"
    )
    assert less.status == "decided"
    assert spend(4000).status == "decided"


def test_what_waited_is_judged_anew_when_the_other_hat_agrees(cast, engagement, ada, priya):
    logged.charter(cast, engagement)
    one = logged.decision(
        engagement, cast.ada, code="DR-08", hat="CAIO", amount=Decimal(5000), currency="EUR"
    )
    for _ in range(2):
        logged.decision(
            engagement, cast.ada, code="DR-22", hat="CAIO", amount=Decimal(5000), currency="EUR"
        )
    assert (one.status, one.over_limit) == ("awaiting", False)

    one = agreements.agree(one, hat="CTO", by=ada, at=NOW)

    assert (one.status, one.over_limit) == ("awaiting", True)
    assert asked(one) == [("client", "", False), ("hat", "CTO", True)]
    assert agreements.agree(one, by=priya, at=NOW).status == "decided"


def test_a_question_that_is_no_longer_needed_is_dropped(cast, engagement, ada):
    logged.charter(cast, engagement)
    big = {"code": "DR-22", "hat": "CAIO", "amount": Decimal(5000), "currency": "EUR"}
    former = [logged.decision(engagement, cast.ada, **big) for _ in range(2)]
    one = logged.decision(engagement, cast.ada, **big | {"code": "DR-08"})
    assert asked(one) == [("client", "", False), ("hat", "CTO", False)]
    decisions.supersede(former[0], decide=True, by=ada, at=NOW, **logged.SAYS)

    one = agreements.agree(one, hat="CTO", by=ada, at=NOW)

    assert (one.status, one.over_limit, asked(one)) == ("decided", False, [("hat", "CTO", True)])


def test_another_currency_needs_a_recorded_rate(engagement, charter, cast):
    rate = {"rate": Decimal("0.92"), "rate_on": NOW.date(), "rate_source": "ECB"}
    without = logged.decision(engagement, cast.ada, amount=Decimal(100), currency="USD")
    fits = logged.decision(engagement, cast.ada, amount=Decimal(5000), currency="USD", **rate)
    over = logged.decision(engagement, cast.ada, amount=Decimal(5500), currency="USD", **rate)

    assert [row.status for row in (without, fits, over)] == ["awaiting", "decided", "awaiting"]
    assert (fits.counted_amount, fits.counted_currency) == (Decimal("4600.00"), "EUR")
    with pytest.raises(Invalid):
        logged.decision(engagement, cast.ada, amount=Decimal(1), currency="USD", rate=Decimal(1))
