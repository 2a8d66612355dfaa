"""Who wears a hat, who stands in, to whom it answers: dated stretches, and the gate before two hats on one head."""

import datetime
from decimal import Decimal

import pytest

from engagements import charter_rights, charters, deputies, gate, reporting, wearing
from engagements.models import ReportingLine, Wearing
from practice.models import AgendaEntry, Assignment
from practice.refusals import Invalid, NotAllowed
from tests import make
from tests.engagements import build
from tests.engagements.test_charters import LIMIT, accepted
from tests.make import NOW

FIRST = datetime.date(2026, 1, 1)
MARCH, APRIL, MAY = (datetime.date(2026, month, 1) for month in (3, 4, 5))


@pytest.fixture
def engagement(cast):
    return build.engagement(cast)


@pytest.fixture
def apart(cast):
    """Ada as CTO, Ben as CAIO."""
    row = build.engagement(cast, point=None, status="proposed", starts_on=MARCH)
    Wearing.objects.filter(engagement=row, hat="CAIO").update(member=cast.ben)
    make.assignment(cast.ben, cast.orchard, "CAIO")
    return row


@pytest.fixture
def ada(cast):
    return make.actor(cast.ada)


@pytest.fixture
def priya(cast):
    return make.actor(cast.priya)


def of(engagement, hat="CTO"):
    return Wearing.objects.get(engagement=engagement, hat=hat, until_on=None)


def test_a_change_ends_one_stretch_the_day_the_next_begins(engagement, ada, cast):
    wearing.wear(engagement, hat="CAIO", member=cast.ben, since_on=APRIL, by=ada, at=NOW)

    stretches = Wearing.objects.filter(engagement=engagement, hat="CAIO").order_by("since_on")
    assert list(stretches.values_list("member", "since_on", "until_on")) == [
        (cast.ada.pk, FIRST, APRIL),
        (cast.ben.pk, APRIL, None),
    ]
    before, after = (wearing.worn_on(engagement, day) for day in (MARCH, APRIL))
    assert before == {"CTO": cast.ada.pk, "CAIO": cast.ada.pk}
    assert after == {"CTO": cast.ada.pk, "CAIO": cast.ben.pk}
    assert (wearing.combined(before), wearing.combined(after)) == (True, False)


def test_who_puts_on_a_hat_is_assigned_to_the_client_under_it(engagement, ada, cast):
    wearing.wear(engagement, hat="CAIO", member=cast.ben, since_on=APRIL, by=ada, at=NOW)

    assert Assignment.objects.filter(member=cast.ben, client=cast.orchard, hat="CAIO").exists()


def test_a_hat_that_the_engagement_lacks_is_not_worn(engagement, ada, cast):
    with pytest.raises(Invalid):
        wearing.wear(engagement, hat="CDO", member=cast.ada, since_on=APRIL, by=ada, at=NOW)


def test_stretches_do_not_overlap(engagement, ada, cast):
    with pytest.raises(wearing.WornAlready):
        wearing.wear(engagement, hat="CTO", member=cast.ada, since_on=APRIL, by=ada, at=NOW)
    wearing.take_off(of(engagement), until_on=MAY, by=ada, at=NOW)
    with pytest.raises(wearing.WornBeforeThen):
        wearing.wear(engagement, hat="CTO", member=cast.ben, since_on=APRIL, by=ada, at=NOW)

    wearing.wear(engagement, hat="CTO", member=cast.ben, since_on=MAY, by=ada, at=NOW)
    assert wearing.worn_on(engagement, MAY)["CTO"] == cast.ben.pk


def test_who_has_left_wears_nothing(engagement, ada, cast):
    cast.ben.active = False
    cast.ben.save()

    with pytest.raises(Invalid):
        wearing.wear(engagement, hat="CTO", member=cast.ben, since_on=APRIL, by=ada, at=NOW)


def test_only_leads_hand_out_hats(engagement, cast):
    for person in (cast.ben, cast.fin, cast.priya):
        with pytest.raises(NotAllowed):
            wearing.wear(
                engagement,
                hat="CTO",
                member=cast.ben,
                since_on=APRIL,
                by=make.actor(person),
                at=NOW,
            )


@pytest.mark.parametrize("since_on", [MARCH, APRIL])
def test_under_way_both_hats_come_to_one_person_only_through_the_gate(apart, ada, cast, since_on):
    type(apart).objects.filter(pk=apart.pk).update(status="active")

    with pytest.raises(gate.GateNotMet) as refused:
        wearing.wear(apart, hat="CAIO", member=cast.ada, since_on=since_on, by=ada, at=NOW)

    assert "charter" in {one["key"] for one in refused.value.facts["missing"]}
    assert of(apart, "CAIO").member_id == cast.ben.pk


def test_before_it_is_active_nobody_asks_for_the_gate(apart, ada, cast):
    wearing.wear(apart, hat="CAIO", member=cast.ada, since_on=MARCH, by=ada, at=NOW)

    assert wearing.is_combined(apart, MARCH)


