"""The desk over HTTP: whose rows, which forms, what a verb refuses, what the stock admin would have given away."""

import datetime
from uuid import uuid4

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from practice import access, clients, invitations
from practice.models import (
    AgendaEntry,
    ApiKey,
    Client,
    Contact,
    Event,
    Invitation,
    Member,
    Notice,
    Practice,
    Seat,
)
from practice.sites import ScopedAdmin

# With its addresses: they bring the pages of every app.
from practice.urls import desk
from tests import make

EVERYTHING = list(desk._registry)
# Of the practice there is one, so its list leads to its page.
LISTS = [model for model in EVERYTHING if model is not Practice]


def listed(page) -> str:
    return page.content.decode()


def fields(page) -> set[str]:
    return set(page.context["adminform"].form.fields)


def offered(page, name: str) -> set[str]:
    return {
        str(label) for value, label in page.context["adminform"].form.fields[name].choices if value
    }


# Whose rows.


def test_a_consultant_lists_assigned_clients_only(cast, page):
    answer = page(cast.ada).get(desk.link(Client))
    assert [row.name for row in answer.context["cl"].result_list] == ["Orchard"]


@pytest.mark.parametrize("model", LISTS)
def test_no_list_or_filter_names_anything_of_another_practice(cast, page, model):
    answer = page(cast.olu).get(desk.link(model), follow=True)
    assert answer.status_code == 200
    for word in ("Harbour", "Zoe", "Hana", "northlight", "Northlight"):
        assert word not in listed(answer)


def test_foreign_and_missing_ids_answer_the_same_bytes(cast, page):
    browser = page(cast.olu)
    missing = Client(pk=uuid4())
    paths = ("change/", "delete/", "history/", "")
    for tail in paths:
        answers = []
        for row in (cast.zoes_client, missing):
            url = desk.page_of(row).removesuffix("change/") + tail
            answers.append(browser.get(url, follow=tail == ""))
        assert answers[0].status_code == answers[1].status_code
        assert answers[0].content == answers[1].content
        assert answers[0].status_code in {403, 404}
    nonsense = browser.get("/desk/practice/client/not-an-id/change/")
    assert (nonsense.status_code, nonsense.content) == (404, answers[0].content)


def test_an_unassigned_associate_sees_an_empty_list_that_says_so(cast, page):
    answer = page(cast.ben).get(desk.link(Client))
    assert "No clients yet" in listed(answer)


@pytest.mark.parametrize("who", ["ada", "fin"])
def test_lists_a_role_may_not_view_are_refused(cast, page, who):
    assert page(getattr(cast, who)).get(desk.link(ApiKey)).status_code == 403
    assert page(getattr(cast, who)).get(desk.link(Notice)).status_code == 403


def test_the_menu_shows_only_what_the_role_may_view(cast, page):
    home = listed(page(cast.ada).get("/desk/"))
    assert "Event log" in home
    assert "API keys" not in home


def test_finance_sees_fees_and_may_change_nothing_else(cast, page):
    answer = page(cast.fin).get(desk.page_of(cast.orchard))
    assert fields(answer) == {"day_rate", "po_number"}


def test_an_associate_finds_no_fees_anywhere(cast, page):
    make.assignment(cast.ben, cast.orchard)
    answer = page(cast.ben).get(desk.page_of(cast.orchard))
    assert "PO-ORCHARD" not in listed(answer)
    assert "1800" not in listed(answer)
    events = page(cast.ben).get(desk.link(Event))
    assert "PO-ORCHARD" not in listed(events)


# What a form offers.


def test_a_form_offers_visible_rows_only(cast, page):
    answer = page(cast.olu).get("/desk/practice/client/add/")
    assert offered(answer, "responsible") == {"Ada", "Ben", "Fin", "Olu"}
    seats = page(cast.ada).get("/desk/practice/seat/add/")
    assert offered(seats, "client") == {"Orchard"}


def test_people_who_left_are_not_offered_for_something_new(cast, page):
    Member.objects.filter(pk=cast.ben.pk).update(active=False)
    answer = page(cast.olu).get("/desk/practice/client/add/")
    assert offered(answer, "responsible") == {"Ada", "Fin", "Olu"}


def test_naming_anothers_row_is_refused_like_naming_none(cast, page):
    browser = page(cast.olu)
    said = []
    for client in (cast.zoes_client.pk, uuid4()):
        given = {"client": client, "name": "X", "role": "viewer", "email": "", "title": ""}
        answer = browser.post("/desk/practice/contact/add/", given)
        said.append(answer.context["adminform"].form.errors["client"])
    assert said[0] == said[1]
    assert not Contact.objects.filter(name="X").exists()


def test_a_list_filter_offers_visible_rows_only(cast, page):
    answer = page(cast.olu).get(desk.link(Contact))
    spec = next(s for s in answer.context["cl"].filter_specs if s.title == "client")
    assert [label for _, label in spec.lookup_choices] == ["Orchard", "Quarry"]


def test_filtering_by_anothers_id_is_like_filtering_by_none(cast, page):
    browser = page(cast.olu)
    pages = [
        browser.get(desk.link(Contact), {"client__id__exact": id})
        for id in (cast.zoes_client.pk, uuid4())
    ]
    assert [p.status_code for p in pages] == [200, 200]
    assert [list(p.context["cl"].result_list) for p in pages] == [[], []]


