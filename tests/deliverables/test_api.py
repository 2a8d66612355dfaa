"""The decision log over REST: writing, filtering, the check before one writes, the files."""

import csv
import io
import json
import zipfile
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests import make
from tests.deliverables import logged
from tests.engagements import build
from tests.make import NOW


@pytest.fixture
def engagement(cast):
    row = build.engagement(cast)
    logged.charter(cast, row)
    return row


def body(engagement, **more):
    said = {
        "question": "Which gateway?",
        "options": [{"label": "Buy one"}, {"label": "Build one"}],
        "reason": "Time matters.",
    }
    return {"engagement": str(engagement.pk), "code": "DR-06", "hat": "CTO", **said, **more}


def test_a_decision_is_proposed_decided_and_superseded(cast, engagement, api):
    made = api(cast.ada).post("decisions/", body(engagement, decide=True))
    assert (made.status_code, made.json()["status"]) == (201, "decided")
    told = made.json()
    assert (told["decider_name"], told["right_label"]) == ("Ada", "Build or buy, outside AI")

    new = api(cast.ada).post(
        f"decisions/{told['id']}/supersede/",
        {
            "question": "Which gateway now?",
            "options": [{"label": "Build one"}],
            "reason": "Prices doubled.",
            "decide": True,
        },
    )

    assert (new.status_code, new.json()["supersedes"]) == (201, told["id"])
    former = api(cast.ada).get(f"decisions/{told['id']}/").json()
    assert (former["status"], former["superseded_by"]) == ("superseded", new.json()["id"])


def test_a_refusal_names_who_holds_the_right(cast, engagement, api):
    refused = api(cast.ada).post("decisions/", body(engagement, code="DR-02"))

    told = refused.json()
    assert (refused.status_code, told["code"], told["holders"]) == (
        409,
        "right_not_held",
        ["CAIO"],
    )


def test_the_list_is_narrowed_by_hat_right_state_moment_amount_and_words(cast, engagement, api):
    logged.decision(engagement, cast.ada, amount=Decimal(100), currency="EUR")
    logged.decision(engagement, cast.ada, code="DR-22", hat="CAIO", reason="Pelicans agree.")
    logged.decision(
        engagement, cast.ada, code="DR-07", hat="CAIO", amount=Decimal(300), currency="EUR"
    )

    def numbers(query):
        found = api(cast.ada).get(f"decisions/?order=number&{query}").json()
        return [one["number"] for one in found["results"]]

    assert numbers("") == [1, 2, 3]
    assert numbers("hat=CAIO") == [2, 3]
    assert numbers("code=DR-06") == [1]
    assert numbers("status=awaiting") == [3]
    assert numbers("amount_from=100.01") == [3]
    assert numbers("amount_until=100.00") == [1]
    assert numbers("decided_from=2026-03-02T00:00:00Z") == [1, 2]
    assert numbers("decided_until=2026-03-02T00:00:00Z") == []
    assert numbers("q=pelicans") == [2]
    assert numbers(f"engagement={engagement.pk}&hat=CTO") == [1]


def test_another_system_puts_down_what_was_decided_and_decides_nothing_itself(
    cast, engagement, api
):
    writer = api(make.key(cast.practice, "Writer", ("read", "write")))
    refused = writer.post("decisions/", body(engagement, decide=True))
    made = writer.post("decisions/", body(engagement, amount="6000.00", currency="EUR")).json()
    done = writer.post(f"decisions/{made['id']}/decide-on-behalf/", {"note": "Minutes of May."})

    told = done.json()
    assert (refused.status_code, told["status"], told["origin"]) == (403, "awaiting", "imported")
    assert (told["decider_name"], told["over_limit"]) == ("Ada", True)


def test_who_is_asked_reads_and_answers(cast, engagement, api):
    row = logged.decision(engagement, cast.ada, code="DR-07", hat="CAIO")

    asked = api(cast.priya).get(f"decision-agreements/?decision={row.pk}&open=true").json()
    assert [(one["asked"], one["why"]) for one in asked["results"]] == [
        ("client", "DR-07 wants the client's agreement.")
    ]
    answer = api(cast.priya).post(f"decisions/{row.pk}/agree/", {})
    assert (answer.status_code, answer.json()["status"]) == (200, "decided")


def test_the_check_tells_beforehand_what_would_become_of_it(cast, engagement, api):
    def check(**asked):
        given = {"engagement": engagement.pk, "code": "DR-06", "hat": "CTO"} | asked
        query = "&".join(f"{name}={value}" for name, value in given.items())
        return api(cast.ada).get(f"decision-check/?{query}")

    # The check is of now, and so is the period it looks at.
    logged.decision(engagement, cast.ada, amount=Decimal(4000), currency="EUR", at=timezone.now())

    fits = check(amount="5000", currency="EUR").json()
    assert (fits["state"], fits["spent"], fits["per_period"]) == ("decided", "4000.00", "12000.00")
    over = check(amount="5000.01", currency="EUR").json()
    assert (over["state"], [ask["asked"] for ask in over["asks"]]) == ("awaiting", ["client"])
    refused = check(code="DR-02").json()
    assert (refused["state"], refused["holders"]) == ("refused", ["CAIO"])
    assert check(code="DR-10", hat="CAIO").json()["scores"] == ["CAIO", "CTO"]
    assert check(amount="5").status_code == 400
    assert check(engagement="00000000-0000-0000-0000-000000000001").status_code == 400
    assert api(cast.priya).get("decision-check/").status_code == 403


def test_the_log_comes_as_a_table_as_json_and_as_records(cast, engagement, api):
    row = logged.decision(
        engagement, cast.ada, question="=1+1, or which?", amount=Decimal(100), currency="EUR"
    )
    logged.decision(engagement, cast.ada, decide=False)

    table = api(cast.ada).get("decisions/csv/?status=decided")
    rows = list(csv.DictReader(io.StringIO(table.content.decode())))
    assert [(one["number"], one["question"], one["amount"]) for one in rows] == [
        ("1", "'=1+1, or which?", "100.00")
    ]
    told = json.loads(api(cast.ada).get("decisions/json/").content)
    assert [one["status"] for one in told["decisions"]] == ["decided", "proposed"]
    packed = zipfile.ZipFile(io.BytesIO(api(cast.ada).get("decisions/records/").content))
    assert packed.namelist() == [
        "two-hats/0001-11-or-which.md",
        "two-hats/0002-which-gateway-do-we-use.md",
    ]
    one = api(cast.ada).get(f"decisions/{row.pk}/record/").content.decode()
    assert one == RECORD
    assert json.loads(api(cast.priya).get("decisions/json/").content)["decisions"] == []


RECORD = f"""# 1. =1+1, or which?

- Status: decided
- Decided: {NOW.isoformat()}
- Right: DR-06 (Build or buy, outside AI)
- Hat: CTO
- Decided by: Ada
- Recorded by: Ada
- Amount: 100.00 EUR

## Context

Three teams call models on their own.

## Options considered

1. Buy one (chosen)
2. Build one: Two months.

## Decision

Buy one

## Reason

Time matters more than fit.
"""


@pytest.mark.parametrize("count", [1, 3])
def test_a_list_asks_as_much_for_three_as_for_one(cast, engagement, api, count):
    for _ in range(count):
        logged.decision(engagement, cast.ada)
    caller = api(cast.ada)
    caller.get("decisions/")

    with CaptureQueriesContext(connection) as queries:
        caller.get("decisions/json/")
    rows = [query for query in queries if "deliverables_" in query["sql"]]
    assert len(rows) == 3
