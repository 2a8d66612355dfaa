"""The split of the first quarter (S2-V4): one file never stands under two hats, and the checks of day 45 and day 80."""

import datetime

import pytest

from deliverables import split, writing
from deliverables.bundled import Bundled
from deliverables.models import Deliverable, DeliverableVersion
from engagements import letters
from practice.models import AgendaEntry, Event, Notice
from practice.refusals import Refusal
from tests import cast as casting
from tests import make
from tests.deliverables import owing
from tests.doors import crowd
from tests.engagements import build
from tests.make import NOW

DAY = datetime.timedelta(days=1)
# The work began on 1 January; day 45 is 15 February, day 80 is 22 March.
STARTED = datetime.datetime(2026, 1, 2, 12, tzinfo=datetime.UTC)
DAY_45 = datetime.datetime(2026, 2, 15, 12, tzinfo=datetime.UTC)
DAY_80 = datetime.datetime(2026, 3, 22, 12, tzinfo=datetime.UTC)


@pytest.fixture
def engagement(cast):
    row = build.engagement(cast)
    build.replanned(row, at=STARTED)
    return row


def piece(engagement, code):
    return Deliverable.objects.get(engagement=engagement, code=code)


def check(period):
    entry = AgendaEntry.objects.get(kind="split_check", period=period)
    return entry.status, entry.title.partition(" (")[2]


def test_a_technology_read_and_a_capability_map_are_two_and_one_file_for_both_is_refused(
    cast, engagement
):
    ada = {"by": make.actor(cast.ada), "at": NOW}
    told = {"name": "Both.txt", "content": b"Technology, and at the end something on AI."}
    writing.upload(piece(engagement, "DV-02"), **told, **ada)
    with pytest.raises(Bundled) as refused:
        writing.upload(piece(engagement, "DV-05"), **told, **ada)
    assert refused.value.facts["hat"] == "CTO"
    assert piece(engagement, "DV-05").status == "planned"
    assert Event.objects.filter(kind="deliverable.bundle_refused").count() == 1
    # Under the same hat it may stand twice, and another file is another deliverable.
    writing.upload(piece(engagement, "DV-01"), **told, **ada)
    other = {"name": "AI.txt", "content": b"What models can do here."}
    writing.upload(piece(engagement, "DV-05"), **other, **ada)


def test_the_check_of_day_45_asks_for_something_begun_under_each_hat(cast, engagement):
    assert check("day_45") == ("open", "missing: CTO, CAIO)")
    owing.written(piece(engagement, "DV-01"), cast.ada)
    assert check("day_45") == ("open", "missing: CAIO)")
    # The strategy is no half of the split.
    owing.written(piece(engagement, "DV-06"), cast.ada, "A strategy.")
    assert check("day_45") == ("open", "missing: CAIO)")
    owing.written(piece(engagement, "DV-07"), cast.ada, "A frame.")
    assert check("day_45") == ("done", "missing: CAIO)")
    assert check("day_80") == ("open", "missing: CTO, CAIO)")
    settled = Event.objects.get(kind="engagement.date_settled")
    assert (settled.actor_kind, settled.after["period"]) == ("system", "day_45")


def test_the_check_of_day_80_asks_for_something_released_under_each_hat(cast, engagement):
    owing.delivered(cast, engagement, "DV-03")
    assert check("day_80") == ("open", "missing: CAIO)")
    row = piece(engagement, "DV-05")
    owing.reviewed(row, cast.ada, cast.olu)
    assert check("day_80") == ("open", "missing: CAIO)")
    row.refresh_from_db()
    owing.releasing.release(row, to=[cast.priya], by=make.actor(cast.ada), at=NOW)
    assert check("day_80")[0] == "done"


def test_planned_again_a_check_says_the_same_and_writes_nothing(cast, engagement):
    owing.written(piece(engagement, "DV-01"), cast.ada)
    versions = list(AgendaEntry.objects.order_by("id").values_list("version", flat=True))
    build.replanned(engagement, at=NOW)
    again = list(AgendaEntry.objects.order_by("id").values_list("version", flat=True))
    assert again == versions


def test_the_letter_of_the_check_names_the_missing_half_and_a_thin_one(cast, engagement):
    owing.reviewed(piece(engagement, "DV-01"), cast.ada, cast.olu, "word " * 66)
    owing.reviewed(piece(engagement, "DV-05"), cast.ada, cast.olu, "other " * 34)
    build.tick(DAY_80 + DAY)
    notice = Notice.objects.filter(kind="split_check").order_by("id").last()
    letter = letters.letter(notice, DAY_80)
    assert "Nothing of the CTO hat was released yet." in letter.text
    assert "The CAIO's part is thin: 34.0 % of the words of the two." in letter.text


@pytest.mark.parametrize(
    ("cto", "caio", "thin"), [(65, 35, False), (66, 35, True), (65, 36, False), (1, 0, True)]
)
def test_under_35_per_cent_of_the_words_is_thin_and_exactly_35_is_not(cto, caio, thin):
    assert split.Pair(cto, caio, ()).thin is thin


def test_the_newest_submitted_texts_are_held_against_each_other(cast, engagement):
    owing.reviewed(piece(engagement, "DV-01"), cast.ada, cast.olu, "a " * 60)
    owing.reviewed(piece(engagement, "DV-02"), cast.ada, cast.olu, "b " * 5)
    owing.reviewed(piece(engagement, "DV-05"), cast.ada, cast.olu, "c " * 35)
    # A draft is no document yet.
    owing.written(piece(engagement, "DV-07"), cast.ada, "d " * 900)
    pair = split.pairs([engagement.pk])[engagement.pk]
    assert (pair.cto, pair.caio, pair.share, pair.thin) == (65, 35, "35.0", False)


def test_of_a_file_nothing_is_said(cast, engagement):
    owing.reviewed(piece(engagement, "DV-01"), cast.ada, cast.olu, "a " * 60)
    told = {"name": "AI.txt", "content": b"Short.", "by": make.actor(cast.ada), "at": NOW}
    version = writing.upload(piece(engagement, "DV-05"), **told)
    writing.submit(version, by=make.actor(cast.ada), at=NOW)
    assert split.pairs([engagement.pk]) == {}


@pytest.mark.django_db(transaction=True)
def test_of_two_who_hand_in_one_file_at_once_under_two_hats_one_is_refused():
    cast = casting.build()
    engagement = build.engagement(cast)
    rows = [owing.planned(engagement, cast.ada, code=code) for code in ("DV-01", "DV-05")]

    def handed_in(row):
        told = {"name": "Both.txt", "content": b"One for both.", "at": NOW}
        try:
            writing.upload(row, by=make.actor(cast.ada), **told)
        except Refusal as refused:
            return refused.code
        return "kept"

    with crowd.a_database_for_threads():
        told = crowd.at_once([lambda row=row: handed_in(row) for row in rows], threads=2)
        kept = DeliverableVersion.objects.count()
        left = Event.objects.filter(kind="deliverable.bundle_refused").count()

    assert (sorted(told), kept, left) == (["bundled_document", "kept"], 1, 1)
