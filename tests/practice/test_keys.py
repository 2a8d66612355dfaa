"""API keys: shown once, kept as a hash, scoped, expiring, revocable, replaceable without a gap."""

import datetime

import pytest
from django.db import connection
from django.utils import timezone

from practice import keys
from practice.access import Actor
from practice.models import ApiKey, Event
from practice.refusals import Invalid, NotAllowed, NotFound
from tests import make
from tests.make import NOW

DAY = datetime.timedelta(days=1)
HOUR = datetime.timedelta(hours=1)


@pytest.fixture
def olu(cast) -> Actor:
    return make.actor(cast.olu)


def new(olu: Actor, **details) -> tuple[ApiKey, str]:
    """Of today, because the door compares with the real clock."""
    facts = {"name": "Sync", "scopes": ["read"], "at": timezone.now()} | details
    return keys.make(by=olu, **facts)


def every_text_in_the_database() -> str:
    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
        found = []
        for table in tables:
            cursor.execute(f'SELECT * FROM "{table}"')
            found += [str(value) for row in cursor.fetchall() for value in row]
    return "\n".join(found)


def test_the_secret_is_nowhere_in_the_database_only_its_hash(olu):
    key, text = new(olu)
    secret = text.removeprefix(f"rmt_{key.prefix}_")
    there = every_text_in_the_database()
    assert (secret in there, text in there) == (False, False)
    assert there.count(keys.digest(secret)) == 1


def test_the_secret_is_in_the_one_answer_that_makes_the_key_and_in_no_other(cast, api):
    caller = api(cast.olu)
    made = caller.post("keys/", {"name": "Sync", "scopes": ["read"]}).json()
    again = caller.get(f"keys/{made['id']}/").json()
    assert made.pop("secret").startswith(f"rmt_{made['prefix']}_")
    assert again == made
    assert "secret_hash" not in made


def test_the_log_knows_that_a_key_was_made_and_no_hash(cast, olu):
    key, _ = new(olu)
    event = Event.objects.get(kind="key.made", subject_id=key.pk)
    assert (event.after["name"], "secret_hash" in event.after) == ("Sync", False)


def test_a_key_lets_in(cast, olu, api):
    _, text = new(olu)
    assert api(text).get("clients/").status_code == 200


@pytest.mark.parametrize(
    "spoil",
    [
        lambda text: text[:-1],
        lambda text: text + "x",
        lambda text: text.replace("rmt_", "rmx_"),
        lambda text: text.upper(),
        lambda text: "_".join(text.split("_")[:2]) + "_",
        lambda text: "rmt__" + text.split("_", 2)[2],
        lambda text: "rmt_0000000000_" + text.split("_", 2)[2],
        lambda text: "rmt_ü_x",
        lambda text: "rmt",
        lambda text: "",
    ],
)
def test_a_key_that_is_not_quite_right_does_not(cast, olu, api, spoil):
    _, text = new(olu)
    answer = api(spoil(text)).get("clients/")
    assert (answer.status_code, answer.json()["code"]) == (401, "not_authenticated")


def test_another_scheme_is_refused(cast, api):
    answer = api().get("clients/", Authorization="Basic b2x1Om9sdQ==")
    assert answer.status_code == 401


def test_a_read_key_reads_and_does_not_write(cast, olu, api):
    _, text = new(olu)
    caller = api(text)
    assert caller.get(f"clients/{cast.orchard.pk}/").status_code == 200
    assert caller.patch(f"clients/{cast.orchard.pk}/", {"industry": "Fruit"}).status_code == 403


def test_a_write_key_writes(cast, olu, api):
    _, text = new(olu, scopes=["read", "write"])
    answer = api(text).patch(f"clients/{cast.orchard.pk}/", {"industry": "Fruit"})
    assert (answer.status_code, answer.json()["industry"]) == (200, "Fruit")
    event = Event.objects.filter(kind="client.changed").latest("id")
    assert (event.actor_kind, event.source) == ("key", "api")


@pytest.mark.parametrize(("scopes", "shown"), [(["read"], False), (["commercial", "read"], True)])
def test_fees_take_the_commercial_scope(cast, olu, api, scopes, shown):
    _, text = new(olu, scopes=scopes)
    row = api(text).get(f"clients/{cast.orchard.pk}/").json()
    assert ("day_rate" in row, "po_number" in row) == (shown, shown)


def test_a_key_of_one_client_sees_that_client_alone(cast, olu, api):
    _, text = new(olu, client=cast.orchard)
    caller = api(text)
    assert [row["name"] for row in caller.get("clients/").json()["results"]] == ["Orchard"]
    contacts = caller.get("contacts/").json()["results"]
    assert sorted(row["name"] for row in contacts) == ["Marta", "Priya"]
    foreign, missing = (caller.get(f"clients/{id}/") for id in (cast.quarry.pk, cast.ada.pk))
    assert (foreign.status_code, foreign.content) == (404, missing.content)


def test_a_key_sees_nothing_of_another_practice(cast, olu, api):
    _, text = new(olu, scopes=["read", "write", "commercial"])
    caller = api(text)
    assert [row["name"] for row in caller.get("clients/").json()["results"]] == [
        "Orchard",
        "Quarry",
    ]
    assert caller.get(f"clients/{cast.zoes_client.pk}/").status_code == 404


def test_a_key_cannot_be_made_for_another_practices_client(cast, olu):
    with pytest.raises(Invalid):
        new(olu, client=cast.zoes_client)


