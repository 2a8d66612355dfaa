"""Fifty at once, on either engine: one move wins, the rest are told 409, and nobody is told of a fault."""

import datetime
import os
from collections import Counter

import pytest
from django.db import connection

from engagements import lifecycle, moves
from engagements.models import Engagement, Move, Stage
from practice.refusals import Refusal
from tests import cast as casting
from tests import make
from tests.doors.crowd import a_database_for_threads, at_once
from tests.engagements import build
from tests.make import NOW

FIFTY = 50
ROUNDS = int(os.environ.get("REMIT_ROUNDS", "1"))
DAY = datetime.timedelta(days=1)


def told(call):
    """What an API caller would be told: a success, or the status and code of the refusal."""
    try:
        call()
    except Refusal as refused:
        return f"{refused.status} {refused.code}"
    return "done"


def crowd(call):
    return Counter(at_once([lambda: told(call)] * FIFTY, threads=FIFTY))


@pytest.mark.django_db(transaction=True)
def test_of_fifty_identical_proposals_agreements_and_endings_one_wins():
    cast, answers = casting.build(), Counter()
    ada, priya = make.actor(cast.ada), make.actor(cast.priya)
    with a_database_for_threads():
        engagement = build.engagement(cast)
        for turn in range(ROUNDS):
            at = NOW + turn * DAY
            point = ("RETAINER_HIGH", "RETAINER")[turn % 2]
            terms = {"to_point": point, "effective_on": at.date(), "fee_amount": str(9000 + turn)}

            def propose(terms=terms, at=at):
                moves.propose(engagement, reason="More", by=ada, at=at, **terms)

            def agree(at=at):
                moves.agree(Move.objects.latest("id"), by=priya, at=at)

            proposed, agreed = crowd(propose), crowd(agree)
            assert proposed == {"done": 1, "409 move_pending": 49}
            assert agreed == {"done": 1, "409 move_settled": 49}
            answers += proposed + agreed
            assert Stage.objects.count() == turn + 2
        last = NOW + ROUNDS * DAY
        ends = crowd(lambda: lifecycle.end(engagement, reason="Done", by=ada, at=last))
        assert ends == {"done": 1, "409 not_active": 49}
        assert Engagement.objects.get().status == "ended"
        assert Stage.objects.filter(until_on=None).count() == 0
    told_all = ", ".join(f"{answer} {count}" for answer, count in sorted(answers.items()))
    print(f"{connection.vendor}, {ROUNDS} rounds: {told_all}.")
