"""The radar's course: raised once, followed, cleared when gone, acknowledged with a reason; once a day, exactly once."""

import datetime

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from engagements import radar, radar_clock, watched
from engagements.models import Finding, ReportingLine
from practice import access, clockwork, rows
from practice.models import AgendaEntry, Event
from practice.refusals import Invalid, NotAllowed, NotFound
from tests import make
from tests.engagements import build
from tests.make import NOW

DAY = datetime.timedelta(days=1)


@pytest.fixture(autouse=True)
def measured(cast):
    build.measured(cast.orchard, cast.quarry, cast.zoes_client)


def reports(engagement, since=datetime.date(2026, 1, 1)):
    row = ReportingLine(
        practice_id=engagement.practice_id,
        client_id=engagement.client_id,
        engagement=engagement,
        hat="CAIO",
        reports_to="CEO",
        since_on=since,
    )
    by = access.system(engagement.practice_id)
    return rows.add(row, by=by, at=NOW, kind="reporting_line.recorded")


def codes(**only) -> list[str]:
    return list(Finding.objects.filter(**only).order_by("code").values_list("code", flat=True))


def kinds(prefix: str = "finding.") -> list[str]:
    rows = Event.objects.filter(kind__startswith=prefix).order_by("id")
    return list(rows.values_list("kind", flat=True))


def test_the_file_declares_all_seventeen_and_says_which_are_watched():
    declared = watched.failures()
    assert list(declared) == [f"FM-{number:02}" for number in range(1, 18)]
    watching = sorted(code for code, failure in declared.items() if failure.checked)
    assert watching == radar.codes()
    assert radar.unsound() == []


def test_a_hit_is_raised_once_however_often_one_looks(cast):
    build.engagement(cast, ai_in_scope=False)
    radar.sweep(at=NOW)
    radar.sweep(at=NOW + DAY)
    found = Finding.objects.get()
    assert (found.code, found.raised_at, found.seen_at) == ("FM-16", NOW, NOW + DAY)
    assert kinds() == ["finding.raised"]


def test_what_is_gone_is_cleared_and_what_comes_back_is_raised_anew(cast):
    engagement = build.engagement(cast, ai_in_scope=False)
    radar.sweep(at=NOW)
    line = reports(engagement)
    radar.sweep(at=NOW + DAY)
    ReportingLine.objects.filter(pk=line.pk).update(until_on=NOW.date())
    radar.sweep(at=NOW + 2 * DAY)
    assert [row.cleared_at for row in Finding.objects.order_by("id")] == [NOW + DAY, None]
    assert kinds() == ["finding.raised", "finding.cleared", "finding.raised"]


def test_an_engagement_that_ended_is_off_the_radar(cast):
    engagement = build.engagement(cast, ai_in_scope=False)
    radar.sweep(at=NOW)
    type(engagement).objects.update(status="ended", ended_on=NOW.date())
    radar.sweep(at=NOW + DAY)
    assert codes(cleared_at=None) == []
    assert Finding.objects.get().cleared_at == NOW + DAY


@pytest.mark.parametrize("status", ["draft", "proposed"])
def test_what_is_not_under_way_is_not_looked_at(cast, status):
    build.engagement(cast, ai_in_scope=False, status=status)
    radar.sweep(at=NOW)
    assert codes() == []


def test_looking_at_one_engagement_leaves_the_others_alone(cast):
    one = build.engagement(cast, ai_in_scope=False)
    build.engagement(cast, ai_in_scope=False, client=cast.quarry, lead=cast.olu)
    radar.sweep_engagement(one, at=NOW)
    assert list(Finding.objects.values_list("engagement_id", flat=True)) == [one.pk]


def test_a_sweep_of_one_practice_leaves_the_other_alone(cast):
    build.engagement(cast, ai_in_scope=False)
    build.engagement(cast, ai_in_scope=False, client=cast.zoes_client, lead=cast.zoe)
    radar.sweep(practice_id=cast.practice.pk, at=NOW)
    assert list(Finding.objects.values_list("practice_id", flat=True)) == [cast.practice.pk]


def test_a_sweep_asks_as_many_questions_of_ten_engagements_as_of_one(cast):
    def asked() -> int:
        radar.sweep(at=NOW)
        with CaptureQueriesContext(connection) as captured:
            radar.sweep(at=NOW)
        return len(captured)

    build.engagement(cast, ai_in_scope=False)
    one = asked()
    for number in range(9):
        build.engagement(
            cast, ai_in_scope=False, client=cast.quarry, lead=cast.olu, name=f"No. {number}"
        )
    assert asked() == one


