"""Facts, assessments, choices and prospect links by verb."""

import datetime

import pytest
from django.db import DatabaseError, connection, transaction

from assessments import facts as dictionary
from assessments import known, links, panel, scoring
from assessments.models import Assessment, ClientFact, ProspectLink
from practice.book import read
from practice.models import Event
from practice.refusals import Invalid, NotAllowed, NotFound
from tests import make
from tests.make import NOW

SHEETS = read(dictionary.DATA / "fixtures.toml")["sheets"]
DAY = datetime.timedelta(days=1)


def learn(cast, by="ada", at=NOW, said_by="Priya", **facts):
    return known.learn(
        cast.orchard,
        facts=facts,
        said_by=said_by,
        said_on=at.date(),
        source="talk",
        by=make.actor(getattr(cast, by)),
        at=at,
    )


def assessed(cast, name="A3", at=NOW):
    learn(cast, at=at, **SHEETS[name]["facts"])
    return scoring.assess(cast.orchard, answered_by="Priya", by=make.actor(cast.ada), at=at)


def test_a_new_answer_stands_beside_the_old_one(cast):
    learn(cast, employees=100)
    learn(cast, at=NOW + DAY, employees=120, said_by="Marta")
    rows = ClientFact.objects.order_by("id").values_list("value", "said_by", "until_at")
    assert list(rows) == [(100, "Priya", NOW + DAY), (120, "Marta", None)]
    assert known.now_of(cast.orchard) == {"employees": 120}


def test_the_same_answer_again_is_no_news(cast):
    learn(cast, employees=100)
    events = Event.objects.count()
    assert learn(cast, at=NOW + DAY, employees=100) == []
    assert (ClientFact.objects.count(), Event.objects.count()) == (1, events)


def test_what_is_no_longer_known_is_put_down_as_such(cast):
    learn(cast, employees=100)
    learn(cast, at=NOW + DAY, employees=None)
    assert known.now_of(cast.orchard) == {}
    assert ClientFact.objects.count() == 2


def test_facts_that_cannot_be_read_are_named_and_none_is_kept(cast):
    with pytest.raises(Invalid) as refused:
        learn(cast, employees=-1, nonsense=1, cto_seat="filled")
    assert sorted(refused.value.errors) == ["facts.employees", "facts.nonsense"]
    assert ClientFact.objects.count() == 0


def test_facts_of_a_client_not_assigned_are_out_of_reach(cast):
    with pytest.raises(NotFound):
        known.learn(
            cast.quarry,
            facts={"employees": 1},
            said_on=NOW.date(),
            source="talk",
            by=make.actor(cast.ada),
            at=NOW,
        )


@pytest.mark.parametrize("name", sorted(SHEETS))
def test_an_assessment_keeps_facts_and_result_of_its_moment(cast, name):
    made = assessed(cast, name)
    assert made.facts == panel.evaluate(SHEETS[name]["facts"])["facts"]
    assert (made.next_seat, made.end_shape) == tuple(made.result["consensus"].values())
    learn(cast, at=NOW + DAY, employees=9_999)
    assert Assessment.objects.get().facts == made.facts


def test_an_assessment_can_be_neither_changed_nor_removed(cast):
    made = assessed(cast)
    table = Assessment._meta.db_table
    for statement in (f"UPDATE {table} SET next_seat = 'CTO'", f"DELETE FROM {table}"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    assert Assessment.objects.get() == made


def test_without_any_fact_there_is_nothing_to_assess(cast):
    with pytest.raises(scoring.NothingKnown):
        scoring.assess(cast.orchard, by=make.actor(cast.ada), at=NOW)


def choose(cast, assessment, by="ada", **other):
    words = {
        "next_seat": "CAIO",
        "end_shape": "TWO_PEOPLE",
        "point": "RETAINER",
        "reason": "AI outgrew the CTO",
    }
    return scoring.choose(
        assessment, **{**words, "hats": ["CAIO"], **other}, by=make.actor(getattr(cast, by)), at=NOW
    )


def test_a_choice_is_made_once_with_its_reason(cast):
    made = assessed(cast)
    choice = choose(cast, made, preferred_lens="S4")
    assert (choice.hats, choice.preferred_lens) == (["CAIO"], "S4")
    assert Event.objects.filter(kind="assessment.chosen", subject_id=choice.pk).count() == 1
    with pytest.raises(scoring.ChosenAlready):
        choose(cast, made)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("next_seat", "MAYBE"),
        ("end_shape", "?"),
        ("point", "SOON"),
        ("preferred_lens", "S9"),
        ("hats", ["CEO"]),
        ("reason", " "),
    ],
)
def test_a_choice_in_words_nobody_knows_is_refused(cast, field, value):
    with pytest.raises(Invalid) as refused:
        choose(cast, assessed(cast), **{field: value})
    assert list(refused.value.errors) == [field]