def test_an_expired_key_does_not_let_in(cast, olu, api):
    key, text = new(olu)
    assert api(text).get("clients/").status_code == 200
    ApiKey.objects.filter(pk=key.pk).update(expires_at=timezone.now() - HOUR)
    assert api(text).get("clients/").status_code == 401


def test_a_revoked_key_does_not_let_in_from_the_next_call(cast, olu, api):
    key, text = new(olu)
    caller = api(text)
    assert caller.get("clients/").status_code == 200
    keys.revoke(key, by=olu, at=timezone.now())
    assert caller.get("clients/").status_code == 401


def test_revoking_twice_records_once(cast, olu):
    key, _ = new(olu)
    revoked = keys.revoke(key, by=olu, at=NOW)
    assert keys.revoke(revoked, by=olu, at=NOW + DAY).revoked_at == NOW
    assert Event.objects.filter(kind="key.revoked").count() == 1


def test_a_rotated_key_goes_on_for_its_grace_beside_its_successor(cast, olu, api):
    now = timezone.now()
    key, old = new(olu, client=cast.orchard, at=now)
    successor, text = keys.rotate(key, by=olu, at=now, grace_hours=24)
    key.refresh_from_db()
    assert key.expires_at == now + 24 * HOUR
    assert (successor.client, successor.scopes, successor.expires_at) == (
        cast.orchard,
        ["read"],
        now + 90 * DAY,
    )
    assert [api(k).get("clients/").status_code for k in (old, text)] == [200, 200]
    ApiKey.objects.filter(pk=key.pk).update(expires_at=timezone.now())
    assert [api(k).get("clients/").status_code for k in (old, text)] == [401, 200]


def test_a_grace_does_not_lengthen_a_life(cast, olu):
    key, _ = new(olu, at=NOW, expires_at=NOW + HOUR)
    keys.rotate(key, by=olu, at=NOW, grace_hours=24)
    key.refresh_from_db()
    assert key.expires_at == NOW + HOUR


def test_no_grace_ends_the_old_key_at_once(cast, olu, api):
    key, old = new(olu)
    _, text = keys.rotate(key, by=olu, at=timezone.now(), grace_hours=0)
    assert [api(k).get("clients/").status_code for k in (old, text)] == [401, 200]


def test_a_key_that_has_ended_is_not_rotated(cast, olu):
    key, _ = new(olu, at=NOW)
    with pytest.raises(keys.KeyEnded):
        keys.rotate(key, by=olu, at=NOW + 91 * DAY)
    keys.revoke(key, by=olu, at=NOW)
    with pytest.raises(keys.KeyEnded):
        keys.rotate(key, by=olu, at=NOW)


@pytest.mark.parametrize("days", [-1, 0, 366])
def test_a_key_lives_at_most_as_long_as_the_practice_says(cast, olu, days):
    with pytest.raises(Invalid) as refused:
        new(olu, at=NOW, expires_at=NOW + days * DAY)
    assert list(refused.value.errors) == ["expires_at"]


def test_without_a_wish_a_key_lives_ninety_days(cast, olu):
    key, _ = new(olu, at=NOW)
    assert key.expires_at == NOW + 90 * DAY


@pytest.mark.parametrize("scopes", [[], ["admin"], ["read", "everything"]])
def test_an_unknown_scope_is_refused(cast, olu, scopes):
    with pytest.raises(Invalid) as refused:
        new(olu, scopes=scopes)
    assert list(refused.value.errors) == ["scopes"]


@pytest.mark.parametrize("who", ["ada", "ben", "fin", "priya"])
def test_only_an_owner_makes_keys(cast, who):
    with pytest.raises(NotAllowed):
        new(make.actor(getattr(cast, who)))


def test_another_practices_owner_cannot_revoke_or_rotate(cast, olu):
    key, _ = new(olu)
    zoe = make.actor(cast.zoe)
    for act in (keys.revoke, keys.rotate):
        with pytest.raises(NotFound):
            act(key, by=zoe, at=NOW)


def test_a_key_cannot_make_keys(cast, olu, api):
    _, text = new(olu, scopes=["read", "write", "commercial"])
    assert api(text).post("keys/", {"name": "x", "scopes": ["write"]}).status_code == 403


def test_its_use_is_noted_once_an_hour_and_not_on_each_call(cast, olu, api):
    key, text = new(olu)
    caller = api(text)

    def noted() -> datetime.datetime | None:
        return ApiKey.objects.values_list("last_used_at", flat=True).get(pk=key.pk)

    assert noted() is None
    caller.get("clients/")
    first = noted()
    caller.get("clients/")
    assert noted() == first
    almost = timezone.now() - datetime.timedelta(minutes=59)
    ApiKey.objects.filter(pk=key.pk).update(last_used_at=almost)
    caller.get("clients/")
    assert noted() == almost
    ApiKey.objects.filter(pk=key.pk).update(last_used_at=almost - 2 * HOUR)
    caller.get("clients/")
    assert noted() > first


def test_being_used_changes_neither_version_nor_log(cast, olu, api):
    key, text = new(olu)
    before = Event.objects.count()
    api(text).get("clients/")
    assert (Event.objects.count(), ApiKey.objects.get(pk=key.pk).version) == (before, key.version)


def test_the_look_up_is_one_statement(cast, olu, api, django_assert_num_queries):
    _, text = new(olu)
    caller = api(text)
    caller.get("me/")
    with django_assert_num_queries(1):
        assert caller.get("me/").status_code == 200