def test_it_is_acknowledged_with_a_reason_and_stays_until_it_is_gone(cast):
    engagement = build.engagement(cast, ai_in_scope=False)
    radar.sweep(at=NOW)
    ada = make.actor(cast.ada)
    found = radar.acknowledge(Finding.objects.get(), reason="Asked Priya.", by=ada, at=NOW + DAY)
    radar.sweep(at=NOW + 2 * DAY)
    found.refresh_from_db()
    assert (found.acknowledged_by, found.acknowledged_reason) == (cast.ada, "Asked Priya.")
    assert (found.acknowledged_at, found.cleared_at) == (NOW + DAY, None)
    reports(engagement)
    radar.sweep(at=NOW + 3 * DAY)
    found.refresh_from_db()
    assert found.cleared_at == NOW + 3 * DAY
    with pytest.raises(radar.Gone):
        radar.acknowledge(found, reason="Late.", by=ada, at=NOW + 4 * DAY)


def test_an_acknowledgement_is_taken_back(cast):
    build.engagement(cast, ai_in_scope=False)
    radar.sweep(at=NOW)
    ada = make.actor(cast.ada)
    with pytest.raises(radar.NotAcknowledged):
        radar.unacknowledge(Finding.objects.get(), by=ada, at=NOW)
    found = radar.acknowledge(Finding.objects.get(), reason="Asked.", by=ada, at=NOW)
    found = radar.unacknowledge(found, by=ada, at=NOW + DAY)
    assert (found.acknowledged_at, found.acknowledged_by, found.acknowledged_reason) == (
        None,
        None,
        "",
    )
    assert kinds()[1:] == ["finding.acknowledged", "finding.reopened"]


def test_without_a_reason_nothing_is_acknowledged(cast):
    build.engagement(cast, ai_in_scope=False)
    radar.sweep(at=NOW)
    with pytest.raises(Invalid) as refused:
        radar.acknowledge(Finding.objects.get(), reason=" ", by=make.actor(cast.ada), at=NOW)
    assert refused.value.errors == {"reason": ["Say why."]}


def test_only_those_who_lead_acknowledge(cast):
    build.engagement(cast, ai_in_scope=False)
    radar.sweep(at=NOW)
    found = Finding.objects.get()
    for who in (cast.ben, cast.fin, cast.priya):
        with pytest.raises(NotAllowed):
            radar.acknowledge(found, reason="So be it.", by=make.actor(who), at=NOW)
    with pytest.raises(NotFound):
        radar.acknowledge(found, reason="So be it.", by=make.actor(cast.zoe), at=NOW)


def test_the_clock_looks_once_a_day_where_the_practice_is(cast):
    build.engagement(cast, ai_in_scope=False)
    with transaction.atomic():
        radar_clock.watch(cast.practice, at=NOW)
    entry = AgendaEntry.objects.get(kind="radar_sweep")
    assert entry.due_at == datetime.datetime(
        2026, 3, 3, 4, 0, tzinfo=datetime.UTC
    )  # five in Berlin
    at = entry.due_at + datetime.timedelta(minutes=1)
    for _ in range(3):
        clockwork.tick(at=at, clock=lambda: at)
    entry.refresh_from_db()
    assert entry.due_at == datetime.datetime(2026, 3, 4, 4, 0, tzinfo=datetime.UTC)
    assert (Finding.objects.get().raised_at, kinds()) == (at, ["finding.raised"])


def test_after_an_outage_over_the_change_of_clocks_it_looks_once_and_goes_on(cast):
    build.engagement(cast, ai_in_scope=False)
    with transaction.atomic():
        radar_clock.watch(cast.practice, at=NOW)
    late = datetime.datetime(2026, 3, 28, 12, 0, tzinfo=datetime.UTC)
    clockwork.tick(at=late, clock=lambda: late)
    clockwork.tick(at=late, clock=lambda: late)
    entry = AgendaEntry.objects.get(kind="radar_sweep")
    # On 29 March the clocks of Berlin go forward: five is three in UTC.
    assert entry.due_at == datetime.datetime(2026, 3, 29, 3, 0, tzinfo=datetime.UTC)
    assert Finding.objects.get().raised_at == late
