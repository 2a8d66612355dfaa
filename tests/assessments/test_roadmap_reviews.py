"""Going through the roadmap as a whole: who says so, what it owes the agenda, and when it owes nothing."""

import datetime

import pytest
from django.core import mail
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from assessments import initiatives, roadmap_reviews
from assessments.models import RoadmapReview
from practice import agenda, notices
from practice.models import AgendaEntry, Event
from practice.refusals import Invalid, NotAllowed, NotFound, Taken
from tests import make
from tests.assessments import planned
from tests.assessments.estate import acts
from tests.assessments.planned import ON

DAY = datetime.timedelta(days=1)


def owed():
    """Every entry of the kind, by period."""
    there = AgendaEntry.objects.filter(kind=roadmap_reviews.KIND).order_by("period")
    return [(one.period, one.due_at.date(), one.status) for one in there]


def gone(client, at=make.NOW, **more):
    said = {"note": "Two are still wanted."}
    return roadmap_reviews.review(client, **said | more, **acts(client, at))


def test_a_roadmap_without_anything_live_owes_no_review(cast):
    assert owed() == []
    row = planned.initiative(cast.orchard)
    assert owed() == [("after the first day", ON(2026, 6, 2), "open")]
    planned.initiative(cast.orchard, "Another")
    other = initiatives.move(row, to="dropped", reason="No", **acts(cast.orchard))
    assert owed() == [("after the first day", ON(2026, 6, 2), "open")]
    last = initiatives.Initiative.objects.exclude(pk=other.pk).get()
    initiatives.move(last, to="dropped", reason="No", **acts(cast.orchard))
    assert owed() == [("after the first day", ON(2026, 6, 2), "cancelled")]
    initiatives.move(last, to="proposed", **acts(cast.orchard))
    assert owed() == [("after the first day", ON(2026, 6, 2), "open")]


def test_a_review_is_kept_with_its_event_and_the_next_is_due_a_quarter_later(cast):
    planned.initiative(cast.orchard)
    later = make.NOW + 30 * DAY
    row = roadmap_reviews.review(
        cast.orchard, note=" Two are wanted. ", by=make.actor(cast.ada), at=later
    )
    assert (row.reviewed_on, row.reviewer, row.note) == (
        ON(2026, 4, 1),
        cast.ada,
        "Two are wanted.",
    )
    assert Event.objects.filter(kind="roadmap.reviewed", subject_id=row.pk).count() == 1
    assert owed() == [
        ("after 2026-04-01", ON(2026, 7, 1), "open"),
        ("after the first day", ON(2026, 6, 2), "done"),
    ]


def test_what_begins_after_a_review_counts_from_its_own_first_day(cast):
    gone(cast.orchard)
    assert owed() == []
    later = make.NOW + 200 * DAY
    initiatives.add(cast.orchard, title="New", horizon="quarter", **acts(cast.orchard, later))
    assert owed() == [("after 2026-03-02", ON(2026, 12, 18), "open")]


@pytest.mark.parametrize(
    ("said", "wrong"),
    [
        ({"note": " "}, "note"),
        ({"reviewed_on": ON(2026, 3, 3)}, "reviewed_on"),
        ({"reviewed_on": ON(2026, 1, 1)}, "reviewed_on"),
        ({"reviewed_on": ON(1999, 1, 1)}, "reviewed_on"),
    ],
)
def test_a_review_says_what_came_of_it_and_is_neither_ahead_nor_before_the_last(cast, said, wrong):
    gone(cast.orchard, reviewed_on=ON(2026, 2, 1))
    with pytest.raises(Invalid) as refused:
        gone(cast.orchard, **said)
    assert list(refused.value.errors) == [wrong]


def test_a_roadmap_is_gone_through_once_a_day_also_in_the_database(cast):
    row = gone(cast.orchard)
    with pytest.raises(Taken):
        gone(cast.orchard)
    told = {"note": "Again", "reviewed_on": row.reviewed_on, "created_at": make.NOW}
    whose = {"practice": row.practice, "client": row.client, "reviewer": row.reviewer}
    with pytest.raises(IntegrityError), transaction.atomic():
        RoadmapReview.objects.create(**told, **whose)
    empty = {**told, "note": "", "reviewed_on": ON(2026, 1, 1)}
    with pytest.raises(IntegrityError), transaction.atomic():
        RoadmapReview.objects.create(**empty, **whose)


