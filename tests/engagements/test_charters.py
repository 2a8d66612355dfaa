"""A charter: drafted from the catalogue, offered under its checksum, accepted as it was read, never edited after."""

from decimal import Decimal

import pytest

from assessments import known
from engagements import charter_gate, charter_rights, charters, rights
from engagements.models import Charter, Right, SpendingLimit
from practice import access
from practice.models import Event
from practice.refusals import Invalid, NotAllowed, NotFound, Stale
from tests import make
from tests.engagements import build
from tests.make import NOW

LIMIT = {
    "per_decision": Decimal("5000.00"),
    "per_period": Decimal("20000.00"),
    "period": "quarter",
    "currency": "EUR",
}


@pytest.fixture
def engagement(cast):
    return build.engagement(cast)


@pytest.fixture
def ada(cast):
    return make.actor(cast.ada)


@pytest.fixture
def priya(cast):
    return make.actor(cast.priya)


def drafted(engagement, ada, *hats):
    charter = charters.draft(engagement, by=ada, at=NOW)
    for hat in hats or charters.hats_of(engagement):
        charter_rights.set_limit(charter, hat=hat, by=ada, at=NOW, **LIMIT)
    return charter


def offered(engagement, ada, *hats):
    return charters.offer(drafted(engagement, ada, *hats), by=ada, at=NOW)


def accepted(engagement, ada, priya, *hats):
    charter = offered(engagement, ada, *hats)
    return charters.accept(charter, sha256=charter.sha256, by=priya, at=NOW)


def test_a_draft_holds_the_catalogue_as_it_fits_the_hats(engagement, ada):
    charter = charters.draft(engagement, by=ada, at=NOW)

    told = {right.code: (right.cto, right.caio, right.client_say) for right in charter.rights.all()}
    assert (charter.number, charter.status, len(told)) == (1, "draft", 27)
    assert told["DR-02"] == ("I", "D", "A")


def test_what_is_missing_is_named_before_an_offer(engagement, ada):
    charter = charters.draft(engagement, by=ada, at=NOW)
    charter_rights.set_right(charter, "DR-02", caio="", by=ada, at=NOW)
    charter_rights.set_right(charter, "DR-21", cto="", cio="D", by=ada, at=NOW)
    charter_rights.set_limit(charter, hat="CTO", by=ada, at=NOW, **LIMIT)

    with pytest.raises(charters.CharterIncomplete) as refused:
        charters.offer(charter, by=ada, at=NOW)

    assert [one["key"] for one in refused.value.facts["missing"]] == ["DR-02", "DR-21", "CAIO"]


def test_the_sponsor_accepts_what_they_read_and_it_is_in_force(engagement, ada, priya, cast):
    charter = accepted(engagement, ada, priya)

    assert charters.in_force(engagement) == charter
    assert (charter.accepted_by, charter.accepted_at, charter.recorded_by) == (
        cast.priya,
        NOW,
        None,
    )
    assert known.now_of(cast.orchard) == {"decision_rights_written": "yes"}
    assert charter_gate.missing(engagement, NOW) == []


def test_another_checksum_than_the_offered_one_is_refused(engagement, ada, priya):
    charter = offered(engagement, ada)

    with pytest.raises(charters.CharterChanged):
        charters.accept(charter, sha256="0" * 64, by=priya, at=NOW)

    assert charters.in_force(engagement) is None


def test_the_checksum_is_of_rights_limits_and_note(engagement, ada):
    charter = drafted(engagement, ada)
    first = charters.digest(charters.content(charter))
    charter_rights.set_right(charter, "DR-06", caio="A", by=ada, at=NOW)
    second = charters.digest(charters.content(charter))
    charter_rights.set_limit(
        charter, hat="CTO", by=ada, at=NOW, **LIMIT | {"per_decision": Decimal("1")}
    )
    third = charters.digest(charters.content(charter))

    assert len({first, second, third}) == 3


