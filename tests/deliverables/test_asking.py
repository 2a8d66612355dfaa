"""Who is told that a decision waits for them: exactly those whom the charter asks, once; and who hears of a no."""

import datetime
from decimal import Decimal

import pytest
from django.core import mail

from deliverables import agreements, decisions
from engagements import deputies
from engagements.models import Wearing
from practice.models import Member
from tests import make
from tests.deliverables import logged
from tests.engagements import build
from tests.make import NOW

DAY = datetime.timedelta(days=1)
ASKED = "Your agreement is asked for: decision 1"
OVER = {"amount": Decimal("5000.01"), "currency": "EUR"}


@pytest.fixture
def engagement(cast):
    return build.engagement(cast)


def told(at=NOW):
    """Who got which letter, whatever else the clock had to say."""
    for later in (at, at, at + DAY):
        build.tick(later)
    about = [one for one in mail.outbox if "decision" in one.subject]
    return sorted((one.to[0], one.subject) for one in about)


def two_people(cast, engagement):
    """Ben wears the CTO hat, so that the other hat is somebody else."""
    ben = Member.objects.get(user__email="ben@lantern.test")
    Wearing.objects.filter(engagement=engagement, hat="CTO").update(member=ben)
    make.assignment(ben, engagement.client)


def test_the_sponsor_is_told_once_and_led_to_the_page(cast, engagement, page):
    logged.charter(cast, engagement)
    decision = logged.decision(engagement, cast.ada, **OVER)

    assert told() == [("priya@orchard.test", ASKED)]
    letter = next(one for one in mail.outbox if one.subject == ASKED)
    link = f"/portal/decisions/{decision.pk}/"
    assert letter.body.count(link) == 1
    assert page(cast.priya).get(link).status_code == 200


def test_the_other_hat_is_told_and_whoever_stands_in_for_it(cast, engagement):
    two_people(cast, engagement)
    logged.charter(cast, engagement)
    deputy = deputies.name(
        Wearing.objects.get(engagement=engagement, hat="CTO"),
        member=cast.olu,
        since_on=NOW.date(),
        until_on=NOW.date() + 5 * DAY,
        by=make.actor(cast.ada),
        at=NOW,
    )
    deputies.accept(deputy, by=make.actor(cast.priya), at=NOW)
    decision = logged.decision(engagement, cast.ada, code="DR-08", hat="CAIO")

    assert [(row.asked, row.hat) for row in decision.agreements.all()] == [("hat", "CTO")]
    assert told() == [("ben@lantern.test", ASKED), ("olu@lantern.test", ASKED)]


def test_one_person_under_two_hats_writes_no_letter_to_themselves(cast, engagement):
    logged.charter(cast, engagement)
    logged.decision(engagement, cast.ada, code="DR-08", hat="CAIO")

    assert told() == []


def test_where_the_lead_decides_the_second_person_is_an_owner(cast, engagement):
    logged.charter(cast, engagement, rights={"DR-06": {"second_person": True}})
    logged.decision(engagement, cast.ada)

    assert told() == [("olu@lantern.test", ASKED)]


def test_what_was_answered_before_the_letter_left_is_not_asked_any_more(cast, engagement):
    logged.charter(cast, engagement)
    decision = logged.decision(engagement, cast.ada, **OVER)
    agreements.agree(decision, by=make.actor(cast.priya), at=NOW)

    assert told() == []


def test_who_decided_hears_of_a_no_and_why(cast, engagement):
    logged.charter(cast, engagement)
    decision = logged.decision(engagement, cast.ada, **OVER)
    told()
    mail.outbox.clear()
    decisions.reject(
        decision, reason="Too dear this year.", by=make.actor(cast.priya), at=NOW + 2 * DAY
    )

    assert told(NOW + 2 * DAY) == [("ada@lantern.test", "Rejected: decision 1")]
    assert "The reason given: Too dear this year." in mail.outbox[-1].body
