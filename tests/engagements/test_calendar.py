"""A calendar feed of one engagement: its own dates, those of its moves, and nothing of another."""

import datetime
from decimal import Decimal

import pytest
from django.db import transaction

from engagements import dates, moves
from engagements.models import Engagement
from practice.feeds import opening
from practice.models import AgendaEntry
from practice.refusals import Invalid
from tests import make
from tests.engagements import build
from tests.make import NOW


@pytest.fixture
def engagement(cast) -> Engagement:
    """With a move that is agreed and still ahead."""
    row = build.engagement(cast)
    move = moves.propose(
        row,
        to_point="RETAINER_HIGH",
        effective_on=datetime.date(2026, 5, 1),
        reason="More to do.",
        fee_amount=Decimal(45000),
        by=make.actor(cast.ada),
        at=NOW,
    )
    moves.agree(move, by=make.actor(cast.priya), at=NOW)
    with transaction.atomic():
        build.replanned(row, at=NOW)
    return row


def shown(place, engagement) -> set[str]:
    by = make.actor(place)
    feed, _ = opening.open_feed(by=by, at=NOW, scope="engagement", scope_id=engagement.pk)
    return set(opening.entries(feed, by, at=NOW).values_list("kind", flat=True))


def planned(**those) -> set[str]:
    rows = AgendaEntry.objects.filter(kind__in=dates.KINDS, **those)
    return set(rows.values_list("kind", flat=True))


def test_it_shows_the_dates_of_this_engagement_and_of_no_other(cast, engagement):
    other = build.engagement(cast, name="Another", point="ADVISORY")
    assert {"phase_end", "phase_turn", "move_effective"} <= planned()
    # The moment at which the clock turns the phase is nobody's date.
    owed = planned() - {"phase_turn"}
    assert (shown(cast.ada, engagement), shown(cast.ada, other)) == (owed, set())


def test_a_contact_sees_of_it_what_clients_see(cast, engagement):
    assert shown(cast.priya, engagement) == planned(client_sees=True) != planned()


def test_it_is_for_those_who_see_the_engagement(cast, engagement):
    for place in (cast.ben, cast.ravi, cast.zoe):
        with pytest.raises(Invalid):
            shown(place, engagement)
