"""Eight who decide at the same moment: together they never spend more than the charter lets the hat."""

from decimal import Decimal

import pytest

from deliverables.models import Agreement, Decision
from tests import cast as casting
from tests.deliverables import logged
from tests.doors import crowd
from tests.engagements import build

pytestmark = pytest.mark.django_db(transaction=True)
EIGHT = 8


def test_of_eight_at_once_exactly_those_that_fit_are_decided():
    cast = casting.build()
    engagement = build.engagement(cast)
    logged.charter(cast, engagement)

    def spend():
        amount = {"amount": Decimal("2500.00"), "currency": "EUR"}
        return logged.decision(engagement, cast.ada, **amount).status

    with crowd.a_database_for_threads():
        states = crowd.at_once([spend] * EIGHT, threads=EIGHT)
        told = Decision.objects.order_by("number").values_list("number", "status")
        rows = list(told)
        asked = Agreement.objects.filter(asked="client", given_at=None).count()

    # 12,000 in the period, 2,500 each: four fit.
    assert sorted(states) == ["awaiting"] * 4 + ["decided"] * 4
    assert [number for number, _ in rows] == list(range(1, EIGHT + 1))
    assert asked == 4
