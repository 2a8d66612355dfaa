"""What waits for the sponsor: who is written to, once, with which link; and who hears of a no."""

import datetime

import pytest
from django.core import mail

from engagements import charter_rights, charters, contracts, deputies, lifecycle, moves
from engagements.models import Charter, ContractVersion, Deputy, Move, Wearing
from practice import access, contacts, keys, rows
from practice.models import Notice
from tests import make
from tests.engagements import build
from tests.make import NOW

TODAY = NOW.date()
DAY = datetime.timedelta(days=1)
FIGURES = ("31234", "31,234", "20000", "20,000", "250", "EUR")
CONTRACT = {"title": "Contract", "summary": "EUR 31234.00 a month."}


@pytest.fixture
def ada(cast):
    return make.actor(cast.ada)


@pytest.fixture
def priya(cast):
    return make.actor(cast.priya)


@pytest.fixture
def work(cast):
    return build.engagement(cast)


def moved(work, by):
    return moves.propose(
        work,
        to_point="RETAINER_HIGH",
        effective_on=TODAY + 30 * DAY,
        reason="More to do.",
        fee_amount="31234.00",
        by=by,
        at=NOW,
    )


def chartered(work, by):
    row = charters.draft(work, by=by, at=NOW)
    limit = {"per_decision": 5000, "per_period": 20000, "currency": "EUR", "period": "quarter"}
    for hat in charters.hats_of(work):
        charter_rights.set_limit(row, hat=hat, by=by, at=NOW, **limit)
    return charters.offer(row, by=by, at=NOW)


def contracted(work, by):
    return contracts.offer(contracts.draft(work, **CONTRACT, by=by, at=NOW), by=by, at=NOW)


def named(work, by):
    worn = Wearing.objects.get(engagement=work, hat="CTO")
    ben = type(work.lead).objects.get(user__email="ben@lantern.test")
    days = {"since_on": TODAY + DAY, "until_on": TODAY + 9 * DAY}
    return deputies.name(worn, member=ben, **days, by=by, at=NOW)


ASKED = {
    "move": (moved, "moves", "Step up: High-intensity retainer, from 1 April 2026"),
    "charter": (chartered, "charters", "Charter 1: who decides what"),
    "contract": (contracted, "contracts", "Contract: Contract"),
    "deputy": (named, "deputies", "Ben stands in for Ada from 3 March 2026"),
}


def sent(to):
    return [letter for letter in mail.outbox if letter.to == [to]]


@pytest.mark.parametrize("name", ASKED)
def test_the_sponsor_is_told_once_with_one_link_and_no_figure(cast, work, ada, name):
    put, page, what = ASKED[name]
    row = put(work, ada)
    for later in (NOW, NOW, NOW + DAY):
        build.tick(later)
    letters = sent("priya@orchard.test")
    assert [one.subject for one in letters] == [f"Your answer is asked for: {what}"]
    html = letters[0].alternatives[0][0]
    link = f"/portal/{page}/{row.pk}/"
    assert (html.count("<a "), html.count(link), letters[0].body.count(link)) == (1, 1, 1)
    said = letters[0].subject + letters[0].body + html
    assert [figure for figure in FIGURES if figure in said.replace(str(row.pk), "")] == []
    assert [one.to for one in mail.outbox if one not in letters] == []


@pytest.mark.parametrize("name", ASKED)
def test_the_link_leads_to_where_it_is_answered(cast, work, ada, page, name):
    put, where, _ = ASKED[name]
    row = put(work, ada)
    shown = page(cast.priya).get(f"/portal/{where}/{row.pk}/")
    assert shown.status_code == 200
    assert "Decline" in shown.content.decode()


def test_every_sponsor_of_this_client_is_told_and_nobody_else(cast, work, ada):
    make.contact(cast.orchard, "Sam", "sponsor", email="sam@orchard.test")
    gone = make.contact(cast.orchard, "Gone", "sponsor", email="gone@orchard.test")
    contacts.change(gone, active=False, by=make.actor(cast.olu), at=NOW)
    moved(work, ada)
    build.tick(NOW)
    assert sorted(letter.to[0] for letter in mail.outbox) == [
        "priya@orchard.test",
        "sam@orchard.test",
    ]


def test_nobody_is_told_of_a_draft_and_of_what_waits_in_it_when_it_is_proposed(cast, ada):
    hats = {"CTO": 50, "CAIO": 50}
    row = lifecycle.open_for(cast.orchard, name="Two", lead=cast.ada, hats=hats, by=ada, at=NOW)
    contracted(row, ada)
    told = {**build.TERMS, "reason": "As talked through."}
    moves.propose(row, to_point="RETAINER", effective_on=TODAY, by=ada, at=NOW, **told)
    build.tick(NOW)
    assert mail.outbox == []
    lifecycle.propose(row, by=ada, at=NOW)
    build.tick(NOW)
    assert sorted(letter.subject for letter in mail.outbox) == [
        "Your answer is asked for: Begin: Retainer, from 2 March 2026",
        "Your answer is asked for: Contract: Contract",
    ]
    # Back to a draft and proposed again: what waited all along is not asked for twice.
    lifecycle.propose(lifecycle.withdraw(row, by=ada, at=NOW), by=ada, at=NOW)
    build.tick(NOW)
    assert len(mail.outbox) == 2


