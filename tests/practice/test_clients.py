"""Clients by verb and over the API: who may take on, change and mark them, and what is refused."""

import pytest

from practice import access, assignments, clients
from practice.models import AgendaEntry, Assignment, Client, Event
from practice.refusals import Invalid, NotAllowed, NotFound, Stale, Taken
from tests import make
from tests.make import NOW


@pytest.mark.parametrize(
    ("who", "names"),
    [
        ("olu", ["Orchard", "Quarry"]),
        ("ada", ["Orchard"]),
        ("fin", ["Orchard", "Quarry"]),
        ("ben", []),
        ("priya", ["Orchard"]),
        ("marta", ["Orchard"]),
        ("ravi", ["Quarry"]),
        ("zoe", ["Harbour"]),
        ("bot", ["Orchard", "Quarry"]),
    ],
)
def test_everybody_sees_their_own_clients_only(cast, api, who, names):
    answer = api(getattr(cast, who)).get("clients/")
    assert [row["name"] for row in answer.json()["results"]] == names


@pytest.mark.parametrize(
    ("who", "rate"),
    [("olu", "1800.00"), ("ada", "1800.00"), ("fin", "1800.00"), ("priya", None), ("bot", None)],
)
def test_fees_are_for_those_who_may_see_them(cast, api, who, rate):
    row = api(getattr(cast, who)).get(f"clients/{cast.orchard.id}/").json()
    assert row.get("day_rate") == rate
    assert ("po_number" in row) == (rate is not None)


def test_an_assigned_associate_sees_the_client_without_fees(cast, api):
    make.assignment(cast.ben, cast.orchard, "CTO")
    row = api(cast.ben).get(f"clients/{cast.orchard.id}/").json()
    assert row["name"] == "Orchard"
    assert "day_rate" not in row


def test_a_change_of_fees_is_in_the_log_only_for_those_who_see_fees(cast, api):
    make.assignment(cast.ben, cast.orchard)
    owner = make.actor(cast.olu)
    clients.change(cast.orchard, by=owner, at=NOW, day_rate="1900.00", industry="Fruit")
    seen_by = {
        name: api(getattr(cast, name)).get("events/?kind=client.changed").json()["results"][0]
        for name in ("olu", "ben", "bot")
    }
    assert seen_by["olu"]["commercial"] == {
        "before": {"day_rate": "1800.00"},
        "after": {"day_rate": "1900.00"},
    }
    assert seen_by["olu"]["after"] == {"industry": "Fruit"}
    assert "commercial" not in seen_by["ben"]
    assert "commercial" not in seen_by["bot"]


def test_who_adds_a_client_is_responsible_and_assigned(cast):
    by = make.actor(cast.ada)
    client = clients.add(by=by, at=NOW, name="Kiln")
    assert client.responsible == cast.ada
    assert Assignment.objects.filter(client=client, member=cast.ada, hat="").count() == 1
    assert access.get(by, Client, client.pk) == client


def test_a_client_cannot_be_given_to_somebody_of_another_practice(cast):
    with pytest.raises(Invalid) as refused:
        clients.add(by=make.actor(cast.olu), at=NOW, name="Kiln", responsible=cast.zoe)
    assert refused.value.errors == {"responsible": ["There is no such thing here."]}
    assert not Client.objects.filter(name="Kiln").exists()


def test_an_associate_cannot_add_or_change_clients(cast):
    make.assignment(cast.ben, cast.orchard)
    with pytest.raises(NotAllowed):
        clients.add(by=make.actor(cast.ben), at=NOW, name="Kiln")
    with pytest.raises(NotAllowed):
        clients.change(cast.orchard, by=make.actor(cast.ben), at=NOW, industry="Fruit")


def test_finance_sets_fees_and_nothing_else(cast):
    by = make.actor(cast.fin)
    assert clients.change(cast.orchard, by=by, at=NOW, po_number="PO-2").po_number == "PO-2"
    with pytest.raises(NotAllowed):
        clients.change(cast.orchard, by=by, at=NOW, name="Orchid")


def test_a_key_without_the_commercial_scope_cannot_set_fees(cast, api):
    key = make.key(cast.practice, scopes=("read", "write"))
    answer = api(key).patch(f"clients/{cast.orchard.id}/", {"day_rate": "1.00"})
    assert (answer.status_code, answer.json()["code"]) == (403, "not_allowed")
    key = make.key(cast.practice, scopes=("read", "write", "commercial"))
    answer = api(key).patch(f"clients/{cast.orchard.id}/", {"day_rate": "1.00"})
    assert (answer.status_code, answer.json()["day_rate"]) == (200, "1.00")


def test_a_key_limited_to_one_client_adds_none(cast, api):
    key = make.key(cast.practice, scopes=("read", "write"), client=cast.orchard)
    answer = api(key).post("clients/", {"name": "Kiln", "responsible": str(cast.olu.id)})
    assert answer.status_code == 400 or answer.json()["code"] == "not_allowed"
    assert not Client.objects.filter(name="Kiln").exists()