def test_who_is_not_at_the_client_or_only_reads_says_nothing(cast):
    for who, refusal in ((cast.ben, NotFound), (cast.fin, NotAllowed), (cast.priya, NotAllowed)):
        with pytest.raises(refusal):
            roadmap_reviews.review(cast.orchard, note="N", by=make.actor(who), at=make.NOW)
    assert RoadmapReview.objects.count() == 0


def test_whoever_is_responsible_is_told_a_week_before_and_on_the_day(cast):
    planned.initiative(cast.orchard)
    for day in (1, 26, 27):
        at = datetime.datetime(2026, 5, day, 12, tzinfo=datetime.UTC)
        agenda.fall_due(at)
        notices.drain(clock=lambda at=at: at)
    (told,) = [m for m in mail.outbox if "roadmap" in m.subject]
    assert (told.subject, told.to) == ("Go through the roadmap of Orchard", ["olu@lantern.test"])
    assert "by 2 June 2026" in told.body
    assert f"/desk/practice/client/{cast.orchard.pk}/outlook/" in told.body


def test_over_the_api_reviews_are_written_once_and_their_note_stays_with_the_practice(cast, api):
    planned.initiative(cast.orchard)
    said = {"client": str(cast.orchard.pk), "note": "Between us", "reviewed_on": "2026-03-01"}
    made = api(cast.ada).post("roadmap-reviews/", said)
    assert (made.status_code, made.json()["reviewer_name"]) == (201, "Ada")
    again = api(cast.ada).post("roadmap-reviews/", said)
    assert (again.status_code, again.json()["code"]) == (409, "taken")
    path = f"roadmap-reviews/{made.json()['id']}/"
    assert api(cast.ada).patch(path, {"note": "Else"}).status_code == 405
    assert api(cast.ada).delete(path).status_code == 405
    for who in (cast.priya, cast.marta):
        (told,) = api(who).get("roadmap-reviews/").json()["results"]
        assert (told["reviewed_on"], "note" in told) == ("2026-03-01", False)
    assert api(cast.ravi).get("roadmap-reviews/").json()["results"] == []


def test_desk_and_portal_say_when_it_was_gone_through_and_the_desk_how_to_say_so(cast, page):
    planned.initiative(cast.orchard, note="N")
    desk, portal = f"/desk/practice/client/{cast.orchard.pk}/outlook/", "/portal/ai-roadmap/"
    assert "Not gone through as a whole yet." in page(cast.priya).get(portal).content.decode()
    caller = page(cast.ada)
    add = f"/desk/assessments/roadmapreview/add/?client={cast.orchard.pk}"
    assert add in caller.get(desk).content.decode().replace("&amp;", "&")
    assert f'value="{cast.orchard.pk}" selected' in caller.get(add).content.decode()
    sent = {"client": str(cast.orchard.pk), "reviewed_on": "2026-03-01", "note": "Between us"}
    caller.post(add, sent)
    row = RoadmapReview.objects.get()
    assert (row.reviewed_on, row.reviewer) == (ON(2026, 3, 1), cast.ada)
    for who, path in ((cast.ada, desk), (cast.priya, portal)):
        told = page(who).get(path).content.decode()
        assert ("Gone through on 1 March 2026 by Ada." in told, "Between us" in told) == (
            True,
            False,
        )
    assert add not in page(cast.priya).get(portal).content.decode()


def test_standings_ask_as_much_of_three_clients_as_of_one(cast):
    asked = []
    for clients in ((cast.orchard,), (cast.orchard, cast.quarry)):
        for client in clients:
            planned.initiative(client, f"I{len(asked)}")
            gone(client, reviewed_on=ON(2026, 1, 1 + len(asked)))
        with CaptureQueriesContext(connection) as queries:
            standings = roadmap_reviews.standings([client.pk for client in clients])
            assert {str(one.last.reviewer) for one in standings.values()} != set()
        asked.append(len(queries))
    assert asked == [2, 2]
