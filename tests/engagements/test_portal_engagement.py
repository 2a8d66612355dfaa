"""Engagements in the portal: what each person of a client sees, and what the sponsor answers."""

import datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from engagements import contracts, moves, reporting
from engagements.models import Move, Stage
from practice import files
from tests import make
from tests.engagements import build

WHERE = "/portal/where/"


def shown(answer) -> str:
    return answer.content.decode()


def dearer(cast, row) -> Move:
    """A move to a higher intensity, for more money, that waits for Priya."""
    return moves.propose(
        row,
        to_point="RETAINER_HIGH",
        effective_on=timezone.now().date(),
        reason="Claims go live.",
        fee_amount="28000",
        allowance="7",
        by=make.actor(cast.ada),
        at=timezone.now(),
    )


def at(row) -> str:
    return f"/portal/{'moves' if isinstance(row, Move) else 'contracts'}/{row.pk}/"


def test_a_client_sees_where_it_stands_and_nothing_that_is_still_drafted(cast, page):
    build.engagement(cast)
    build.engagement(cast, name="Only a draft", status="draft")
    told = shown(page(cast.priya).get(WHERE))
    assert "The way so far: Retainer since 1 Jan 2026." in told
    assert "Only a draft" not in told
    assert "Two hats" not in shown(page(cast.ravi).get(WHERE))


def test_fees_are_for_the_sponsor_alone(cast, page):
    row = build.engagement(cast)
    move = dearer(cast, row)
    vic = make.contact(
        cast.orchard,
        "Vic",
        "viewer",
        make.user("vic@orchard.test", "Vic"),
        email="vic@orchard.test",
    )
    for path in (WHERE, at(move)):
        assert "20,000" in shown(page(cast.priya).get(path))
        assert "000 a month" not in shown(page(cast.marta).get(path))
    assert "000 a month" not in shown(page(vic).get(WHERE))
    assert page(vic).get(at(move)).status_code == 403


def test_the_sponsor_reads_what_changes_and_agrees_to_it(cast, page):
    row = build.engagement(cast)
    move = dearer(cast, row)
    browser = page(cast.priya)
    assert "Step up: High-intensity retainer for Two hats" in shown(browser.get("/portal/"))
    asked = browser.get(at(move))
    assert [(c.label, c.before, c.after) for c in asked.context["changes"]] == [
        ("Fee", "EUR 20,000 a month", "EUR 28,000 a month"),
        ("Allowance", "4 days a month", "7 days a month"),
    ]
    browser.post(at(move), {"answer": "yes", "seen": move.version})
    move.refresh_from_db()
    assert (move.status, move.accepted_by) == ("effective", cast.priya)
    assert Stage.objects.get(until_on=None).point == "RETAINER_HIGH"


def test_the_sponsor_declines_with_a_reason(cast, page):
    move = dearer(cast, build.engagement(cast))
    browser = page(cast.priya)
    silent = browser.post(at(move), {"answer": "no", "seen": move.version, "reason": " "})
    assert "Say what should be different." in shown(silent)
    browser.post(at(move), {"answer": "no", "seen": move.version, "reason": "Too dear."})
    move.refresh_from_db()
    assert (move.status, move.answered_reason) == ("declined", "Too dear.")


def test_an_answer_is_to_what_was_on_the_page(cast, page):
    move = dearer(cast, build.engagement(cast))
    answer = page(cast.priya).post(at(move), {"answer": "yes", "seen": move.version - 1})
    assert "changed this in the meantime" in shown(answer)
    move.refresh_from_db()
    assert move.status == "proposed"


def test_the_board_reads_and_does_not_answer(cast, page):
    move = dearer(cast, build.engagement(cast))
    browser = page(cast.marta)
    assert "I agree" not in shown(browser.get(at(move)))
    assert browser.post(at(move), {"answer": "yes", "seen": move.version}).status_code == 404
    assert page(cast.ravi).get(at(move)).status_code == 404
    move.refresh_from_db()
    assert move.status == "proposed"


def test_the_sponsor_reads_a_contract_with_its_document_and_accepts_it(cast, page):
    row = build.engagement(cast)
    how = {"by": make.actor(cast.ada), "at": timezone.now()}
    letter = SimpleUploadedFile("letter.txt", b"Services and fees.\n")
    kept = files.keep(cast.orchard, name=letter.name, content=letter.read(), **how)
    version = contracts.draft(row, title="Letter", file=kept, **how)
    browser = page(cast.priya)
    assert browser.get(at(version)).status_code == 404
    version = contracts.offer(version, **how)
    assert browser.get(f"{at(version)}file/").content == b"Services and fees.\n"
    assert page(cast.marta).get(f"{at(version)}file/").status_code == 403
    browser.post(at(version), {"answer": "yes", "seen": version.version})
    version.refresh_from_db()
    assert (version.status, version.accepted_by) == ("accepted", cast.priya)


@pytest.mark.parametrize("path", ["/portal/", WHERE])
def test_pages_ask_the_same_number_of_queries_for_one_and_three(cast, page, path):
    browser = page(cast.priya)

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert browser.get(path).status_code == 200
        return len(queries)

    build.engagement(cast)
    asked()
    one = asked()
    build.engagement(cast, name="Second", starts_on=datetime.date(2026, 2, 1))
    build.engagement(cast, name="Third", point="SPRINT", terms={"sprint": "6w"})
    assert asked() == one


def test_reviews_of_two_reporting_lines_are_told_apart_by_their_hats(cast, page):
    row, today = build.engagement(cast), timezone.now().date()
    how = {"by": make.actor(cast.ada), "at": timezone.now()}
    for hat in ("CTO", "CAIO"):
        day = {"since_on": today, "review_on": today + datetime.timedelta(days=60)}
        reporting.answer_to(row, hat=hat, reports_to="CEO", **day, **how)
    told = shown(page(cast.priya).get("/portal/"))
    for hat in ("CTO", "CAIO"):
        assert told.count(f"Look again at whom the {hat} answers to") == 1
