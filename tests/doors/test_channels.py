"""Doors that are neither rows by id nor lists: a person's own channels, and the addresses that need no sign-in."""

import pytest

from practice import identity
from practice.feeds import opening
from practice.models import Feed, Preference
from practice.refusals import Refusal
from tests.doors.asking import MISSING_ID, Asker
from tests.doors.who import SEES
from tests.make import NOW

CONTACTS = ("priya", "marta", "ravi", "hana", "reviewer", "viewer")
AT_DESK = ("olu", "ada", "ben", "fin", "amy", "zoe")
SITES = dict.fromkeys(CONTACTS, "/portal/") | dict.fromkeys(AT_DESK, "/desk/")
# What a page's POST names a row by, and the kind of row.
POSTS = (
    ("inbox/mark/", {"do": "read", "item": ""}, "inboxitem"),
    ("inbox/mark/", {"do": "unread", "item": ""}, "inboxitem"),
    ("calendar/revoke/", {"feed": ""}, "feed"),
    ("calendar/make/", {"scope": "client:"}, "client"),
    ("calendar/make/", {"scope": "engagement:"}, "engagement"),
    ("motion/replay/", {"notice": ""}, "notice"),
)
OF_DESK = "motion/replay/"
SCOPES = ("client", "engagement")
PREFERENCES = "/api/v1/me/preferences/"


def asker(world, actor):
    return Asker(world, actor, world.callers()[actor], own_name=world.own_name(actor))


def test_these_are_all_people(world):
    assert set(SITES) == set(world.people)


@pytest.mark.parametrize("actor", SITES)
def test_a_page_s_form_reaches_nobody_else_s_row(world, actor):
    asking, site = asker(world, actor), SITES[actor]
    for page, form, model in POSTS:
        if page == OF_DESK and site != "/desk/":
            continue
        box, start = list(form.items())[-1]
        for _, id in asking.hidden_rows(model):
            one, two = (
                asking.ask(page, "POST", f"{site}{page}", form=form | {box: start + i}, sent=(i,))
                for i in (id, MISSING_ID)
            )
            asking.differ(page, "another's row answers unlike a missing one", one, two)
    assert sorted(asking.findings) == []
    assert asking.probes > 10


@pytest.mark.parametrize("actor", [name for name in SEES if name != "nobody"])
def test_a_feed_of_what_one_does_not_see_is_refused_like_one_of_nothing(world, actor):
    asking = asker(world, actor)
    for scope in SCOPES:
        for _, id in asking.hidden_rows(scope):
            one, two = (
                asking.ask(
                    "calendars",
                    "POST",
                    "/api/v1/calendars/",
                    {"scope": scope, "scope_id": i},
                    sent=(i,),
                )
                for i in (id, MISSING_ID)
            )
            asking.differ("calendars", "another's row answers unlike a missing one", one, two)
            assert one.status in (400, 403)
    assert sorted(asking.findings) == []


def opened(world, actor, **scope):
    """The address of a new feed of theirs, or None where they may have none."""
    try:
        by = identity.actor(world.people[actor], "desk")
        return opening.open_feed(by=by, at=NOW, **scope)[1]
    except Refusal:
        return None


def test_every_feed_holds_what_its_person_may_see_and_nothing_else(world, client):
    shown, wrong = {}, []
    for actor in world.people:
        for scope in ({}, {"scope": "mine"}, *(_of_one(world, kind) for kind in SCOPES)):
            if address := opened(world, actor, **scope):
                answer = client.get(address.partition("8000")[2])
                # As a calendar reads it: long lines are folded.
                text = answer.content.decode().replace("\r\n ", "")
                found = list(world.canaries.found(text))
                wrong += [(actor, o) for _, o in found if not SEES[actor].allows(o)]
                shown.setdefault(actor, set()).update(o.model for _, o in found)
                assert (answer.status_code, "BEGIN:VCALENDAR" in text) == (200, True)
    assert wrong == []
    told = {actor for actor, models in shown.items() if "agendaentry" in models}
    assert told == set(world.people) - {"fin", "ben"}


def _of_one(world, kind):
    return {"scope": kind, "scope_id": world.rows["orchard", kind].pk}


def test_an_address_that_was_revoked_or_never_was_says_nothing(world, client):
    address = opened(world, "olu").partition("8000")[2]
    Feed.objects.update(revoked_at=NOW)
    gone, never = client.get(address), client.get(f"/calendar/{'a' * 43}.ics")
    assert (gone.status_code, gone.content) == (never.status_code, never.content)
    assert gone.status_code == 404


def test_everybody_chooses_for_themselves_alone(world):
    callers, before = world.callers(), dict(Preference.objects.values_list("pk", "version"))
    read = {name: caller.get(PREFERENCES).status_code for name, caller in callers.items()}
    people = dict.fromkeys(world.people, 200)
    assert read == people | dict.fromkeys(world.keys, 403) | {"nobody": 401}
    chosen = {"digest": "daily", "digest_hour": 9, "quiet_from": None, "quiet_until": None}
    assert callers["ada"].patch(PREFERENCES, chosen).status_code == 200
    assert callers["bot"].patch(PREFERENCES, chosen).status_code == 403
    assert callers["nobody"].patch(PREFERENCES, chosen).status_code == 401
    after = dict(Preference.objects.values_list("pk", "version"))
    hers = Preference.objects.get(member=world.people["ada"]).pk
    assert {pk for pk in after if after[pk] != before.get(pk)} == {hers}
    assert callers["olu"].get(PREFERENCES).json()["digest"] == "weekly"
