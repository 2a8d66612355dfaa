"""Drafts that nobody was shown can be thrown away; what was put before the client stays."""

import datetime

import pytest

from engagements import (
    charters,
    contracts,
    deputies,
    discarding,
    lifecycle,
    moves,
    reporting,
    wearing,
)
from engagements.lifecycle import NotDraft
from engagements.models import (
    Charter,
    ContractVersion,
    Deputy,
    Engagement,
    HatShare,
    Move,
    ReportingLine,
    Right,
    Wearing,
)
from practice.models import AgendaEntry, Event
from practice.refusals import NotAllowed, NotFound, Stale
from tests import make
from tests.engagements import build
from tests.make import NOW

TODAY = NOW.date()
DAY = datetime.timedelta(days=1)
PARTS = (HatShare, Wearing, Deputy, ReportingLine, Move, Charter, Right, ContractVersion)


@pytest.fixture
def ada(cast):
    return make.actor(cast.ada)


def drafted(cast, ada):
    """A draft with everything that can belong to one."""
    row = lifecycle.open_for(
        cast.orchard, name="Two hats", lead=cast.ada, hats={"CTO": 50, "CAIO": 50}, by=ada, at=NOW
    )
    how = {"by": ada, "at": NOW}
    worn = wearing.wear(row, hat="CTO", member=cast.ada, since_on=TODAY, **how)
    until = TODAY + 9 * DAY
    deputies.name(worn, member=cast.ben, since_on=TODAY, until_on=until, **how)
    reporting.answer_to(
        row, hat="CTO", reports_to="CEO", since_on=TODAY, review_on=TODAY + 90 * DAY, **how
    )
    charters.draft(row, **how)
    contracts.draft(row, title="Contract", **how)
    told = {**build.TERMS, "reason": "As talked through."}
    moves.propose(row, to_point="RETAINER", effective_on=TODAY, **how, **told)
    return row


def test_a_draft_goes_with_all_that_belongs_to_it_and_the_log_stays(cast, ada):
    row = drafted(cast, ada)
    seen = Event.objects.order_by("id").last().pk
    discarding.engagement(row, by=ada, at=NOW)
    assert [model.objects.count() for model in (Engagement, *PARTS)] == [0] * 9
    assert not AgendaEntry.objects.filter(subject_id=row.pk, status="open").exists()
    told = Event.objects.filter(pk__gt=seen).order_by("id")
    assert list(told.values_list("kind", flat=True)) == [
        "charter.discarded",
        "deputy.discarded",
        "wearing.discarded",
        "reporting_line.discarded",
        "move.discarded",
        "contract.discarded",
        "hat.discarded",
        "hat.discarded",
        "engagement.discarded",
    ]
    last = told.last()
    assert (last.before["name"], last.actor_id) == ("Two hats", cast.ada.pk)
    assert Event.objects.filter(subject_id=row.pk, kind="engagement.opened").exists()


def test_what_was_proposed_once_stays(cast, ada):
    row = drafted(cast, ada)
    lifecycle.propose(row, by=ada, at=NOW)
    with pytest.raises(NotDraft):
        discarding.engagement(row, by=ada, at=NOW)
    lifecycle.withdraw(row, by=ada, at=NOW)
    with pytest.raises(discarding.WasShown):
        discarding.engagement(row, by=ada, at=NOW)
    with pytest.raises(discarding.WasShown):
        discarding.move(Move.objects.get(), by=ada, at=NOW)


def test_a_draft_on_which_something_rests_says_what(cast, ada):
    row = drafted(cast, ada)
    deputy = deputies.accept_on_behalf(
        Deputy.objects.get(), contact=cast.priya, note="On the phone.", by=ada, at=NOW
    )
    assert deputy.status == "accepted"
    version = ContractVersion.objects.get()
    contracts.offer(version, by=ada, at=NOW)
    with pytest.raises(discarding.InUse) as refused:
        discarding.engagement(row, by=ada, at=NOW)
    assert refused.value.facts["missing"] == [
        {"key": "deputy", "what": "The sponsor agreed to a deputy."},
        {"key": "contract", "what": "A contract was offered."},
    ]
    assert Engagement.objects.count() == 1


def test_an_engagement_under_way_is_never_thrown_away(cast, ada):
    with pytest.raises(NotDraft):
        discarding.engagement(build.engagement(cast), by=ada, at=NOW)