@pytest.mark.parametrize(
    ("model", "lookup"),
    [
        (Invitation, "nonce__startswith"),
        (ApiKey, "secret_hash__startswith"),
        (Client, "responsible__user__password__startswith"),
        (Client, "practice__name__startswith"),
        (Contact, "client__day_rate__gt"),
        (Client, "day_rate__gt"),
        (Member, "user__email__startswith"),
    ],
)
def test_lookups_that_no_filter_declares_are_refused(cast, page, model, lookup):
    assert page(cast.olu).get(desk.link(model), {lookup: "a"}).status_code == 400


@pytest.mark.parametrize("oddity", [{"_popup": "1"}, {"_to_field": "id"}, {"_to_field": "name"}])
def test_pop_ups_and_foreign_keys_by_other_fields_are_gone(cast, page, oddity):
    assert page(cast.olu).get(desk.link(Client), oddity).status_code in {400, 404}
    assert page(cast.olu).get("/desk/practice/client/add/", oddity).status_code in {400, 404}


@pytest.mark.parametrize(
    "path",
    ["search/?s=Har", "autocomplete/?term=Har", "r/7/{id}/", "practice/client/{id}/history/"],
)
def test_stock_routes_that_would_tell_are_closed(cast, page, path):
    url = "/desk/" + path.format(id=cast.orchard.pk)
    assert page(cast.olu).get(url).status_code == 404


def test_no_list_offers_anything_to_do_with_many_rows(cast, page):
    browser = page(cast.olu)
    for model in EVERYTHING:
        assert desk._registry[model].get_actions(None) == {}
    given = {"action": "delete_selected", "_selected_action": str(cast.orchard.pk), "index": 0}
    browser.post(desk.link(Client), given)
    assert Client.objects.filter(pk=cast.orchard.pk).exists()


# The number of queries does not depend on the number of rows.


def _grow(cast) -> None:
    """Three rows where there was one, in every list."""
    at, by = timezone.now(), make.actor(cast.olu)
    for n in range(2):
        more = make.client(cast.olu, f"More {n}")
        make.contact(more, f"Person {n}", "sponsor", email=f"p{n}@more.test")
        other = make.client(cast.olu, f"Other {n}")
        clients.mark_competitors(more, other, by=by, at=at)
        make.member(cast.practice, make.user(f"m{n}@lantern.test"), "associate")
        make.key(cast.practice, f"Key {n}")
        invitations.invite_member(email=f"i{n}@x.test", role="associate", by=by, at=at)
        row = invitations.invite_contact(Contact.objects.get(client=more), by=by, at=at)
        assert row.client_id == more.pk
        for client in (more, other):
            Seat.objects.create(
                practice=cast.practice,
                client=client,
                hat="CTO",
                status="none",
                since_on=at.date(),
                created_at=at,
            )


@pytest.mark.parametrize("path", ["home", *LISTS], ids=lambda p: p if p == "home" else p.__name__)
def test_more_rows_take_no_more_queries(cast, page, path):
    browser, url = page(cast.olu), "/desk/" if path == "home" else desk.link(path)
    clients.mark_competitors(cast.orchard, cast.quarry, by=make.actor(cast.olu), at=make.NOW)
    invitations.invite_member(
        email="i@x.test", role="associate", by=make.actor(cast.olu), at=timezone.now()
    )
    invitations.invite_contact(
        make.contact(cast.quarry, "Q", "viewer", email="q@quarry.test"),
        by=make.actor(cast.olu),
        at=timezone.now(),
    )
    Seat.objects.create(
        practice=cast.practice,
        client=cast.orchard,
        hat="CTO",
        status="none",
        since_on=datetime.date(2026, 1, 1),
        created_at=make.NOW,
    )
    browser.get(url)
    with CaptureQueriesContext(
        connection,
    ) as few:
        browser.get(url)
    _grow(cast)
    with CaptureQueriesContext(connection) as many:
        browser.get(url)
    assert len(many) == len(few), [q["sql"][:200] for q in many]


def test_a_clients_page_takes_no_more_queries_for_more_people(cast, page):
    browser, url = page(cast.olu), desk.page_of(cast.orchard)
    browser.get(url)
    with CaptureQueriesContext(connection) as few:
        browser.get(url)
    for n in range(3):
        make.contact(cast.orchard, f"P{n}", "viewer")
        make.assignment(
            make.member(cast.practice, make.user(f"t{n}@x.test"), "associate"), cast.orchard
        )
    with CaptureQueriesContext(connection) as many:
        browser.get(url)
    assert len(many) == len(few)


def test_an_admin_class_that_writes_past_the_verbs_does_not_start():
    for way in ({"inlines": (object,)}, {"actions": ("x",)}, {"list_editable": ("name",)}):
        careless = type("Careless", (ScopedAdmin,), way)
        with pytest.raises(ImproperlyConfigured, match="past the verbs"):
            careless(Client, desk)


def test_every_model_at_the_desk_states_its_reach_and_is_in_the_access_table():
    for model, admin in desk._registry.items():
        assert model.reach.resource in access.TABLE
        assert admin.get_inlines(None, None) == ()


def test_the_home_page_says_what_to_do_first(cast, page):
    Client.objects.filter(pk=cast.zoes_client.pk).update(status="former")
    home = listed(page(cast.zoe).get("/desk/"))
    assert "Start with the first company you talk to" in home
    assert "Nothing is due" in home


def test_the_agenda_page_shows_and_offers_nothing_to_type(cast, page):
    invitations.invite_member(
        email="x@lantern.test", role="associate", by=make.actor(cast.olu), at=timezone.now()
    )
    entry = AgendaEntry.objects.get()
    answer = page(cast.olu).get(desk.page_of(entry))
    assert fields(answer) == set()
    assert page(cast.olu).post(desk.page_of(entry), {"title": "x"}).status_code == 403
