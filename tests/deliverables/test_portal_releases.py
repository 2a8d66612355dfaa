"""Deliverables in the portal over HTTP: what waits, reading, ticking, answering, and what a contact never finds there."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from deliverables import accepting, commenting, releasing, reviewing, writing
from deliverables.models import Comment, Recipient, Release, Tick
from practice import access
from practice.models import AgendaEntry
from tests import make
from tests.deliverables import owing
from tests.engagements import build
from tests.make import NOW

HOME, LIST = "/portal/", "/portal/deliverables/"


@pytest.fixture
def row(cast):
    return build.engagement(cast)


@pytest.fixture
def viewer(cast):
    person = make.user("vera@orchard.test", "Vera")
    return make.contact(cast.orchard, "Vera", "viewer", person, email="vera@orchard.test")


def at(release, tail: str = "") -> str:
    return f"/portal/deliverables/{release.pk}/{tail}"


def text(response) -> str:
    return response.content.decode().replace("&#x27;", "'")


def answer(browser, release, said: str, **more):
    release.refresh_from_db()
    return browser.post(at(release, "answer/"), {"answer": said, "seen": release.version, **more})


def tick_all(browser, release) -> None:
    for number in range(1, len(release.criteria) + 1):
        browser.post(at(release, "tick/"), {"tick": number})


def test_what_waits_stands_on_the_home_page_and_is_read_as_a_page(cast, page, row):
    release = owing.released(cast, row, message="Please look at the gaps.")
    priya = page(cast.priya)
    home, listed = text(priya.get(HOME)), text(priya.get(LIST))
    assert (at(release) in home, "Answer by 16 Mar 2026" in home) == (True, True)
    assert (at(release) in listed, "The answer is due by 16 March 2026." in listed) == (True, True)
    said = text(priya.get(at(release)))
    assert "<h2>Capability map</h2>" in said
    assert "Please look at the gaps." in said
    assert release.sha256 in said
    assert [line in said for line in release.criteria] == [True] * len(release.criteria)


def test_each_tick_is_kept_at_once_and_can_be_taken_back(cast, page, row):
    release, priya = owing.released(cast, row), page(cast.priya)
    assert priya.post(at(release, "tick/"), {"tick": 2}).url == f"{at(release)}?back=1#criteria"
    assert list(Tick.objects.values_list("number", "contact__name")) == [(2, "Priya")]
    priya.post(at(release, "tick/"), {"untick": 2})
    assert Tick.objects.count() == 0
    wrong = priya.post(at(release, "tick/"), {"tick": 99})
    assert "A criterion from 1 to" in text(wrong)
    assert "A criterion from 1 to" in text(priya.post(at(release, "tick/"), {"tick": "x"}))


def test_accepting_wants_every_criterion_and_leaves_a_receipt(cast, page, row):
    release, priya = owing.released(cast, row), page(cast.priya)
    early = answer(priya, release, "accepted")
    assert "Not every criterion is ticked" in text(early)
    assert priya.get(at(release, "receipt/")).status_code == 404
    tick_all(priya, release)
    assert answer(priya, release, "accepted").url == f"{at(release)}?back=1"
    release.refresh_from_db()
    assert (release.state, release.contact_id) == ("accepted", cast.priya.pk)
    said = text(priya.get(at(release)))
    assert "Priya accepted it on" in said
    assert at(release, "receipt/") in said
    assert "Send my answer" not in said
    paper = priya.get(at(release, "receipt/"))
    assert (paper["Content-Type"], paper.content[:5]) == ("application/pdf", b"%PDF-")
    assert paper["Content-Disposition"].startswith("attachment")
    assert at(release) not in text(priya.get(HOME))


@pytest.mark.parametrize("said", ["remarks", "changes", "rejected"])
def test_every_other_answer_says_why(cast, page, row, said):
    release, priya = owing.released(cast, row), page(cast.priya)
    assert "Say what you remark" in text(answer(priya, release, said, remarks=" "))
    answer(priya, release, said, remarks="The data\x00 part is thin.")
    release.refresh_from_db()
    assert (release.state, release.remarks) == (said, "The data part is thin.")
    assert "The data part is thin." in text(priya.get(at(release)))
    assert "This was answered, taken back, or is void" in text(
        answer(priya, release, "changes", remarks="Once more.")
    )


def test_the_answer_is_to_what_was_on_the_page(cast, page, row):
    release, priya = owing.released(cast, row), page(cast.priya)
    stale = {"answer": "changes", "remarks": "R", "seen": release.version + 1}
    assert "Somebody changed this in the meantime" in text(
        priya.post(at(release, "answer/"), stale)
    )
    assert "Choose one of the four answers." in text(priya.post(at(release, "answer/"), {}))
    release.refresh_from_db()
    assert release.state == "open"


def test_a_newer_version_leaves_nothing_to_answer_and_says_so(cast, page, row):
    release, priya = owing.released(cast, row), page(cast.priya)
    writing.begin(release.deliverable, text="Secret draft.", by=make.actor(cast.ada), at=NOW)
    for path in (LIST, at(release)):
        said = text(priya.get(path))
        assert "A newer version is being written; there is nothing to answer here." in said
        assert "Secret draft." not in said
    assert at(release) not in text(priya.get(HOME))
    assert "Send my answer" not in text(priya.get(at(release)))
    assert "This was answered, taken back, or is void" in text(
        answer(priya, release, "changes", remarks="R")
    )


def test_what_was_taken_back_is_gone(cast, page, row):
    release, priya = owing.released(cast, row), page(cast.priya)
    releasing.withdraw(release, by=make.actor(cast.ada), at=NOW)
    assert at(release) not in text(priya.get(LIST))
    for tail in ("", "file/", "receipt/"):
        assert priya.get(at(release, tail)).status_code == 404


def test_only_those_who_were_named_find_it(cast, page, row):
    release = owing.released(cast, row)
    for other in (cast.marta, cast.ravi):
        browser = page(other)
        assert at(release) not in text(browser.get(HOME))
        assert "Nothing yet." in text(browser.get(LIST))
        for tail in ("", "file/", "receipt/"):
            assert browser.get(at(release, tail)).status_code == 404
        for tail in ("tick/", "answer/", "comment/"):
            assert browser.post(at(release, tail), {}).status_code == 404
    marta = make.actor(cast.marta)
    kind = "acceptance_deadline"
    assert not access.visible_to(marta, AgendaEntry).filter(kind=kind).exists()
    assert access.visible_to(make.actor(cast.priya), AgendaEntry).filter(kind=kind).exists()


def test_the_board_answers_what_was_put_before_it(cast, page, row):
    release, marta = owing.released(cast, row, to=[cast.marta]), page(cast.marta)
    assert at(release) in text(marta.get(HOME))
    answer(marta, release, "remarks", remarks="Fine by us.")
    release.refresh_from_db()
    assert (release.state, release.contact_id) == ("remarks", cast.marta.pk)


def test_a_viewer_reads_only(cast, page, row, viewer):
    release = owing.released(cast, row, to=[cast.priya, viewer])
    vera = page(viewer)
    assert at(release) not in text(vera.get(HOME))
    said = text(vera.get(at(release)))
    assert "<h2>Capability map</h2>" in said
    assert ("Send my answer" in said, 'name="tick"' in said, 'name="body"' in said) == (
        False,
        False,
        False,
    )
    assert vera.post(at(release, "tick/"), {"tick": 1}).status_code == 404
    assert answer(vera, release, "changes", remarks="R").status_code == 404
    assert vera.post(at(release, "comment/"), {"body": "B"}).status_code == 404


def test_what_is_said_inside_stays_inside(cast, page, row):
    release, priya = owing.released(cast, row), page(cast.priya)
    ada = make.actor(cast.ada)
    for body, internal in (("Between us.", True), ("For you.", False)):
        commenting.comment(release.deliverable, body=body, internal=internal, by=ada, at=NOW)
    priya.post(at(release, "comment/"), {"body": "<b>A question</b>"})
    said = text(priya.get(at(release)))
    assert ("Between us." in said, "For you." in said) == (False, True)
    assert "&lt;b&gt;A question&lt;/b&gt;" in said
    told = Comment.objects.get(contact=cast.priya)
    assert (told.internal, told.pinned_id) == (False, release.pinned_id)
    assert "Say something." in text(priya.post(at(release, "comment/"), {"body": " "}))


def test_opening_is_noted_when_the_text_is_shown_and_not_after_ones_own_act(cast, page, row):
    release, priya = owing.released(cast, row), page(cast.priya)

    def times() -> int:
        return Recipient.objects.get(release=release).times_opened

    priya.get(LIST)
    priya.head(at(release))
    assert times() == 0
    priya.get(at(release))
    priya.post(at(release, "tick/"), {"tick": 1}, follow=True)
    assert times() == 1
    taken = priya.get(at(release, "file/"))
    assert (times(), taken.content.decode()) == (2, owing.TEXT)
    assert taken["Content-Disposition"] == 'attachment; filename="DV-05-version-1.md"'


def test_a_file_is_handed_over_and_never_shown_inside(cast, page, row):
    planned = owing.planned(row, cast.ada)
    by = make.actor(cast.ada)
    version = writing.upload(planned, name="map.pdf", content=PDF, by=by, at=NOW)
    writing.submit(version, by=by, at=NOW)

    reviewing.pass_on(planned, by=make.actor(cast.olu), at=NOW)
    release = releasing.release(planned, to=[cast.priya], by=by, at=NOW)
    priya = page(cast.priya)
    said = text(priya.get(at(release)))
    assert ("map.pdf" in said, "<iframe" in said, "<embed" in said, "<object" in said) == (
        True,
        False,
        False,
        False,
    )
    assert Recipient.objects.get(release=release).times_opened == 0
    taken = priya.get(at(release, "file/"))
    assert taken["Content-Disposition"].startswith("attachment")
    assert taken["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in taken["Content-Security-Policy"]
    priya.get(at(release, "file/"), headers={"range": "bytes=20-"})
    assert Recipient.objects.get(release=release).times_opened == 1


def test_earlier_versions_and_answers_stay_within_reach(cast, page, row):
    release, priya = owing.released(cast, row), page(cast.priya)
    answer(priya, release, "changes", remarks="The gaps are missing.")
    by = make.actor(cast.ada)
    writing.submit(writing.begin(release.deliverable, text="# Again", by=by, at=NOW), by=by, at=NOW)

    reviewing.pass_on(release.deliverable, by=make.actor(cast.olu), at=NOW)
    second = releasing.release(release.deliverable, to=[cast.priya], by=by, at=NOW)
    said = text(priya.get(at(second)))
    assert at(release) in said
    assert "Changes requested" in said
    assert "The gaps are missing." in text(priya.get(at(release)))


def test_silence_is_said_where_the_terms_say_so(cast, page):
    terms = {"silence_accepts": True}
    release = owing.released(cast, build.engagement(cast, terms=terms))
    assert "silence counts as a yes" in text(page(cast.priya).get(at(release)))
    other = owing.released(cast, build.engagement(cast, name="Another"))
    assert "silence counts as a yes" not in text(page(cast.priya).get(at(other)))


def test_whoever_answered_first_is_who_is_named_to_the_second(cast, page, row):
    release = owing.released(cast, row, to=[cast.priya, cast.marta])
    accepting.answer(release, answer="remarks", remarks="Good.", by=make.actor(cast.marta), at=NOW)
    assert "Marta accepted it with remarks on 2 March 2026." in text(
        page(cast.priya).get(at(release))
    )


@pytest.mark.parametrize("path", [HOME, LIST])
def test_pages_ask_the_same_number_of_queries_at_one_and_three(cast, page, row, path):
    priya = page(cast.priya)

    def asked() -> int:
        priya.get(path)
        with CaptureQueriesContext(connection) as queries:
            assert priya.get(path).status_code == 200
        return len(queries)

    codes = iter(["DV-05", "DV-06", "DV-07", "DV-08", "DV-09", "DV-10"])

    def more() -> None:
        for _ in range(2):
            code = next(codes)
            made = owing.released(cast, row, code=code, text=f"# {code}")
        answer(priya, made, "changes", remarks="R")

    more()
    one = asked()
    more()
    more()
    assert asked() == one


def test_the_calendar_tells_its_day_to_those_who_are_asked(cast, row):
    owing.released(cast, row, to=[cast.priya], answer_by=datetime.date(2026, 3, 10))
    entries = access.visible_to(make.actor(cast.priya), AgendaEntry)
    assert [entry.client_title for entry in entries] == ["Answer to: AI capability map"]
    assert Release.objects.get().answer_by == datetime.date(2026, 3, 10)


PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