def test_an_associate_assesses_but_does_not_choose(cast):
    make.assignment(cast.ben, cast.orchard)
    learn(cast, by="ben", cto_seat="none", size_class="small")
    made = scoring.assess(cast.orchard, by=make.actor(cast.ben), at=NOW)
    with pytest.raises(NotAllowed):
        choose(cast, made, by="ben")


def test_two_runs_are_compared_fact_by_fact_and_lens_by_lens(cast):
    one = assessed(cast, "A3")
    learn(cast, at=NOW + DAY, cto_stretched="no", ai_initiatives=2)
    other = scoring.assess(cast.orchard, by=make.actor(cast.ada), at=NOW + DAY)
    told = scoring.compare(one, other)
    assert told["facts"] == [
        {"fact": "ai_initiatives", "from": 7, "to": 2},
        {"fact": "cto_stretched", "from": "yes", "to": "no"},
    ]
    assert told["outcomes"] == [
        {"lens": "S1", "from": "CAIO_ADD", "to": "TECH_LEAD_TAKES_CAIO_HAT"},
        {"lens": "S3", "from": "BOTH_CONSIDER", "to": "NO_SIGNAL"},
    ]


def opened(cast, **other):
    return links.open_for(cast.orchard, person="Noor", by=make.actor(cast.ada), at=NOW, **other)


def test_a_link_is_found_by_its_token_and_kept_as_a_hash(cast):
    link, address = opened(cast)
    token = address.rstrip("/").rpartition("/")[2]
    assert links.find(token, at=NOW) == link
    assert token not in str(ProspectLink.objects.values().get())


@pytest.mark.parametrize("token", ["", "x", "é", "a" * 32])
def test_a_made_up_token_finds_nothing(cast, token):
    opened(cast)
    with pytest.raises(NotFound):
        links.find(token, at=NOW)


def test_a_link_that_expired_or_was_withdrawn_is_gone(cast):
    link, address = opened(cast)
    token = address.rstrip("/").rpartition("/")[2]
    with pytest.raises(NotFound):
        links.find(token, at=link.expires_at)
    links.revoke(link, by=make.actor(cast.ada), at=NOW)
    with pytest.raises(NotFound):
        links.find(token, at=NOW)


def test_a_draft_is_kept_and_submitted_once_as_facts_and_assessment(cast):
    link, _ = opened(cast)
    links.save_draft(link, answers={"cto_seat": "none"}, at=NOW)
    links.save_draft(link, answers={"size_class": "small", "ai_siloed": "yes"}, at=NOW)
    assert known.now_of(cast.orchard) == {}
    made = links.submit(link, at=NOW)
    assert made.answered_by == "Noor"
    assert known.now_of(cast.orchard) == {
        "cto_seat": "none",
        "size_class": "small",
        "ai_siloed": "yes",
    }
    link.refresh_from_db()
    assert (link.assessment, link.draft) == (made, {})
    with pytest.raises(links.LinkEnded):
        links.submit(link, at=NOW)
    with pytest.raises(links.LinkEnded):
        links.save_draft(link, answers={"cto_seat": "none"}, at=NOW)


def test_an_empty_draft_cannot_be_submitted_and_the_link_stays(cast):
    link, _ = opened(cast)
    with pytest.raises(scoring.NothingKnown):
        links.submit(link, at=NOW)
    link.refresh_from_db()
    assert link.submitted_at is None