def test_what_needs_no_answer_asks_nobody(cast, work, ada):
    moves.propose(work, effective_on=TODAY, reason="So.", client_sees_hats=True, by=ada, at=NOW)
    moves.suggest(work, to_point="RETAINER_HIGH", reason="Facts.", by=ada, at=NOW)
    build.tick(NOW)
    assert mail.outbox == []


def test_a_suggestion_that_is_put_forward_asks(cast, work, ada):
    move = moves.suggest(work, to_point="RETAINER_HIGH", reason="Facts.", by=ada, at=NOW)
    moves.put_forward(move, effective_on=TODAY + DAY, by=ada, at=NOW)
    build.tick(NOW)
    assert [letter.to for letter in mail.outbox] == [["priya@orchard.test"]]


@pytest.mark.parametrize("why", ["answered", "taken back", "a draft again", "no sponsor any more"])
def test_what_no_longer_waits_when_the_letter_is_written_is_not_asked(cast, ada, priya, why):
    work = build.engagement(cast, status="proposed", point=None)
    contract = contracted(work, ada)
    if why == "answered":
        contracts.accept(contract, by=priya, at=NOW)
    elif why == "taken back":
        contracts.withdraw(contract, by=ada, at=NOW)
    elif why == "a draft again":
        lifecycle.withdraw(work, by=ada, at=NOW)
    else:
        by = make.actor(cast.olu)
        contacts.change(cast.priya, role="viewer", by=by, at=NOW)
    build.tick(NOW)
    assert mail.outbox == []
    assert set(Notice.objects.values_list("status", flat=True)) == {"cancelled"}


def declined(name, row, by):
    if name == "charter":
        return charters.decline(row, sha256=row.sha256, reason="Not so.", by=by, at=NOW)
    verb = {"move": moves, "contract": contracts, "deputy": deputies}[name].decline
    return verb(row, reason="Not so.", by=by, at=NOW)


@pytest.mark.parametrize("name", ASKED)
def test_whoever_put_it_forward_hears_of_a_no_with_its_reason_once(cast, work, priya, name):
    put, _, what = ASKED[name]
    row = put(work, make.actor(cast.olu))
    build.tick(NOW)
    declined(name, row, priya)
    for _ in range(2):
        build.tick(NOW)
    letters = [one for one in mail.outbox if one.to != ["priya@orchard.test"]]
    assert [(one.to, one.subject) for one in letters] == [
        (["olu@lantern.test"], f"Orchard declined: {what}")
    ]
    kind = {
        "move": Move,
        "charter": Charter,
        "contract": ContractVersion,
        "deputy": Deputy,
    }[name]._meta.model_name
    assert "The reason given: Not so." in letters[0].body
    assert letters[0].body.count(f"/desk/engagements/{kind}/{row.pk}/change/") == 1
    assert [
        figure for figure in FIGURES if figure in letters[0].body.replace(str(row.pk), "")
    ] == []


def test_the_lead_hears_of_it_where_who_asked_has_left(cast, work, priya):
    row = moved(work, make.actor(cast.olu))
    by = access.system(cast.practice.pk)
    rows.change(cast.olu, {"active": False}, by=by, at=NOW, kind="member.changed")
    declined("move", row, priya)
    build.tick(NOW)
    assert [one.to for one in mail.outbox if "declined" in one.subject] == [["ada@lantern.test"]]


def test_where_a_key_asked_who_made_the_key_hears_of_it(cast, work, priya):
    scopes = ["read", "write", "commercial"]
    key, _ = keys.make(by=make.actor(cast.olu), at=NOW, name="Sync", scopes=scopes)
    by = access.Actor(
        role="key",
        kind="key",
        practice_id=cast.practice.pk,
        id=key.pk,
        scopes=frozenset(scopes),
    )
    declined("move", moved(work, by), priya)
    build.tick(NOW)
    assert [one.to for one in mail.outbox if "declined" in one.subject] == [["olu@lantern.test"]]


def test_it_stands_in_the_inbox_of_who_can_sign_in(cast, work, ada, api):
    moved(work, ada)
    build.tick(NOW)
    told = api(cast.priya).get("inbox/").json()["results"]
    assert [one["title"] for one in told] == [
        "Your answer is asked for: Step up: High-intensity retainer, from 1 April 2026"
    ]