def test_accepting_a_new_version_supersedes_the_former(engagement, ada, priya):
    former = accepted(engagement, ada, priya)
    new = charters.draft(engagement, by=ada, at=NOW)
    charter_rights.set_right(new, "DR-06", caio="A", by=ada, at=NOW)
    new = charters.offer(new, by=ada, at=NOW)
    new = charters.accept(new, sha256=new.sha256, by=priya, at=NOW)

    former.refresh_from_db()
    statuses = Charter.objects.order_by("number").values_list("number", "status")
    assert list(statuses) == [(1, "superseded"), (2, "accepted")]
    assert (former.sha256 == new.sha256, new.limits.count()) == (False, 2)
    assert Right.objects.get(charter=former, code="DR-06").caio == "I"


def test_only_one_version_is_worked_on_at_a_time(engagement, ada):
    offered(engagement, ada)

    with pytest.raises(charters.CharterOpen):
        charters.draft(engagement, by=ada, at=NOW)


def test_an_offered_charter_is_not_edited(engagement, ada):
    charter = offered(engagement, ada)

    with pytest.raises(charters.NotADraft):
        charter_rights.set_right(charter, "DR-06", caio="A", by=ada, at=NOW)
    with pytest.raises(charters.NotADraft):
        charter_rights.set_limit(charter, hat="CTO", by=ada, at=NOW, **LIMIT)
    with pytest.raises(charters.NotADraft):
        charter_rights.add_own_right(charter, label="Naming", by=ada, at=NOW)


def test_a_declined_version_says_why_and_the_next_begins_from_it(engagement, ada, priya):
    first = accepted(engagement, ada, priya)
    second = charters.draft(engagement, by=ada, at=NOW)
    charter_rights.set_right(second, "DR-24", cto="A", client_say="D", by=ada, at=NOW)
    second = charters.offer(second, by=ada, at=NOW)

    second = charters.decline(second, sha256=second.sha256, reason="Too far.", by=priya, at=NOW)
    third = charters.draft(engagement, by=ada, at=NOW)

    assert (second.status, second.answered_reason) == ("declined", "Too far.")
    assert charters.in_force(engagement) == first
    assert Right.objects.get(charter=third, code="DR-24").client_say == "D"


def test_a_draft_begins_anew_from_the_catalogue_or_the_one_in_force(engagement, ada, priya):
    accepted(engagement, ada, priya)
    second = charters.draft(engagement, by=ada, at=NOW)
    charter_rights.set_right(second, "DR-24", cto="A", client_say="D", by=ada, at=NOW)
    charters.withdraw_offer(second, by=ada, at=NOW)
    third = charters.draft(engagement, origin="in_force", by=ada, at=NOW)
    charters.withdraw_offer(third, by=ada, at=NOW)
    fourth = charters.draft(engagement, origin="catalogue", by=ada, at=NOW)

    cells = [Right.objects.get(charter=c, code="DR-24").cto for c in (second, third, fourth)]
    limits = [c.limits.count() for c in (second, third, fourth)]
    assert (cells, limits) == (["A", "D", "D"], [2, 2, 0])


def test_what_was_taken_back_is_not_accepted(engagement, ada, priya):
    charter = offered(engagement, ada)
    charters.withdraw_offer(charter, by=ada, at=NOW)

    with pytest.raises(NotFound):
        charters.accept(charter, sha256=charter.sha256, by=priya, at=NOW)


def test_a_member_puts_down_what_the_sponsor_said_elsewhere(engagement, ada, cast):
    charter = offered(engagement, ada)

    charter = charters.accept_on_behalf(
        charter,
        sha256=charter.sha256,
        contact=cast.priya,
        note="Signed in the meeting of 1 March.",
        by=ada,
        at=NOW,
    )

    assert (charter.accepted_by, charter.recorded_by) == (cast.priya, cast.ada)
    with pytest.raises(charters.NotOffered):
        charters.accept_on_behalf(
            charter, sha256=charter.sha256, contact=cast.priya, note="Again.", by=ada, at=NOW
        )


