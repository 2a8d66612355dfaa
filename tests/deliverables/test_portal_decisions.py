"""The decision log in the portal over HTTP: what waits for the sponsor, plain words, and the log to take away."""

import io
import json
import zipfile

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from deliverables import agreements, decisions, telling
from deliverables.models import Chain
from tests import make
from tests.deliverables import logged
from tests.engagements import build
from tests.make import NOW

HOME, DECISIONS = "/portal/", "/portal/decisions/"


@pytest.fixture
def row(cast):
    row = build.engagement(cast)
    logged.charter(cast, row)
    return row


def dear(row, cast, **says):
    """Beyond the hat's limit, so the sponsor is asked."""
    asked = {"code": "DR-05", "amount": 9000, "currency": "EUR", "question": "Which servers?"}
    return logged.decision(row, cast.ada, **asked | says)


def at(decision) -> str:
    return reverse("portal:decision", args=[decision.pk])


def answer(browser, decision, **said):
    return browser.post(f"{at(decision)}answer/", {"seen": decision.version, **said})


def text(response) -> str:
    return response.content.decode().replace("&#x27;", "'")


def test_what_waits_stands_on_the_home_page_and_is_agreed_to(cast, page, row):
    made, priya = dear(row, cast), page(cast.priya)
    home = text(priya.get(HOME))
    assert ("Waiting for your answer" in home, at(made) in home) == (True, True)
    said = text(priya.get(at(made)))
    assert (
        "It waits for your agreement, because it is more than the hat may spend by one decision, "
        "5,000.00 EUR."
    ) in said
    assert answer(priya, made, answer="agree").url == at(made)
    made.refresh_from_db()
    assert (made.status, made.client_agreed) == ("decided", True)
    said = text(priya.get(DECISIONS))
    assert "The CTO hat (Ada) decided this on" in said
    assert "under the right DR-05, “Spending within a hat's own limit”." in said
    assert "You agreed, because it is more than the hat may spend by one decision" in said
    assert at(made) not in text(priya.get(HOME))


def test_a_rejection_needs_a_reason_which_stays_in_the_log(cast, page, row):
    made, priya = dear(row, cast), page(cast.priya)
    assert "Say why not." in text(answer(priya, made, answer="reject", reason=" "))
    answer(priya, made, answer="reject", reason="Not this year.")
    made.refresh_from_db()
    assert (made.status, made.closed_reason) == ("rejected", "Not this year.")
    assert "It was rejected: Not this year." in text(priya.get(at(made)))


def test_the_answer_is_to_what_was_on_the_page(cast, page, row):
    made, priya = dear(row, cast), page(cast.priya)
    stale = priya.post(f"{at(made)}answer/", {"seen": made.version - 1, "answer": "agree"})
    assert "Somebody changed this in the meantime" in text(stale)
    made.refresh_from_db()
    assert made.status == "awaiting"


def test_the_board_reads_and_does_not_answer(cast, page, row):
    made, marta = dear(row, cast), page(cast.marta)
    said = text(marta.get(at(made)))
    assert ("I agree" in said, "waits for the agreement of the client's sponsor" in said) == (
        False,
        True,
    )
    assert answer(marta, made, answer="agree").status_code == 404
    assert at(made) not in text(marta.get(HOME))
    agreements.agree(made, by=make.actor(cast.priya), at=NOW)
    assert "Priya agreed, because" in text(marta.get(at(made)))


def test_only_what_is_put_forward_and_marked_for_the_client_is_there(cast, page, row):
    hidden = logged.decision(row, cast.ada, question="Which salary?")
    draft = logged.decision(row, cast.ada, decide=False, client_sees=True, question="Which dream?")
    shown = logged.decision(row, cast.ada, client_sees=True, question="Which gateway?")
    priya = page(cast.priya)
    said = text(priya.get(DECISIONS))
    assert [q in said for q in ("Which salary?", "Which dream?", "Which gateway?")] == [
        False,
        False,
        True,
    ]
    assert [priya.get(at(one)).status_code for one in (hidden, draft, shown)] == [404, 404, 200]
    assert page(cast.ravi).get(at(shown)).status_code == 404
    assert answer(page(cast.ravi), shown, answer="agree").status_code == 404


def test_the_log_is_narrowed_by_hat_and_words(cast, page, row):
    logged.decision(row, cast.ada, client_sees=True, question="Which gateway?")
    logged.decision(
        row, cast.ada, client_sees=True, hat="CAIO", code="DR-26", question="Which school?"
    )
    priya = page(cast.priya)

    def found(**asked) -> list[int]:
        logs = priya.get("/portal/decisions/search/", asked).context["logs"]
        return [one["row"].number for log in logs for one in log["rows"]]

    assert found() == [2, 1]
    assert found(hat="CAIO") == [2]
    assert found(q="GATEWAY") == [1]
    assert found(q="salary") == []
    assert found(hat="nonsense") == [2, 1]


def test_the_log_is_taken_away_with_what_checks_it(cast, page, row):
    logged.decision(row, cast.ada, question="Which salary?")
    logged.decision(row, cast.ada, client_sees=True, question="Which gateway?")
    log, priya = Chain.objects.get(), page(cast.priya)
    said = text(priya.get(DECISIONS))
    assert ("python3 verify_log.py" in said, f"2:{log.head}" in said) == (True, True)
    packed = priya.get(reverse("portal:decision-bundle", args=[log.pk]))
    content = zipfile.ZipFile(io.BytesIO(packed.content)).read("log.json").decode()
    assert ("Which gateway?" in content, "Which salary?" in content) == (True, False)
    assert len(json.loads(content)["entries"]) == 2
    assert page(cast.ravi).get(reverse("portal:decision-bundle", args=[log.pk])).status_code == 404


def test_what_is_told_of_another_hat_and_of_a_successor(cast, row):
    how = {"by": make.actor(cast.ada), "at": NOW}
    made = logged.decision(row, cast.ada, code="DR-09", hat="CAIO", question="Which model?")
    agreements.agree(made, hat="CTO", **how)
    said = {**logged.SAYS, "question": "Which model, now?", "decide": True}
    after = decisions.supersede(made, **said, **how)
    agreements.agree(after, hat="CTO", **how)
    former, latter = telling.joined(type(made).objects.order_by("number"))
    label = "Choice of models and AI vendors, and what to fall back on"
    assert telling.sentences(former) == [
        f"The CAIO hat (Ada) decided this on 2 March 2026, under the right DR-09, “{label}”.",
        "The CTO hat agreed (Ada), because DR-09 wants the CTO's agreement.",
        "Decision 2 has taken its place.",
    ]
    assert telling.sentences(latter)[0] == telling.sentences(former)[0]


@pytest.mark.parametrize("path", [HOME, DECISIONS])
def test_pages_ask_the_same_number_of_queries_at_one_and_three(cast, page, row, path):
    priya = page(cast.priya)

    def asked() -> int:
        priya.get(path)
        with CaptureQueriesContext(connection) as queries:
            assert priya.get(path).status_code == 200
        return len(queries)

    def more() -> None:
        dear(row, cast)
        logged.decision(row, cast.ada, client_sees=True)

    more()
    one = asked()
    more()
    more()
    assert asked() == one


def test_a_nul_in_what_is_typed_is_left_out(cast, page, row):
    made, priya = dear(row, cast), page(cast.priya)
    assert priya.get("/portal/decisions/search/", {"q": "a\x00b"}).status_code == 200
    answer(priya, made, answer="reject", reason="Not\x00 now.")
    made.refresh_from_db()
    assert made.closed_reason == "Not now."
