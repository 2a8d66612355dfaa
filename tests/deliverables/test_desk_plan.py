"""The plan at the desk over HTTP: the board of an engagement, what is due over all, the review queue and the kinds."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from deliverables import kinds, owed, writing
from deliverables.models import Deliverable, OwnKind
from engagements import lifecycle
from engagements.desk.engagement_page import under
from practice.desk import desk
from practice.quarters import local_day
from tests import make
from tests.deliverables import owing
from tests.engagements import build
from tests.make import NOW

LIST, QUEUE, CATALOGUE = (
    "/desk/deliverables/deliverable/",
    "/desk/review-queue/",
    "/desk/catalogue/",
)


@pytest.fixture
def row(cast):
    return build.engagement(cast)


def text(answer) -> str:
    return answer.content.decode()


def at_day(days: int) -> datetime.date:
    """Counted where the client is."""
    return local_day(timezone.now(), "Europe/Lisbon") + datetime.timedelta(days=days)


def own_kind(cast, **says):
    told = {"code": "OK-1", "title": "Board diary", "hat": "CTO", "text": "# Diary"} | says
    return kinds.add(by=make.actor(cast.ada), at=NOW, **told)


def columns(answer) -> dict[str, list[str]]:
    return {
        str(column["hat"]): [card["row"].code for card in column["cards"]]
        for column in answer.context["columns"]
    }


def test_the_board_has_a_column_for_each_hat_the_next_day_first(cast, page, row):
    for code, days in (("DV-06", 40), ("DV-05", 9), ("DV-07", None)):
        owing.planned(row, cast.ada, code=code, **({"due_on": at_day(days)} if days else {}))
    owing.planned(row, cast.ada, code="DV-01", due_on=at_day(-3))
    answer = page(cast.ada).get(under(row, "deliverables"))
    assert columns(answer) == {"CTO": ["DV-01"], "CAIO": ["DV-05", "DV-06", "DV-07"]}
    assert [column["late"] for column in answer.context["columns"]] == [1, 0]
    assert "days late" in text(answer)


def test_an_empty_board_says_how_it_fills_and_offers_to_add(cast, page, row):
    shown = text(page(cast.ada).get(under(row, "deliverables")))
    assert "Nothing is on the plan yet." in shown
    assert under(row, "deliverable-add") in shown
    make.assignment(cast.ben, cast.orchard)
    assert under(row, "deliverable-add") not in text(page(cast.ben).get(under(row, "deliverables")))


def test_the_board_says_which_half_of_two_hats_is_missing_or_thin(cast, page, row):
    ada = page(cast.ada)

    def told() -> tuple[list[str], bool]:
        split = ada.get(under(row, "deliverables")).context["split"]
        return [line for line in split["lines"] if "planned" not in line], split["wrong"]

    idle = "nothing of its own is under way yet."
    assert told() == ([f"CTO: {idle}", f"CAIO: {idle}"], True)
    roadmap, map_ = (owing.planned(row, cast.ada, code=code) for code in ("DV-01", "DV-05"))
    owing.reviewed(roadmap, cast.ada, cast.olu, "word " * 70)
    owing.reviewed(map_, cast.ada, cast.olu, "term " * 30)
    under_way = "under way, and nothing of it is before the client yet."
    thin = (
        "The CAIO's part is thin: 30.0 % of the words of the two, and at least 35 % are expected."
    )
    assert told() == ([f"CTO: {under_way}", f"CAIO: {under_way}", thin], True)


def test_where_two_wear_the_hats_nothing_is_said_of_halves(cast, page):
    row = build.engagement(cast, hats={"CAIO": 100})
    assert page(cast.ada).get(under(row, "deliverables")).context["split"] is None


def test_what_was_dropped_stands_apart_with_its_reason(cast, page, row):
    gone = owing.planned(row, cast.ada)
    owed.drop(gone, reason="Bought instead.", by=make.actor(cast.ada), at=NOW)
    answer = page(cast.ada).get(under(row, "deliverables"))
    assert columns(answer) == {"CTO": [], "CAIO": []}
    assert ("Dropped: 1" in text(answer), "Bought instead." in text(answer)) == (True, True)


def test_one_more_is_added_from_the_catalogue_or_of_one_s_own_kinds(cast, page, row):
    own_kind(cast)
    own_kind(cast, code="OK-2", hat="CDO")
    ada, path = page(cast.ada), under(row, "deliverable-add")
    groups = dict(ada.get(path).context["form"].fields["code"].choices)
    assert [code for code, _ in groups["Our own kinds"]] == ["OK-1"]
    day = at_day(20).isoformat()
    answer = ada.post(path, {"code": "DV-05", "hat": "", "title": "", "due_on": day})
    assert answer.headers["Location"] == under(row, "deliverables")
    answer = ada.post(path, {"code": "OK-1", "hat": "CTO", "title": "Diary", "owner": cast.olu.pk})
    assert answer.status_code == 302
    found = Deliverable.objects.order_by("number")
    assert [(one.code, one.hat, one.title, one.due_fixed) for one in found] == [
        ("DV-05", "CAIO", "AI capability map", True),
        ("OK-1", "CTO", "Diary", False),
    ]
    answer = ada.post(path, {"code": "DV-05", "hat": "CTO"})
    assert "hat" in answer.context["form"].errors


def test_before_it_begins_the_plan_is_drawn_up_from_the_board(cast, page):
    row = build.engagement(cast, status="proposed", point=None, starts_on=at_day(10))
    ada, path = page(cast.ada), under(row, "deliverable-plan")
    assert path in text(ada.get(under(row, "deliverables")))
    assert ada.post(path).headers["Location"] == under(row, "deliverables")
    answer = ada.get(under(row, "deliverables"))
    found = {hat: len(cards) for hat, cards in columns(answer).items()}
    assert (found, path in text(answer)) == ({"CTO": 3, "CAIO": 2}, False)


def test_an_ended_engagement_s_plan_is_read_and_not_changed(cast, page, row):
    one = owing.planned(row, cast.ada)
    lifecycle.end(row, on=NOW.date(), reason="Over.", by=make.actor(cast.ada), at=NOW)
    ada = page(cast.ada)
    shown = text(ada.get(under(row, "deliverables")))
    assert (one.title in shown, under(row, "deliverable-add") in shown) == (True, False)
    assert ada.get(desk.page_of(one)).context["pages"] == []


def test_what_is_due_over_all_engagements_is_listed_by_day_and_filtered(cast, page, row):
    other = build.engagement(cast, name="Other")
    owing.planned(row, cast.ada, code="DV-05", due_on=at_day(9), owner=cast.ada)
    owing.planned(other, cast.ada, code="DV-01", due_on=at_day(2), owner=cast.olu)
    owing.planned(other, cast.ada, code="DV-06")
    gone = owing.planned(row, cast.ada, code="DV-07", due_on=at_day(1))
    owed.drop(gone, reason="No.", by=make.actor(cast.ada), at=NOW)
    ada = page(cast.ada)

    def found(query: str = "") -> list[str]:
        return [one.code for one in ada.get(f"{LIST}?{query}").context["cl"].result_list]

    assert found() == ["DV-01", "DV-05", "DV-06"]
    assert found("hat__exact=CTO") == ["DV-01"]
    assert found(f"owner__id__exact={cast.ada.pk}") == ["DV-05"]
    assert found(f"engagement__id__exact={other.pk}") == ["DV-01", "DV-06"]
    assert found(f"client__id__exact={cast.orchard.pk}&state=all") == [
        "DV-07",
        "DV-01",
        "DV-05",
        "DV-06",
    ]
    assert found("state=dropped") == ["DV-07"]
    assert found("state=done") == []
    assert found("q=technology roadmap") == ["DV-01"]
    shown = text(ada.get(LIST))
    assert ("in\u00a09\u00a0days" in shown, "Olu" in shown) == (True, True)


def test_the_list_says_for_whom_each_waits(cast, page, row):
    owing.released(cast, row, to=[cast.priya, cast.marta])
    reviewed = owing.planned(row, cast.ada, code="DV-06")
    writing.submit(
        owing.written(reviewed, cast.ada), reviewer=cast.olu, by=make.actor(cast.ada), at=NOW
    )
    owing.planned(row, cast.ada, code="DV-07", owner=cast.ada)
    shown = text(page(cast.ada).get(LIST))
    for words in ("Marta, Priya", "Olu, to look at it"):
        assert words in shown


def test_lists_are_empty_with_a_word_of_what_to_do(cast, page):
    ada = page(cast.ada)
    assert "Nothing is owed." in text(ada.get(LIST))
    assert "Nothing waits for you." in text(ada.get(QUEUE))
    assert "No kind of your own yet." in text(ada.get("/desk/deliverables/ownkind/"))


def test_the_review_queue_tells_mine_from_what_waits_for_me(cast, page, row):
    make.assignment(cast.ben, cast.orchard)
    for code, by, reviewer in (
        ("DV-05", cast.ada, cast.olu),
        ("DV-06", cast.ada, None),
        ("DV-07", cast.ben, cast.ada),
    ):
        one = owing.planned(row, cast.ada, code=code)
        draft = owing.written(one, by, f"Text of {code}")
        writing.submit(draft, reviewer=reviewer, by=make.actor(by), at=NOW)
    passed = owing.planned(row, cast.ada, code="DV-08")
    owing.reviewed(passed, cast.ada, cast.olu)

    def queue(who) -> list[list[str]]:
        lists = page(who).get(QUEUE).context["lists"]
        return [[one["row"].deliverable.code for one in part["rows"]] for part in lists]

    assert queue(cast.ada) == [["DV-07"], ["DV-05", "DV-06"], []]
    assert queue(cast.olu) == [["DV-05", "DV-06"], [], ["DV-07"]]
    assert queue(cast.ben) == [["DV-06"], ["DV-07"], ["DV-05"]]
    answer = page(cast.ada).get(QUEUE)
    assert [one.code for one, _ in answer.context["ready"]] == ["DV-08"]


def test_who_does_not_deliver_finds_none_of_it(cast, page, row):
    owing.planned(row, cast.ada)
    fin = page(cast.fin)
    assert [fin.get(path).status_code for path in (LIST, QUEUE, CATALOGUE)] == [403, 403, 403]
    assert fin.get(under(row, "deliverables")).status_code == 404
    assert "Review queue" not in text(fin.get("/desk/"))
    for who in (cast.ben, cast.zoe):
        assert page(who).get(under(row, "deliverables")).status_code == 404
        assert page(who).get(LIST).context["cl"].result_count == 0


def test_the_catalogue_names_every_kind_and_shows_its_template(cast, page):
    ada = page(cast.ada)
    shown = text(ada.get(CATALOGUE))
    assert ("DV-01" in shown, "DV-28" in shown, "day 90" in shown) == (True, True, True)
    one = text(ada.get(f"{CATALOGUE}?kind=DV-05"))
    assert ("<h3>The map</h3>" in one, "| Mark | Name |" in one) == (True, True)
    assert ada.get(f"{CATALOGUE}?kind=DV-99").status_code == 404


def test_a_kind_of_one_s_own_is_added_changed_retired_and_brought_back(cast, page):
    ada, path = page(cast.ada), "/desk/deliverables/ownkind/"
    said = {
        "code": "OK-1",
        "title": "Board diary",
        "hat": "CTO",
        "phase": "",
        "due_day": "",
        "criteria": "One.\nTwo.",
        "text": "# Diary",
    }
    answer = ada.post(f"{path}add/", said)
    assert answer.status_code == 302, answer.context["errors"]
    kind = OwnKind.objects.get()
    assert (kind.code, kind.criteria, kind.due_day) == ("OK-1", ["One.", "Two."], None)
    answer = ada.post(f"{path}add/", said)
    assert "There is a kind with this code already." in text(answer)
    answer = ada.post(f"{path}add/", said | {"code": "OK-2", "phase": "first_90_days"})
    assert "needs a day on which it is due" in text(answer)
    changed = said | {"title": "Diary", "criteria": "One.", "seen_version": kind.version}
    assert ada.post(desk.page_of(kind), changed).status_code == 302
    kind.refresh_from_db()
    assert (kind.title, kind.criteria) == ("Diary", ["One."])
    for name, retired in (("retire", True), ("bring-back", False)):
        assert ada.post(under(kind, name)).status_code == 302
        kind.refresh_from_db()
        assert (kind.retired_at is not None) is retired


def test_a_client_s_page_lists_what_is_due(cast, page, row):
    one = owing.planned(row, cast.ada, due_on=at_day(5))
    shown = text(page(cast.ada).get(desk.page_of(cast.orchard)))
    assert ("Deliverables that are due" in shown, desk.page_of(one) in shown) == (True, True)


def test_pages_ask_the_same_number_of_queries_at_one_and_three(cast, page, row):
    make.assignment(cast.ben, cast.orchard)
    codes = iter(("DV-05", "DV-06", "DV-07", "DV-08", "DV-09", "DV-10", "DV-11", "DV-12", "DV-13"))

    def grow() -> Deliverable:
        release = owing.released(cast, row, code=next(codes), text="Released.")
        one = owing.planned(row, cast.ada, code=next(codes))
        draft = owing.written(one, cast.ben, "In review.")
        writing.submit(draft, reviewer=cast.ada, by=make.actor(cast.ben), at=NOW)
        owing.reviewed(owing.planned(row, cast.ada, code=next(codes)), cast.ada, cast.olu)
        return release.deliverable

    first = grow()
    own_kind(cast)
    ada = page(cast.ada)
    kinds_at = "/desk/deliverables/ownkind/"
    paths = [LIST, QUEUE, CATALOGUE, kinds_at, under(row, "deliverables"), desk.page_of(first)]

    def asked() -> dict[str, int]:
        found = {}
        for path in paths:
            ada.get(path)
            with CaptureQueriesContext(connection) as queries:
                assert ada.get(path).status_code == 200
            found[path] = len(queries)
        return found

    one = asked()
    grow(), grow()
    own_kind(cast, code="OK-2"), own_kind(cast, code="OK-3")
    assert asked() == one