def test_a_consultant_cannot_change_a_client_not_assigned(cast):
    with pytest.raises(NotFound):
        clients.change(cast.quarry, by=make.actor(cast.ada), at=NOW, industry="Stone")


@pytest.mark.parametrize(
    ("path", "code"),
    [
        (["active"], None),
        (["former"], None),
        (["active", "former"], None),
        (["active", "former", "active"], None),
        (["former", "prospect"], None),
        (["active", "prospect"], "status_move_refused"),
    ],
)
def test_status_moves_forward_and_back_only_from_former(cast, path, code):
    by, refusal = make.actor(cast.olu), None
    for status in path:
        try:
            clients.change(cast.orchard, by=by, at=NOW, status=status)
        except clients.NoSuchMove as no:
            refusal = no.code
    assert refusal == code


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("time_zone", "Mars/Olympus"),
        ("currency", "euro"),
        ("country", "Germany"),
        ("fiscal_year_start", 13),
        ("fiscal_year_start", 0),
        ("day_rate", "-1"),
        ("status", "gone"),
        ("name", ""),
    ],
)
def test_a_wrong_value_is_named_and_changes_nothing(cast, api, field, value):
    answer = api(cast.olu).patch(f"clients/{cast.orchard.id}/", {field: value})
    assert answer.status_code == 400
    assert list(answer.json()["errors"]) == [field]
    cast.orchard.refresh_from_db()
    assert cast.orchard.version == 1


def test_a_change_names_the_version_it_was_based_on_or_fails(cast):
    by = make.actor(cast.olu)
    changed = clients.change(cast.orchard, by=by, at=NOW, expected=1, industry="Fruit")
    assert changed.version == 2
    with pytest.raises(Stale):
        clients.change(cast.orchard, by=by, at=NOW, expected=1, industry="Wood")


def test_changing_nothing_writes_nothing(cast):
    events = Event.objects.count()
    same = clients.change(cast.orchard, by=make.actor(cast.olu), at=NOW, name="Orchard")
    assert (same.version, Event.objects.count()) == (1, events)


def test_serving_two_competitors_needs_a_reason_and_is_flagged(cast):
    owner = make.actor(cast.olu)
    clients.mark_competitors(cast.orchard, cast.quarry, by=owner, at=NOW)
    with pytest.raises(assignments.ConflictNeedsReason):
        assignments.assign(cast.quarry, member=cast.ada, hat="CTO", by=owner, at=NOW)
    made = assignments.assign(
        cast.quarry, member=cast.ada, hat="CTO", reason="Board of both agreed", by=owner, at=NOW
    )
    assert (made.conflict, made.conflict_reason) == (True, "Board of both agreed")
    flagged = Assignment.objects.filter(member=cast.ada, conflict=True)
    assert flagged.count() == 3  # two hats at Orchard, one at Quarry


def test_marking_competitors_flags_who_serves_both_already_and_unmarking_clears_it(cast):
    owner = make.actor(cast.olu)
    make.assignment(cast.ada, cast.quarry, "CTO")
    pair = clients.mark_competitors(cast.quarry, cast.orchard, by=owner, at=NOW)
    assert Assignment.objects.filter(member=cast.ada, conflict=True).count() == 3
    clients.unmark_competitors(pair, by=owner, at=NOW)
    assert Assignment.objects.filter(conflict=True).count() == 0


def test_competitors_are_marked_once_whatever_the_order(cast):
    owner = make.actor(cast.olu)
    clients.mark_competitors(cast.orchard, cast.quarry, by=owner, at=NOW)
    with pytest.raises(Taken):
        clients.mark_competitors(cast.quarry, cast.orchard, by=owner, at=NOW)
    with pytest.raises(clients.SameClient):
        clients.mark_competitors(cast.quarry, cast.quarry, by=owner, at=NOW)


def test_the_responsible_member_cannot_lose_the_last_assignment(cast):
    last = Assignment.objects.get(member=cast.olu, client=cast.orchard)
    with pytest.raises(assignments.StillResponsible):
        assignments.withdraw(last, by=make.actor(cast.olu), at=NOW)


def test_losing_the_assignment_ends_sight_of_the_client_at_once(cast, api):
    caller = api(cast.ada)
    assert caller.get(f"clients/{cast.orchard.id}/").status_code == 200
    for row in Assignment.objects.filter(member=cast.ada):
        assignments.withdraw(row, by=make.actor(cast.olu), at=NOW)
    assert caller.get(f"clients/{cast.orchard.id}/").status_code == 404


def test_nothing_is_on_the_agenda_of_a_new_client(cast):
    assert AgendaEntry.objects.count() == 0
