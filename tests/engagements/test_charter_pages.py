"""Charters on pages: the draft saved as one form, the sponsor's answer, and who sees none of it."""

import pytest

from engagements import charter_rights, charters
from engagements.models import Charter, Deputy
from tests import make
from tests.engagements import build
from tests.engagements.test_charters import LIMIT, accepted, drafted, offered
from tests.engagements.test_wearing import named
from tests.make import NOW

DESK = "/desk/engagements/charter"


@pytest.fixture
def engagement(cast):
    return build.engagement(cast)


@pytest.fixture
def ada(cast):
    return make.actor(cast.ada)


@pytest.fixture
def priya(cast):
    return make.actor(cast.priya)


def as_shown(charter):
    """What the browser would send back if nobody touched the page."""
    fields = {"seen": charters.digest(charters.content(charter)), "note": charter.note}
    for one in charters.said(charter):
        fields |= {
            f"{one['code']}:{name}": one[name] for name in ("cto", "caio", "client_say", "note")
        }
    for limit in charter.limits.all():
        fields |= {f"limit:{limit.hat}:{name}": str(getattr(limit, name)) for name in LIMIT}
    return fields


def test_a_consultant_drafts_edits_and_offers_at_the_desk(cast, page, engagement):
    desk = page(cast.ada)
    made = desk.post(
        f"{DESK}/add/", {"engagement": engagement.pk, "origin": "catalogue", "note": "First."}
    )
    charter = Charter.objects.get()
    edit = f"{DESK}/{charter.pk}/edit/"
    shown = desk.get(made["Location"])
    limits = {
        f"limit:{hat}:{name}": value
        for hat in ("CTO", "CAIO")
        for name, value in {
            "per_decision": "5 000", "per_period": "20000.00", "period": "month", "currency": "eur"
        }.items()
    }  # fmt: skip
    typed = as_shown(charter) | limits | {"DR-06:caio": "A", "new_right": "Press"}
    typed |= {"DR-04:second": "on"}
    saved = desk.post(edit, typed)
    late = desk.post(edit, typed)
    done = desk.post(f"{DESK}/{charter.pk}/offer/")
    closed = desk.get(edit)

    assert (made["Location"], shown.status_code) == (edit, 200)
    assert (saved.status_code, late.status_code, done.status_code) == (302, 200, 302)
    assert "Somebody changed this in the meantime" in late.content.decode()
    assert closed.status_code == 302
    charter.refresh_from_db()
    told = charter.rights.get(code="DR-06").caio, charter.rights.get(code="OR-01").label
    assert (charter.status, told) == ("offered", ("A", "Press"))
    wanted = charter.rights.filter(second_person=True).values_list("code", flat=True)
    assert list(wanted) == ["DR-04"]
    assert {str(limit.per_decision) for limit in charter.limits.all()} == {"5000.00"}


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"DR-06:caio": "D"}, "DR-06: only one decides, not CTO and CAIO."),
        ({"limit:CTO:per_decision": "much"}, "“much” is not an amount"),
        ({"limit:CTO:per_decision": "NaN"}, "“NaN” is not an amount"),
        ({"limit:CTO:per_decision": "99999999"}, "Not above what all of a period may come to."),
        ({"DR-06:caio": "X"}, "is not a valid choice"),
    ],
)
def test_what_cannot_be_saved_is_said_and_what_was_typed_stays(
    cast, page, engagement, ada, change, sentence
):
    charter = drafted(engagement, ada)
    typed = as_shown(charter) | {"DR-01:note": "As typed."} | change

    answer = page(cast.ada).post(f"{DESK}/{charter.pk}/edit/", typed).content.decode()

    assert (sentence in answer, 'value="As typed."' in answer) == (True, True)
    assert charter.rights.get(code="DR-01").note == ""


def test_a_version_shows_what_differs_from_the_one_in_force(cast, page, engagement, ada, priya):
    accepted(engagement, ada, priya)
    new = charters.draft(engagement, by=ada, at=NOW)
    charter_rights.set_right(new, "DR-06", caio="A", by=ada, at=NOW)

    answer = page(cast.ada).get(f"{DESK}/{new.pk}/change/").content.decode()

    assert "What differs from Charter 1" in answer
    assert "Gives input</del>" in answer


@pytest.mark.parametrize(
    ("view", "told"),
    [
        ("", {"cto": "Decides", "caio": "Gives input", "client_say": "No say"}),
        ("rapid", {"cto": "Decides", "caio": "Gives input", "client_say": ""}),
        ("raci", {"cto": "Accountable", "caio": "Consulted", "client_say": ""}),
        ("nonsense", {"cto": "Decides", "caio": "Gives input", "client_say": "No say"}),
    ],
)
def test_the_rights_are_read_as_matrix_rapid_and_raci(
    cast, page, engagement, ada, priya, view, told
):
    charter = accepted(engagement, ada, priya)
    for who, link in (
        (cast.ada, f"{DESK}/{charter.pk}/change/"),
        (cast.priya, f"/portal/charters/{charter.pk}/"),
    ):
        shown = page(who).get(link, {"view": view}).context
        first = shown["matrix"]["rows"][0]
        assert {cell["column"]: cell["words"] for cell in first["cells"]} == told
        assert [name for name, _ in shown["views"]] == ["", "rapid", "raci"]