def test_who_reads_but_does_not_answer_cannot_accept(engagement, ada, cast):
    charter = offered(engagement, ada)

    for person in (cast.marta, cast.ada, cast.olu):
        with pytest.raises(NotAllowed):
            charters.accept(charter, sha256=charter.sha256, by=make.actor(person), at=NOW)
    with pytest.raises(NotFound):
        charters.accept(charter, sha256=charter.sha256, by=make.actor(cast.ravi), at=NOW)


def test_a_client_sees_no_draft(engagement, ada, cast):
    drafted(engagement, ada)

    for person in (cast.priya, cast.marta):
        actor = make.actor(person)
        seen = [
            access.visible_to(actor, model).count() for model in (Charter, Right, SpendingLimit)
        ]
        assert seen == [0, 0, 0]


def test_two_cannot_decide_one_right(engagement, ada):
    charter = charters.draft(engagement, by=ada, at=NOW)

    with pytest.raises(Invalid) as refused:
        charter_rights.set_right(charter, "DR-06", caio="D", by=ada, at=NOW)

    assert refused.value.errors == {"caio": ["DR-06: only one decides, not CTO and CAIO."]}


def test_a_practice_adds_rights_of_its_own_and_takes_only_those_away(engagement, ada):
    charter = charters.draft(engagement, by=ada, at=NOW)
    own = charter_rights.add_own_right(
        charter, label="Press about the product", cto="A", client_say="D", by=ada, at=NOW
    )
    second = charter_rights.add_own_right(charter, label="Hosting region", cto="D", by=ada, at=NOW)
    charter_rights.remove_own_right(own, by=ada, at=NOW)

    kept = charter.rights.get(code="DR-01")
    with pytest.raises(charter_rights.OfTheCatalogue):
        charter_rights.remove_own_right(kept, by=ada, at=NOW)
    with pytest.raises(charter_rights.OfTheCatalogue):
        charter_rights.change_right(kept, label="Other words", by=ada, at=NOW)
    assert (second.code, second.position) == ("OR-02", 29)
    assert list(charter.rights.filter(code__startswith="OR").values_list("code")) == [("OR-02",)]


def test_one_decision_costs_no_more_than_the_period_allows(engagement, ada):
    charter = charters.draft(engagement, by=ada, at=NOW)

    with pytest.raises(Invalid):
        charter_rights.set_limit(
            charter, hat="CTO", by=ada, at=NOW, **LIMIT | {"per_decision": Decimal("20000.01")}
        )
    with pytest.raises(Invalid):
        charter_rights.set_limit(charter, hat="CDO", by=ada, at=NOW, **LIMIT)


def test_the_page_of_a_draft_is_saved_whole_or_not_at_all(engagement, ada):
    charter = drafted(engagement, ada)
    seen = charters.digest(charters.content(charter))
    page = {"seen": seen, "note": "For the pilot.", "by": ada, "at": NOW}

    with pytest.raises(Invalid):
        charter_rights.revise(
            charter, says={"DR-06": {"caio": "A"}, "DR-07": {"cto": "D"}}, limits={}, **page
        )
    before = charter.rights.get(code="DR-06").caio
    charter_rights.revise(
        charter,
        says={"DR-06": {"caio": "A"}, "DR-07": {"cto": "A"}},
        limits={"CTO": LIMIT | {"currency": "USD"}},
        **page,
    )

    after = charter.rights.get(code="DR-06").caio
    assert (before, after, charter.limits.get(hat="CTO").currency) == ("I", "A", "USD")
    with pytest.raises(Stale):
        charter_rights.revise(charter, says={}, limits={}, **page)


def test_what_happened_to_a_charter_is_on_record(engagement, ada, priya):
    charter = accepted(engagement, ada, priya)

    kinds = (
        Event.objects.filter(subject_id=charter.pk).order_by("id").values_list("kind", flat=True)
    )
    assert list(kinds) == ["charter.drafted", "charter.offered", "charter.accepted"]
    assert rights.needed() == ("DR-01", "DR-02", "DR-03", "DR-05")