def test_two_hats_on_one_head_bring_their_own_dates(apart, ada, cast):
    type(apart).objects.filter(pk=apart.pk).update(status="active")
    build.stage(apart, since_on=MARCH)
    charter = charters.draft(apart, by=ada, at=NOW)
    for hat in ("CTO", "CAIO"):
        charter_rights.set_limit(charter, hat=hat, by=ada, at=NOW, **LIMIT)
    charter = charters.offer(charter, by=ada, at=NOW)
    charters.accept(charter, sha256=charter.sha256, by=make.actor(cast.priya), at=NOW)
    before = AgendaEntry.objects.filter(kind="split_check", status="open").count()

    worn = wearing.wear(
        apart, hat="CAIO", member=cast.ada, since_on=MARCH, depth_evidence="Live.", by=ada, at=NOW
    )

    after = AgendaEntry.objects.filter(kind="split_check", status="open").count()
    assert (worn.member, before, after) == (cast.ada, 0, 2)


def named(engagement, ada, cast, **more):
    stretch = {"since_on": APRIL, "until_on": MAY} | more
    return deputies.name(of(engagement), member=cast.ben, by=ada, at=NOW, **stretch)


def test_a_deputy_stands_in_once_the_sponsor_accepted(engagement, ada, priya, cast):
    deputy = named(engagement, ada, cast)
    before = deputies.standing_in(engagement, "CTO", APRIL)
    deputy = deputies.accept(deputy, by=priya, at=NOW)

    found = [
        deputies.standing_in(engagement, hat, day)
        for hat, day in (("CTO", APRIL), ("CTO", MAY), ("CTO", MARCH), ("CAIO", APRIL))
    ]
    assert (before, found) == (None, [deputy, None, None, None])
    with pytest.raises(deputies.DeputySettled):
        deputies.accept(deputy, by=priya, at=NOW)


def test_a_deputy_who_was_withdrawn_stands_in_no_longer(engagement, ada, cast):
    deputy = deputies.accept_on_behalf(
        named(engagement, ada, cast), contact=cast.priya, note="By mail.", by=ada, at=NOW
    )
    deputies.withdraw(deputy, by=ada, at=NOW + datetime.timedelta(days=35))

    stands = [
        deputies.standing_in(engagement, "CTO", APRIL + datetime.timedelta(days=days))
        for days in (0, 20)
    ]
    assert stands == [deputy, None]


def test_a_deputys_limit_is_at_most_the_holders(engagement, ada, priya, cast):
    charter = accepted(engagement, ada, priya)

    with pytest.raises(Invalid) as refused:
        named(engagement, ada, cast, limit_per_decision=Decimal("5000.01"))
    deputy = named(engagement, ada, cast, limit_per_decision=Decimal("5000.00"))

    told = refused.value.errors["limit_per_decision"]
    assert told == ["Not above the holder's own, 5,000.00 EUR."]
    assert charters.in_force(engagement) == charter
    assert deputies.limit_of(deputy) == Decimal("5000.00")


def test_nobody_stands_in_for_themselves_nor_two_at_once_nor_outside_the_stretch(
    engagement, ada, cast
):
    with pytest.raises(Invalid):
        deputies.name(of(engagement), member=cast.ada, since_on=APRIL, until_on=MAY, by=ada, at=NOW)
    with pytest.raises(Invalid):
        named(engagement, ada, cast, since_on=datetime.date(2025, 12, 31))
    named(engagement, ada, cast)
    with pytest.raises(deputies.StoodInAlready):
        named(engagement, ada, cast, since_on=MARCH, until_on=datetime.date(2026, 4, 2))


def test_a_reporting_line_keeps_its_history_and_its_review_is_due(engagement, ada, cast):
    line = {"hat": "CAIO", "by": ada, "at": NOW}
    reporting.answer_to(engagement, reports_to="CTO", since_on=FIRST, review_on=APRIL, **line)
    reporting.answer_to(engagement, reports_to="CEO", since_on=MARCH, review_on=MAY, **line)

    lines = ReportingLine.objects.order_by("since_on")
    assert list(lines.values_list("reports_to", "since_on", "until_on")) == [
        ("CTO", FIRST, MARCH),
        ("CEO", MARCH, None),
    ]
    entries = AgendaEntry.objects.filter(kind="reporting_review").order_by("due_at")
    due = datetime.datetime(2026, 5, 1, 22, 59, tzinfo=datetime.UTC)
    assert [entry.status for entry in entries] == ["done", "open"]
    assert (entries[1].due_at, entries[1].owner) == (due, cast.ada)
    with pytest.raises(reporting.LineBeforeThen):
        reporting.answer_to(engagement, reports_to="COO", since_on=FIRST, **line)


def test_an_engagement_that_ended_takes_no_more_people(engagement, ada, cast):
    type(engagement).objects.filter(pk=engagement.pk).update(status="ended", ended_on=MARCH)
    worn = of(engagement)

    with pytest.raises(wearing.EngagementEnded):
        wearing.wear(engagement, hat="CTO", member=cast.ben, since_on=APRIL, by=ada, at=NOW)
    with pytest.raises(wearing.EngagementEnded):
        wearing.take_off(worn, until_on=APRIL, by=ada, at=NOW)
    with pytest.raises(wearing.EngagementEnded):
        named(engagement, ada, cast)
    with pytest.raises(wearing.EngagementEnded):
        reporting.answer_to(engagement, hat="CTO", reports_to="CEO", since_on=APRIL, by=ada, at=NOW)
    with pytest.raises(wearing.EngagementEnded):
        charters.draft(engagement, by=ada, at=NOW)