def test_an_acceptance_given_elsewhere_is_put_down(cast, page, engagement, ada):
    charter = offered(engagement, ada)
    fields = {"sha256": charter.sha256, "contact": cast.priya.pk, "note": "On paper."}
    desk = page(cast.ada)

    board = desk.post(f"{DESK}/{charter.pk}/elsewhere/", fields | {"contact": cast.marta.pk})
    done = desk.post(f"{DESK}/{charter.pk}/elsewhere/", fields)

    charter.refresh_from_db()
    assert (board.status_code, done.status_code, charter.status) == (200, 302, "accepted")
    assert charter.recorded_by == cast.ada


def test_the_sponsor_reads_and_accepts_in_the_portal(cast, page, engagement, ada):
    charter = offered(engagement, ada)
    portal, link = page(cast.priya), f"/portal/charters/{charter.pk}/"

    home = portal.get("/portal/").content.decode()
    shown = portal.get(link).content.decode()
    stale = portal.post(f"{link}answer/", {"answer": "accept", "sha256": "0" * 64})
    done = portal.post(f"{link}answer/", {"answer": "accept", "sha256": charter.sha256})

    assert (link in home, charter.sha256 in shown) == (True, True)
    assert "This is not the version you have read" in stale.content.decode()
    assert (done.status_code, charters.in_force(engagement)) == (302, charter)


def test_a_sponsor_declines_with_a_reason(cast, page, engagement, ada):
    charter = offered(engagement, ada)
    portal, link = page(cast.priya), f"/portal/charters/{charter.pk}/answer/"
    fields = {"answer": "decline", "sha256": charter.sha256}

    unsaid = portal.post(link, fields).content.decode()
    portal.post(link, fields | {"reason": "Too far."})

    charter.refresh_from_db()
    assert "Say what should be different." in unsaid
    assert (charter.status, charter.answered_reason) == ("declined", "Too far.")


def test_the_board_reads_and_does_not_answer(cast, page, engagement, ada):
    charter = offered(engagement, ada)
    board, link = page(cast.marta), f"/portal/charters/{charter.pk}/"

    shown = board.get(link).content.decode()
    tried = board.post(f"{link}answer/", {"answer": "accept", "sha256": charter.sha256})

    assert ("Accept Charter" in shown, tried.status_code) == (False, 404)
    assert page(cast.ravi).get(link).status_code == 404
    assert charters.in_force(engagement) is None


def test_a_sponsor_agrees_to_a_deputy_in_the_portal(cast, page, engagement, ada):
    deputy = named(engagement, ada, cast)

    link, yes = f"/portal/deputies/{deputy.pk}/", {"answer": "yes", "seen": deputy.version}
    board = page(cast.marta).post(link, yes)
    answer = page(cast.priya).post(link, yes)

    assert (answer.status_code, board.status_code) == (302, 404)
    assert Deputy.objects.get().accepted_by == cast.priya


def test_a_sponsor_declines_a_deputy_in_the_portal_and_says_why(cast, page, engagement, ada):
    deputy = named(engagement, ada, cast)
    priya, link = page(cast.priya), f"/portal/deputies/{deputy.pk}/"
    no = {"answer": "no", "seen": deputy.version}

    shown = priya.get(link).content.decode()
    unsaid = priya.post(link, no).content.decode()
    told = priya.post(link, no | {"reason": "Somebody we know, please."})

    assert ("Ben stands in" in shown, "I agree" in shown) == (True, True)
    assert "Say what should be different." in unsaid
    assert told.status_code == 302
    row = Deputy.objects.get()
    assert (row.status, row.answered_reason) == ("declined", "Somebody we know, please.")
    assert "Read and answer" not in priya.get("/portal/").content.decode()
    assert "Ben for" not in priya.get("/portal/charters/").content.decode()
    assert page(cast.ravi).get(link).status_code == 404
    desk = page(cast.ada).get(f"/desk/engagements/deputy/{row.pk}/change/").content.decode()
    assert "Somebody we know, please." in desk


def test_hats_deputies_and_lines_are_written_at_the_desk(cast, page, engagement):
    desk = page(cast.ada)
    hat = {"engagement": engagement.pk, "hat": "CAIO", "since_on": "2026-04-01"}

    told = [
        desk.post("/desk/engagements/wearing/add/", hat | {"member": cast.ben.pk}),
        desk.post("/desk/engagements/reportingline/add/", hat | {"reports_to": "CEO"}),
        desk.post("/desk/engagements/wearing/add/", hat | {"member": cast.ben.pk}),
    ]

    assert [answer.status_code for answer in told] == [302, 302, 200]
    for model in ("wearing", "reportingline", "deputy", "charter"):
        assert desk.get(f"/desk/engagements/{model}/").status_code == 200
