"""What people and keys may put down, asked with bodies in which nothing but their own right can be wrong."""

import pytest

from tests import make
from tests.engagements import build


@pytest.fixture
def callers(cast, api):
    amy = make.member(cast.practice, make.user("amy@lantern.test", "Amy"), "associate")
    make.assignment(amy, cast.orchard)
    rita = make.contact(cast.orchard, "Rita", "reviewer", make.user("rita@orchard.test"))
    scopes = ("read", "write", "commercial")
    people = {name: getattr(cast, name) for name in ("olu", "ada", "ben", "fin", "priya", "marta")}
    people |= {"amy": amy, "rita": rita, "bot": cast.bot}
    people["key"] = make.key(cast.practice, "Writer", scopes)
    people["limited"] = make.key(cast.practice, "Limited", scopes, cast.orchard)
    return {name: api(who) for name, who in people.items()} | {"amy's": amy}


def asked(callers, path, body) -> dict[str, int]:
    return {
        name: caller.post(path, body).status_code
        for name, caller in callers.items()
        if name != "amy's"
    }


def test_members_note_their_own_expenses_and_nobody_else_notes_one(cast, callers):
    row = build.engagement(cast)
    own = {"engagement": str(row.pk), "spent_on": "2026-02-10", "amount": "40.00", "what": "Taxi"}
    assert asked(callers, "expenses/", own) == {
        "olu": 201,
        "ada": 201,
        # Sees no client, so not this engagement.
        "ben": 400,
        "fin": 403,
        "priya": 403,
        "marta": 403,
        "amy": 201,
        "rita": 403,
        "bot": 403,
        # A key has to say whose it is; limited to a client it knows no colleagues to name.
        "key": 400,
        "limited": 400,
    }
    of_ada, of_amy = own | {"member": str(cast.ada.pk)}, own | {"member": str(callers["amy's"].pk)}
    told = {name: callers[name].post("expenses/", of_ada).status_code for name in ("amy", "key")}
    assert told == {"amy": 403, "key": 201}
    assert callers["limited"].post("expenses/", of_amy).status_code == 400


def test_who_sees_whom_a_hat_answers_to_may_not_therefore_say_it(cast, callers):
    row = build.engagement(cast)
    body = {"engagement": str(row.pk), "hat": "CTO", "reports_to": "CEO", "since_on": "2026-01-01"}
    first = asked(callers, "reporting-lines/", body)
    allowed = {name for name, status in first.items() if status in (201, 409)}
    assert allowed == {"olu", "ada", "key", "limited"}
    assert {name: status for name, status in first.items() if name not in allowed} == {
        "ben": 400,
        **dict.fromkeys(("fin", "priya", "marta", "amy", "rita", "bot"), 403),
    }


def test_a_key_limited_to_a_client_puts_no_hat_on_anybody(cast, callers):
    row = build.engagement(cast)
    body = {"engagement": str(row.pk), "hat": "CTO", "since_on": "2026-03-01"}
    body["member"] = str(cast.olu.pk)
    refused = callers["limited"].post("wearings/", body)
    assert (refused.status_code, list(refused.json()["errors"])) == (400, ["member"])
    assert callers["key"].post("wearings/", body).status_code == 201
