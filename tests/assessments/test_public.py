"""The prospect's questionnaire over HTTP: one question at a time, saved on the way, sent once, told to nobody."""

import datetime

import pytest
from django.test import Client as Browser
from django.utils import timezone

from assessments import known, links, questionnaire, reads
from assessments.models import Assessment, ClientFact, ProspectLink
from practice.models import Client
from tests import make
from tests.assessments.test_assessments import choose


@pytest.fixture
def address(cast) -> str:
    return opened(cast)


def opened(cast, **how) -> str:
    by = make.actor(cast.ada)
    _, address = links.open_for(cast.orchard, person="Nora", by=by, at=timezone.now(), **how)
    return address.removeprefix("http://127.0.0.1:8000")


def told(address: str, fact: str, value="", **more):
    return Browser(enforce_csrf_checks=True).post(
        address, {"fact": fact, "value": value, **more}, headers={"Origin": "null"}
    )


def sent(address: str):
    return Browser().post(address, {"act": "submit"})


def draft() -> dict:
    return ProspectLink.objects.get().draft


def test_the_start_names_practice_person_and_client(address):
    shown = Browser().get(address).content.decode()
    for word in ("Lantern Partners", "Nora", "Orchard"):
        assert word in shown


def test_each_answer_is_saved_and_leads_to_the_next_question(address):
    answer = told(address, "business_type", "software")
    assert (answer.status_code, answer["Location"]) == (302, f"{address}?at=size_class")
    assert draft() == {"business_type": "software"}
    assert ClientFact.objects.count() == 0


@pytest.mark.parametrize(
    ("fact", "typed", "kept"),
    [
        ("annual_revenue", "$1,250,000", 1_250_000),
        ("employees", " 12 ", 12),
        ("ai_in_strategy", "yes", "yes"),
        ("external_pressure", ["board", "customers"], ["board", "customers"]),
        ("external_pressure", [], []),
    ],
)
def test_answers_are_kept_in_the_form_of_their_fact(address, fact, typed, kept):
    told(address, fact, typed)
    assert draft() == {fact: kept}


@pytest.mark.parametrize(
    ("fact", "typed"),
    [
        ("employees", "a dozen"),
        ("employees", "1.5"),
        ("annual_revenue", "-5"),
        ("annual_revenue", "NaN"),
        ("annual_revenue", "1e999"),
        ("business_type", "piracy"),
        ("ai_in_strategy", "perhaps"),
        ("employees", "9" * 100_000),
    ],
)
def test_a_bad_answer_is_asked_again_and_not_kept(address, fact, typed):
    answer = told(address, fact, typed)
    assert answer.status_code == 422
    assert questionnaire.label(fact) not in ("", None)
    assert answer.context["error"]
    assert draft() == {}


def test_an_unknown_question_is_no_page(address):
    assert told(address, "shoe_size", "44").status_code == 404
    assert Browser().get(f"{address}?at=shoe_size").status_code == 200


def test_skipping_says_nothing_and_goes_on(address):
    answer = told(address, "business_type", skip="1")
    assert answer["Location"] == f"{address}?at=size_class"
    assert draft() == {}


def test_an_answer_can_be_taken_back(address):
    told(address, "employees", "12")
    told(address, "employees", "12", skip="1")
    assert draft() == {}


def test_who_comes_back_goes_on_behind_the_last_answer(address):
    told(address, "employees", "12")
    assert Browser().get(address).context["go_on"] == "engineers"


def test_questions_about_a_cto_are_left_out_where_there_is_none(address):
    told(address, "cto_bandwidth", "yes")
    answer = told(address, "cto_seat", "none")
    assert answer["Location"] == f"{address}?at=platform_state"
    assert draft() == {"cto_seat": "none"}


def test_sending_makes_facts_and_one_assessment_and_ends_the_questions(address, cast):
    told(address, "cto_seat", "none")
    told(address, "size_class", "small")
    assert sent(address)["Location"] == address
    assert known.now_of(cast.orchard) == {"cto_seat": "none", "size_class": "small"}
    made = Assessment.objects.get()
    assert (made.answered_by, made.source) == ("Nora", "prospect")
    assert "Thank you, Nora" in Browser().get(address).content.decode()
    told(address, "size_class", "large")
    sent(address)
    assert Assessment.objects.count() == 1
    assert known.now_of(cast.orchard)["size_class"] == "small"


def test_nothing_answered_cannot_be_sent(address):
    answer = sent(address)
    assert (answer.status_code, Assessment.objects.count()) == (409, 0)
    assert "at least one question" in answer.content.decode()


def test_skipping_takes_nothing_from_what_the_practice_knows(address, cast):
    by, at = make.actor(cast.ada), timezone.now()
    known.learn(
        cast.orchard, facts={"engineers": 7}, said_on=at.date(), source="talk", by=by, at=at
    )
    told(address, "engineers", skip="1")
    told(address, "employees", "12")
    sent(address)
    assert known.now_of(cast.orchard) == {"engineers": 7, "employees": 12}


