"""A practice's own lenses: taken in whole or refused with every fault, run, shown beside the panel, never a vote."""

import pytest

from assessments import known, own_lenses, scoring
from assessments.models import PracticeLens
from practice.refusals import Invalid, NotAllowed, Taken
from tests import make
from tests.make import NOW

GOOD = """
key = "OWN-RUNWAY"
version = 1
name = "Runway"
subject = "Is there money for a seat"
file = "own"
bias = "Ours"
outcomes = ["WAIT", "GO"]

[[questions]]
id = "OWN-RUNWAY-Q1"
text = "How many people are employed?"
kind = "count"
fact = "employees"
required = "true"
unknown = 0
completions = [0, 50]

[[rules]]
when = "Q1 < 50"
outcome = "WAIT"
reasons = ["OWN-R1"]

[[rules]]
when = "true"
outcome = "GO"
reasons = ["OWN-R2"]

[texts]
WAIT = "Wait."
GO = "Go."
OWN-R1 = "Fewer than fifty people."
OWN-R2 = "Fifty people or more."
"""
BAD = (
    GOOD.replace('"Q1 < 50"', '"Q9 < 50"')
    .replace('WAIT = "Wait."', "")
    .replace('"employees"', '"staff"')
)


def upload(cast, text=GOOD, by="olu"):
    return own_lenses.upload(text=text, by=make.actor(getattr(cast, by)), at=NOW)


def test_a_good_lens_is_taken_in_once_for_each_version(cast):
    row = upload(cast)
    assert (row.key, row.lens_version, row.name) == ("OWN-RUNWAY", 1, "Runway")
    with pytest.raises(Taken):
        upload(cast)
    upload(cast, GOOD.replace("version = 1", "version = 2"))
    assert PracticeLens.objects.count() == 2


def test_a_bad_lens_is_refused_with_every_fault_by_line(cast):
    with pytest.raises(Invalid) as refused:
        upload(cast, BAD)
    told = " | ".join(refused.value.errors["text"])
    assert "rules[0].when" in told
    assert "texts.WAIT" in told
    assert "questions[0].fact" in told
    assert "line" in told


def test_only_an_owner_brings_lenses(cast):
    with pytest.raises(NotAllowed):
        upload(cast, by="ada")


def test_it_is_run_by_its_key_within_the_practice_alone(cast, api):
    upload(cast)
    answers = {"answers": {"OWN-RUNWAY-Q1": 70}}
    told = api(cast.ada).post("lenses/OWN-RUNWAY/evaluate/", answers)
    assert (told.status_code, told.json()["outcome"]) == (200, "GO")
    assert api(cast.zoe).post("lenses/OWN-RUNWAY/evaluate/", answers).status_code == 404


def test_it_stands_beside_the_panel_and_does_not_vote(cast):
    upload(cast)
    said = {"said_on": NOW.date(), "source": "talk"}
    by = make.actor(cast.ada)
    known.learn(cast.orchard, facts={"employees": 70, "cto_seat": "none"}, by=by, at=NOW, **said)
    result = scoring.assess(cast.orchard, by=by, at=NOW).result
    assert [(own["lens"], own["outcome"]) for own in result["beside"]] == [("OWN-RUNWAY", "GO")]
    assert "OWN-RUNWAY" not in [vote["lens"] for vote in result["votes"]]


def test_a_fault_told_over_the_api_names_the_text(cast, api):
    answer = api(cast.olu).post("own-lenses/", {"text": "key = "})
    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["text"])


def test_a_lens_that_breaks_on_these_answers_is_a_bad_request_also_when_asked_what_if(cast, api):
    upload(cast, GOOD.replace('"Q1 < 50"', '"100 / (Q1 - 77) < 50"'))
    for verb in ("evaluate", "what-if"):
        answer = api(cast.ada).post(
            f"lenses/OWN-RUNWAY/{verb}/", {"answers": {"OWN-RUNWAY-Q1": 77}}
        )
        assert (answer.status_code, list(answer.json()["errors"])) == (400, ["answers"])
