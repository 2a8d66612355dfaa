"""The incident log: what is put down, its life, what the database refuses, and what a quarter tells."""

import datetime

import pytest
from django.db import IntegrityError, transaction

from assessments import incidents
from assessments.incidents import IncidentStepRefused
from assessments.models import Incident
from practice.models import Event
from practice.quarters import quarter_of
from practice.refusals import Invalid, NotAllowed, NotFound, Stale, Taken
from tests import make
from tests.assessments import estate

HOUR = datetime.timedelta(hours=1)
SAID = {"title": "Wrong sums", "severity": "high", "what_happened": "It made figures up."}


def acts(who, at=make.NOW):
    return {"by": make.actor(who), "at": at}


@pytest.fixture
def system(cast):
    return estate.system(cast.orchard)


@pytest.fixture
def incident(cast, system):
    return incidents.add(system, **SAID, **acts(cast.ada))


def test_an_incident_is_open_and_found_now_unless_said_otherwise(cast, system, incident):
    assert (incident.client, incident.status, incident.found_at, incident.serious) == (
        cast.orchard,
        "open",
        make.NOW,
        False,
    )
    earlier = incidents.add(system, found_at=make.NOW - HOUR, **SAID, **acts(cast.ada))
    assert earlier.found_at == make.NOW - HOUR


def test_it_is_contained_and_closed_with_what_was_learnt(cast, incident):
    row = incidents.contain(incident, **acts(cast.ada, make.NOW + HOUR))
    with pytest.raises(Invalid) as wrong:
        incidents.close(row, learned="Check sums.", **acts(cast.ada, make.NOW + 2 * HOUR))
    assert list(wrong.value.errors) == ["ended_at"]
    row = incidents.close(
        row,
        learned=" Check sums. ",
        ended_at=make.NOW + HOUR,
        **acts(cast.ada, make.NOW + 2 * HOUR),
    )
    assert (row.status, row.contained_at, row.ended_at, row.closed_at, row.learned) == (
        "closed",
        make.NOW + HOUR,
        make.NOW + HOUR,
        make.NOW + 2 * HOUR,
        "Check sums.",
    )
    told = Event.objects.filter(subject_id=row.pk).order_by("id").values_list("kind", flat=True)
    assert list(told) == ["incident.added", "incident.contained", "incident.closed"]


def test_what_is_closed_stays_as_it_is(cast, incident):
    row = incidents.contain(incident, **acts(cast.ada))
    row = incidents.close(row, learned="L", ended_at=make.NOW, **acts(cast.ada))
    for again in (
        lambda: incidents.change(row, severity="low", **acts(cast.ada)),
        lambda: incidents.reopen(row, **acts(cast.ada)),
        lambda: incidents.contain(row, **acts(cast.ada)),
        lambda: incidents.close(row, learned="M", **acts(cast.ada)),
    ):
        with pytest.raises(IncidentStepRefused) as refused:
            again()
        assert refused.value.facts == {"present": "closed", "allowed": []}


def test_an_open_incident_is_not_closed_and_a_contained_one_can_break_out_again(cast, incident):
    with pytest.raises(IncidentStepRefused) as refused:
        incidents.close(incident, learned="L", ended_at=make.NOW, **acts(cast.ada))
    assert refused.value.facts == {"present": "open", "allowed": ["contained"]}
    row = incidents.reopen(incidents.contain(incident, **acts(cast.ada)), **acts(cast.ada))
    assert (row.status, row.contained_at) == ("open", None)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"title": " "}, "title"),
        ({"what_happened": " "}, "what_happened"),
        ({"found_at": make.NOW + HOUR}, "found_at"),
        ({"ended_at": make.NOW + HOUR}, "ended_at"),
        ({"found_at": make.NOW - HOUR, "started_at": make.NOW}, "started_at"),
        ({"started_at": make.NOW, "ended_at": make.NOW - HOUR}, "ended_at"),
        ({"severity": "awful"}, "severity"),
    ],
)
def test_moments_are_in_order_and_none_is_in_the_future(cast, system, wrong, field):
    with pytest.raises(Invalid) as said:
        incidents.add(system, **{**SAID, **wrong}, **acts(cast.ada))
    assert list(said.value.errors) == [field]