def test_a_charter_goes_with_its_rights_and_the_next_takes_its_number(cast, ada):
    row = build.engagement(cast)
    charter = charters.draft(row, by=ada, at=NOW)
    discarding.charter(charter, by=ada, at=NOW)
    assert (Charter.objects.count(), Right.objects.count()) == (0, 0)
    assert charters.draft(row, by=ada, at=NOW).number == 1
    standing = Charter.objects.get()
    Charter.objects.filter(pk=standing.pk).update(status="offered", sha256="a" * 64)
    with pytest.raises(charters.NotADraft):
        discarding.charter(standing, by=ada, at=NOW)


def test_a_contract_that_a_move_names_is_held_and_an_offered_one_is_no_draft(cast, ada):
    row = build.engagement(cast)
    version = contracts.draft(row, title="Contract", by=ada, at=NOW)
    move = moves.propose(
        row, effective_on=TODAY + DAY, reason="Anew.", contract=version, by=ada, at=NOW
    )
    with pytest.raises(discarding.InUse) as refused:
        discarding.contract(version, by=ada, at=NOW)
    assert refused.value.facts["missing"] == [{"key": "move", "what": "A move names it."}]
    assert Move.objects.get(pk=move.pk).contract == version
    other = build.engagement(cast, name="Other")
    free = contracts.draft(other, title="Free", by=ada, at=NOW)
    discarding.contract(free, by=ada, at=NOW)
    assert not ContractVersion.objects.filter(pk=free.pk).exists()
    contracts.offer(version, by=ada, at=NOW)
    with pytest.raises(contracts.ContractNotDraft):
        discarding.contract(version, by=ada, at=NOW)


def test_a_suggestion_can_be_thrown_away_and_what_the_sponsor_was_asked_cannot(cast, ada):
    row = build.engagement(cast)
    move = moves.suggest(row, to_point="RETAINER_HIGH", reason="Facts.", by=ada, at=NOW)
    with pytest.raises(Stale):
        discarding.move(move, by=ada, at=NOW, expected=7)
    discarding.move(move, by=ada, at=NOW)
    assert Move.objects.count() == 0
    asked = moves.propose(
        row, effective_on=TODAY + DAY, reason="More.", fee_amount="1.00", by=ada, at=NOW
    )
    for _ in range(2):
        with pytest.raises(discarding.WasShown):
            discarding.move(asked, by=ada, at=NOW)
        moves.withdraw(asked, reason="No.", by=ada, at=NOW) if _ == 0 else None


def test_who_may_not_write_it_may_not_throw_it_away(cast, ada):
    row = drafted(cast, ada)
    for verb, what in (
        (discarding.engagement, row),
        (discarding.move, Move.objects.get()),
        (discarding.charter, Charter.objects.get()),
        (discarding.contract, ContractVersion.objects.get()),
    ):
        for who in (cast.ben, cast.fin, cast.priya, cast.zoe):
            with pytest.raises((NotAllowed, NotFound)):
                verb(what, by=make.actor(who), at=NOW)
    assert Engagement.objects.count() == 1


def test_drafts_are_discarded_over_http_and_asked_again_with_the_key_answer_the_same(
    cast, api, ada
):
    row, caller = drafted(cast, ada), api(cast.ada)
    charter = Charter.objects.get()
    paths = (
        f"charters/{charter.pk}",
        f"contracts/{ContractVersion.objects.get().pk}",
        f"moves/{Move.objects.get().pk}",
        f"engagements/{row.pk}",
    )
    for path in paths:
        id = path.split("/")[1]
        told = [caller.post(f"{path}/discard/", Idempotency_Key=f"d-{id}") for _ in range(2)]
        assert [(one.status_code, one.json()) for one in told] == [(200, {"id": id})] * 2
        assert caller.get(f"{path}/").status_code == 404
    assert caller.post(f"engagements/{row.pk}/discard/").status_code == 404


def test_drafts_are_discarded_at_the_desk(cast, page, ada):
    row, browser = drafted(cast, ada), page(cast.ada)
    for what, one in (
        ("charter", Charter.objects.get()),
        ("contractversion", ContractVersion.objects.get()),
        ("move", Move.objects.get()),
        ("engagement", row),
    ):
        link = f"/desk/engagements/{what}/{one.pk}/discard/"
        assert "thrown away" in browser.get(link).content.decode(), what
        assert browser.post(link).status_code == 302, what
        assert not type(one).objects.filter(pk=one.pk).exists(), what
    listed = browser.get("/desk/engagements/engagement/").content.decode()
    assert "The draft is gone." in listed
