"""Queries compiled once say what the same query says when it is built anew."""

import datetime

from django.contrib.sessions.models import Session
from django.db import models

from practice import identity, sign_in
from practice.models import ApiKey, Client
from practice.rest.prepared import Prepared, Slot
from practice.rest.sign_in import KEY_ROW
from practice.sessions import SessionStore
from tests.make import NOW

COLUMNS = ("id", "secret_hash", "practice_id", "client_id", "scopes", "name", "last_used_at")


def test_the_key_look_up_says_what_the_plain_query_says(cast):
    ApiKey.objects.update(last_used_at=NOW)
    for key in ApiKey.objects.all():
        plain = ApiKey.objects.filter(pk=key.pk).values_list(*COLUMNS).get()
        assert KEY_ROW.rows(prefix=key.prefix, now=NOW) == [list(plain)]


def test_new_values_give_other_rows_by_the_same_text(cast, django_assert_num_queries):
    by_name = Prepared(
        lambda: (
            Client.objects.filter(
                practice_id=Slot("practice", models.UUIDField()),
                created_at__lte=Slot("at", models.DateTimeField()),
            )
            .order_by("name")
            .values_list("name", "day_rate", "created_at")
        )
    )
    hour = datetime.timedelta(hours=1)
    for practice in (cast.practice, cast.other_practice, cast.practice):
        plain = Client.objects.filter(practice=practice).order_by("name")
        expected = [list(row) for row in plain.values_list("name", "day_rate", "created_at")]
        with django_assert_num_queries(1):
            assert by_name.rows(practice=practice.pk, at=NOW) == expected
        assert by_name.rows(practice=practice.pk, at=NOW - hour) == []


def test_whole_rows_by_a_compiled_query_are_those_of_the_plain_one(cast, django_assert_num_queries):
    for place, look_up in ((cast.ada, identity.MEMBERSHIP), (cast.priya, identity.CONTACT)):
        plain = type(place).objects.select_related("user", "practice").get(pk=place.pk)
        with django_assert_num_queries(1):
            found = look_up.one(user=place.user_id, id=place.pk)
            beside = (found.user, found.practice)
        assert type(found) is type(place)
        assert columns(found) == columns(plain)
        assert list(map(columns, beside)) == [columns(plain.user), columns(plain.practice)]
        assert look_up.one(user=cast.zoe.user_id, id=place.pk) is None
    assert columns(sign_in.LOGIN.one(id=cast.ada.user_id)) == columns(cast.ada.user)


def columns(row):
    """All that was read; a logo is read when somebody asks for it."""
    left_out = {"logo", "last_login"}
    names = [c.attname for c in row._meta.concrete_fields if c.attname not in left_out]
    return {name: getattr(row, name) for name in names}


def test_a_session_that_ended_holds_nothing(cast, page):
    key = page(cast.ada).session.session_key
    assert SessionStore(key).load()["acting_as"] == identity.name_of(cast.ada)
    Session.objects.update(expire_date=NOW)
    assert SessionStore(key).load() == {}


def test_a_login_that_was_closed_opens_nothing(cast, page):
    browser = page(cast.ada)
    assert browser.get("/desk/").status_code == 200
    type(cast.ada.user).objects.filter(pk=cast.ada.user_id).update(is_active=False)
    assert browser.get("/desk/").status_code == 302