def test_an_answer_taken_back_takes_nothing_from_what_the_practice_knows(address, cast):
    by, at = make.actor(cast.ada), timezone.now()
    facts = {"engineers": 7, "cto_bandwidth": "yes"}
    known.learn(cast.orchard, facts=facts, said_on=at.date(), source="talk", by=by, at=at)
    told(address, "engineers", "9")
    told(address, "engineers", "9", skip="1")
    told(address, "cto_bandwidth", "no")
    told(address, "cto_seat", "none")
    sent(address)
    assert known.now_of(cast.orchard) == {**facts, "cto_seat": "none"}
    assert ClientFact.objects.filter(until_at=None, value=None).count() == 0
    assert ClientFact.objects.filter(source="prospect").count() == 1


def test_what_was_never_known_and_is_taken_back_leaves_no_trace(address):
    told(address, "employees", "12")
    told(address, "employees", "12", skip="1")
    told(address, "size_class", "small")
    sent(address)
    assert list(ClientFact.objects.values_list("name", flat=True)) == ["size_class"]


def test_taking_back_the_only_answer_leaves_nothing_to_send(address):
    told(address, "employees", "12")
    told(address, "employees", "12", skip="1")
    assert sent(address).status_code == 409


# The address.


def ended(cast) -> dict[str, str]:
    now, by = timezone.now(), make.actor(cast.ada)
    expired, revoked = opened(cast), opened(cast)
    rows = list(ProspectLink.objects.order_by("-id")[:2])
    links.revoke(rows[0], by=by, at=now)
    past = now - datetime.timedelta(days=1)
    ProspectLink.objects.filter(pk=rows[1].pk).update(expires_at=past)
    return {"wrong": "/answer/wrong/", "expired": expired, "revoked": revoked}


def test_wrong_expired_and_revoked_addresses_answer_the_same_bytes(cast):
    said = set()
    for address in ended(cast).values():
        for tail in ("", "read/", "read/pdf/"):
            answer = Browser().get(address + tail)
            said.add((answer.status_code, answer.content))
        said.add((told(address, "cto_seat", "none").status_code, answer.content))
    assert len(said) == 1
    assert said.pop()[0] == 404


def test_the_pages_set_no_cookie_and_tell_nobody_their_address(address):
    for answer in (Browser().get(address), told(address, "employees", "x")):
        assert answer.cookies == {}
        assert answer["Referrer-Policy"] == "no-referrer"
        assert "noindex" in answer["X-Robots-Tag"]
        assert "no-store" in answer["Cache-Control"]


def test_asking_too_often_is_refused_before_the_address_is_looked_at(address, settings):
    settings.API_RATE_PER_MINUTE = 2
    browser = Browser()
    said = [browser.get(path).status_code for path in ("/answer/a/", "/answer/b/", address)]
    assert said == [404, 404, 429]


def test_one_practices_link_shows_nothing_of_who_else_is_signed_in(address, cast, page):
    shown = page(cast.zoe).get(address).content.decode()
    assert "Northlight" not in shown
    assert "Lantern Partners" in shown


# The read afterwards.


def submitted(cast, **how) -> str:
    address = opened(cast, **how)
    told(address, "cto_seat", "none")
    told(address, "size_class", "small")
    sent(address)
    return address


def issue(cast) -> None:
    made = Assessment.objects.get()
    choose(cast, made, reason="Because of the seat.")
    reads.issue(made, by=make.actor(cast.ada), at=timezone.now())


def test_who_may_see_the_read_finds_it_once_it_is_issued(cast):
    address = submitted(cast, may_see_read=True)
    assert Browser().get(f"{address}read/").status_code == 404
    issue(cast)
    assert f"{address}read/" in Browser().get(address).content.decode()
    assert "Because of the seat." in Browser().get(f"{address}read/").content.decode()
    pdf = Browser().get(f"{address}read/pdf/")
    assert pdf.content.startswith(b"%PDF-")
    assert pdf["X-Content-Type-Options"] == "nosniff"


def test_who_may_not_see_the_read_does_not_find_it(cast):
    address = submitted(cast)
    issue(cast)
    assert "read/" not in Browser().get(address).content.decode()
    assert Browser().get(f"{address}read/").status_code == 404
    assert Browser().get(f"{address}read/pdf/").status_code == 404


def test_whatever_a_person_is_called_stays_text(cast):
    Client.objects.filter(pk=cast.orchard.pk).update(name="<b>Orchard</b>")
    shown = Browser().get(opened(cast)).content.decode()
    assert "<b>Orchard" not in shown
    assert "&lt;b&gt;Orchard" in shown


# The questionnaire itself.


def test_every_fact_that_a_lens_uses_is_asked_once_and_no_other():
    from assessments import facts

    used = {n for source in facts.sources().values() for n in (source.fact, *source.any_of) if n}
    asked = [ask.fact for _, ask in questionnaire.asks()]
    assert sorted(asked) == sorted(used)


def test_every_word_that_can_be_chosen_has_a_text_of_its_own():
    missing = [
        (ask.fact, word)
        for _, ask in questionnaire.asks()
        for word in ask.of.choices
        if word not in questionnaire.whole().words.get(ask.fact, {})
    ]
    assert missing == []