def test_the_database_refuses_a_status_without_its_words(incident):
    rows = Incident.objects.filter(pk=incident.pk)
    for broken in (
        {"status": "contained"},
        {"status": "closed", "contained_at": make.NOW, "closed_at": make.NOW, "learned": "L"},
        {"status": "open", "learned": "L"},
        {"status": "forgotten"},
        {"severity": "awful"},
        {"started_at": make.NOW + HOUR},
        {"started_at": make.NOW, "ended_at": make.NOW - HOUR},
        {"title": ""},
        {"what_happened": ""},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.update(**broken)


def test_an_associate_keeps_the_log_and_only_where_they_work(cast, system):
    with pytest.raises(NotFound):
        incidents.add(system, **SAID, **acts(cast.ben))
    make.assignment(cast.ben, cast.orchard)
    assert incidents.add(system, **SAID, **acts(cast.ben)).status == "open"


def test_finance_and_the_clients_people_write_nothing(cast, system, incident):
    for who in (cast.fin, cast.priya):
        with pytest.raises(NotAllowed):
            incidents.add(system, **SAID, **acts(who))
        with pytest.raises(NotAllowed):
            incidents.contain(incident, **acts(who))


def test_an_external_id_is_once_per_client_and_a_stale_version_is_refused(cast, system, incident):
    incidents.add(system, external_id="I-1", **SAID, **acts(cast.ada))
    with pytest.raises(Taken):
        incidents.change(incident, external_id="I-1", **acts(cast.ada))
    incidents.change(incident, severity="low", **acts(cast.ada))
    with pytest.raises(Stale):
        incidents.contain(incident, expected=1, **acts(cast.ada))


def test_a_quarter_begins_and_ends_where_the_client_is(cast):
    client = make.client(cast.olu, "East", time_zone="Asia/Tokyo")
    system, quarter = estate.system(client), quarter_of(datetime.date(2026, 1, 1), 1)
    # Midnight of 1 January in Tokyo.
    begins = datetime.datetime(2025, 12, 31, 15, tzinfo=datetime.UTC)
    minute = datetime.timedelta(minutes=1)

    def found(at, **more):
        said = {**SAID, "title": f"{at:%d %H:%M}", "found_at": at, **more}
        return incidents.add(system, **said, **estate.acts(client))

    found(begins - minute, severity="low")
    found(begins, serious=True)
    over = found(begins - HOUR, severity="low")
    over = incidents.contain(over, **estate.acts(client))
    incidents.close(
        over, learned="L", ended_at=begins - HOUR, **estate.acts(client, begins - minute)
    )
    elsewhere = estate.system(cast.orchard)
    incidents.add(elsewhere, found_at=begins, **SAID, **estate.acts(cast.orchard))
    told = incidents.in_quarter(client, quarter)
    assert [one.title for one in told.found] == ["31 15:00"]
    assert [one.title for one in told.serious] == ["31 15:00"]
    assert told.by_severity == {"critical": 0, "high": 1, "medium": 0, "low": 0}
    # What was not closed when the quarter ended, whenever it was found.
    assert [one.title for one in told.carried] == ["31 15:00", "31 14:59"]


def test_a_quarter_is_one_statement_however_many_there_are(cast, system, django_assert_num_queries):
    quarter = quarter_of(make.NOW.date(), 1)
    for many in (1, 3):
        for _ in range(many):
            incidents.add(system, **SAID, **acts(cast.ada))
        with django_assert_num_queries(1):
            [one.system.name for one in incidents.in_quarter(cast.orchard, quarter).found]


def test_the_sponsor_and_the_board_read_it_and_a_reviewer_does_not(cast, api, incident):
    reviewer = make.contact(cast.orchard, "Rei", "reviewer", make.user("rei@orchard.test", "Rei"))
    for who in (cast.priya, cast.marta, cast.ada, cast.bot):
        (row,) = api(who).get("incidents/").json()["results"]
        assert (row["title"], row["system_name"]) == ("Wrong sums", "Search")
    assert api(reviewer).get("incidents/").status_code == 403
    assert api(cast.ravi).get("incidents/").json()["results"] == []


def test_an_incident_goes_from_found_to_closed_over_the_api(cast, api, system):
    caller = api(cast.ada)
    made = caller.post("incidents/", {"system": str(system.pk), **SAID, "serious": True})
    assert (made.status_code, made.json()["status"], made.json()["serious"]) == (201, "open", True)
    path = f"incidents/{made.json()['id']}/"
    early = caller.post(f"{path}close/", {"learned": "L"})
    assert (early.status_code, early.json()["code"]) == (409, "incident_step_refused")
    caller.post(f"{path}contain/", {})
    ended = {"learned": "L", "ended_at": made.json()["found_at"]}
    assert caller.post(f"{path}close/", ended).json()["status"] == "closed"
    for query, found in (("severity=high", 1), ("serious=false", 0), (f"system={system.pk}", 1)):
        assert len(caller.get(f"incidents/?{query}").json()["results"]) == found
