"""Writing at the desk: each form and each act calls one verb, and what the verb refuses is shown and changes nothing."""

import re

from django.contrib.admin.models import LogEntry
from django.utils import timezone

from practice import clients, invitations, notices
from practice.desk import desk
from practice.models import (
    ApiKey,
    Assignment,
    Client,
    Competitors,
    Event,
    Invitation,
    Notice,
    Seat,
)
from tests import make
from tests.practice.test_desk import fields, listed


def client_form(row: Client, **changes) -> dict:
    return {
        "seen_version": row.version,
        "name": row.name,
        "legal_name": row.legal_name,
        "industry": row.industry,
        "status": row.status,
        "responsible": str(row.responsible_id),
        "country": row.country,
        "time_zone": row.time_zone,
        "currency": row.currency,
        "fiscal_year_start": row.fiscal_year_start,
        "day_rate": row.day_rate or "",
        "po_number": row.po_number,
        **changes,
    }


# Writing goes through the verbs.


def test_adding_a_client_makes_me_responsible_and_is_recorded_once(cast, page):
    browser = page(cast.ada)
    blank = browser.get("/desk/practice/client/add/").context["adminform"].form.initial
    given = client_form(cast.orchard, name="Meadow", day_rate="", po_number="")
    given["responsible"] = str(blank["responsible"])
    answer = browser.post("/desk/practice/client/add/", given)
    meadow = Client.objects.get(name="Meadow")
    assert answer.url == desk.page_of(meadow)
    assert (meadow.responsible, meadow.practice) == (cast.ada, cast.practice)
    event = Event.objects.get(kind="client.added", subject_id=meadow.pk)
    assert (event.source, event.actor_id) == ("desk", cast.ada.pk)
    assert not LogEntry.objects.exists()


def test_only_what_was_changed_is_sent_to_the_verb(cast, page):
    given = client_form(cast.orchard, industry="Fruit")
    answer = page(cast.ada).post(desk.page_of(cast.orchard), given)
    assert answer.status_code == 302
    event = Event.objects.get(kind="client.changed")
    assert (event.before, event.after) == ({"industry": ""}, {"industry": "Fruit"})


def test_a_change_on_top_of_somebody_elses_is_refused(cast, page):
    given = client_form(cast.orchard, industry="Fruit")
    clients.change(cast.orchard, industry="Cider", by=make.actor(cast.olu), at=make.NOW)
    answer = page(cast.ada).post(desk.page_of(cast.orchard), given)
    assert "Somebody changed this in the meantime" in listed(answer)
    cast.orchard.refresh_from_db()
    assert cast.orchard.industry == "Cider"


def test_a_change_that_does_not_say_what_it_saw_is_refused(cast, page):
    given = client_form(cast.orchard, industry="Fruit")
    del given["seen_version"]
    answer = page(cast.ada).post(desk.page_of(cast.orchard), given)
    assert "Somebody changed this" in listed(answer)


def test_a_refusal_stands_on_its_field_and_nothing_is_written(cast, page):
    make.contact(cast.orchard, "Old", "viewer", email="same@orchard.test")
    given = {
        "client": cast.orchard.pk,
        "name": "New",
        "role": "viewer",
        "email": "same@orchard.test",
        "title": "",
    }
    before = Event.objects.count()
    answer = page(cast.ada).post("/desk/practice/contact/add/", given)
    assert answer.context["adminform"].form.errors == {
        "email": ["A contact with this e-mail address is there already."]
    }
    assert Event.objects.count() == before


def test_the_same_name_in_another_practice_is_nobodys_business(cast, page):
    given = {
        "client": cast.orchard.pk,
        "name": "H",
        "role": "viewer",
        "email": "hana@harbour.test",
        "title": "",
    }
    answer = page(cast.ada).post("/desk/practice/contact/add/", given)
    assert answer.status_code == 302


def test_a_refusal_without_a_field_stands_above_the_form(cast, page):
    active = clients.change(cast.orchard, status="active", by=make.actor(cast.olu), at=make.NOW)
    given = client_form(active, status="prospect")
    answer = page(cast.ada).post(desk.page_of(active), given)
    assert "cannot go back from active to prospect" in listed(answer)


def test_a_consultant_may_not_post_where_only_an_owner_may(cast, page):
    given = {"client": cast.orchard.pk, "member": cast.ben.pk, "hat": "", "reason": ""}
    assert page(cast.ada).post("/desk/practice/assignment/add/", given).status_code == 403
    assert page(cast.ada).post(desk.page_of(cast.ben), {"role": "owner"}).status_code == 403


def test_posting_a_field_that_is_not_in_the_form_changes_nothing(cast, page):
    given = {"seen_version": cast.priya.version, "name": "Priya", "email": "priya@orchard.test"}
    given |= {"title": "", "role": "sponsor", "active": "on", "client": str(cast.quarry.pk)}
    assert page(cast.olu).post(desk.page_of(cast.priya), given).status_code == 302
    cast.priya.refresh_from_db()
    assert cast.priya.client == cast.orchard


def test_a_seat_keeps_its_past(cast, page):
    browser = page(cast.ada)
    for holder, day in (("Old", "2026-01-01"), ("New", "2026-02-01")):
        given = {"client": cast.orchard.pk, "hat": "CTO", "status": "filled", "holder": holder}
        given |= {"reports_to": "", "since_on": day}
        assert browser.post("/desk/practice/seat/add/", given).status_code == 302
    shown = browser.get(desk.link(Seat)).context["cl"].result_list
    assert [row.holder for row in shown] == ["New"]
    past = browser.get(desk.link(Seat), {"when": "all"}).context["cl"].result_list
    assert [row.holder for row in past] == ["New", "Old"]


def test_serving_two_competitors_needs_a_reason_which_then_goes_on_record(cast, page):
    browser = page(cast.olu)
    browser.post(
        "/desk/practice/competitors/add/", {"one": cast.orchard.pk, "other": cast.quarry.pk}
    )
    given = {"client": cast.quarry.pk, "member": cast.ada.pk, "hat": "CTO", "reason": ""}
    refused = browser.post("/desk/practice/assignment/add/", given)
    assert "already serves a competitor" in listed(refused)
    browser.post("/desk/practice/assignment/add/", given | {"reason": "Both agreed."})
    made = Assignment.objects.get(client=cast.quarry, member=cast.ada)
    assert (made.conflict, made.conflict_reason) == (True, "Both agreed.")
    assert "Conflicts of interest" in listed(browser.get("/desk/"))


def test_removing_competitors_asks_first_and_names_no_other_rows(cast, page):
    pair = clients.mark_competitors(cast.orchard, cast.quarry, by=make.actor(cast.olu), at=make.NOW)
    browser = page(cast.olu)
    url = desk.page_of(pair).replace("change", "delete")
    assert "Remove “" in listed(browser.get(url))
    assert Competitors.objects.count() == 1
    browser.post(url, {"post": "yes"})
    assert Competitors.objects.count() == 0
    assert not LogEntry.objects.exists()


# Acts.


def test_an_act_is_never_done_by_looking(cast, page):
    contact = make.contact(cast.orchard, "Nina", "viewer", email="nina@orchard.test")
    url = desk.page_of(contact).replace("change", "invite")
    browser = page(cast.ada)
    assert "gets a mail" in listed(browser.get(url))
    assert not Invitation.objects.exists()
    assert browser.post(url).url == desk.page_of(contact)
    assert Invitation.objects.get().contact == contact
    assert browser.get(url.replace(str(contact.pk), str(cast.zoes_contact.pk))).status_code == 404


def test_an_act_the_role_may_not_do_is_not_there(cast, page):
    make.assignment(cast.ben, cast.orchard)
    url = desk.page_of(cast.priya).replace("change", "invite")
    assert page(cast.ben).post(url).status_code == 404
    assert "Invite to the portal" not in listed(page(cast.ben).get(desk.page_of(cast.priya)))


def test_an_act_that_is_refused_says_why(cast, page):
    url = desk.page_of(cast.priya).replace("change", "invite")
    answer = page(cast.ada).post(url, follow=True)
    assert "can sign in already" in listed(answer)


def test_an_owner_invites_and_revokes_a_colleague(cast, page):
    browser = page(cast.olu)
    given = {"email": "new@lantern.test", "name": "New", "role": "associate"}
    browser.post("/desk/practice/invitation/add/", given)
    row = Invitation.objects.get()
    browser.post(desk.page_of(row).replace("change", "revoke"))
    row.refresh_from_db()
    assert row.status == "revoked"


def test_a_new_keys_text_is_shown_once_and_works(cast, page, api):
    browser = page(cast.olu)
    given = {
        "name": "Ledger",
        "scopes": ["read"],
        "client": "",
        "expires_at": "",
    }
    answer = browser.post("/desk/practice/apikey/add/", given)
    text = re.search(r">(rmt_[\w-]+)<", listed(answer))
    assert text is not None
    assert "no-store" in answer["Cache-Control"]
    assert api(text[1]).get("clients/").status_code == 200
    key = ApiKey.objects.get(name="Ledger")
    assert "rmt_" not in listed(browser.get(desk.page_of(key)))
    rotated = browser.post(desk.page_of(key).replace("change", "rotate"), {"grace_hours": "1"})
    assert "rmt_" in listed(rotated)
    browser.post(desk.page_of(key).replace("change", "revoke"))
    key.refresh_from_db()
    assert key.revoked_at is not None


def test_a_dead_notice_is_tried_again_by_the_owner(cast, page):
    invitations.invite_member(
        email="x@lantern.test", role="associate", by=make.actor(cast.olu), at=timezone.now()
    )
    notice = Notice.objects.get()
    Notice.objects.filter(pk=notice.pk).update(status="dead", attempts=notices.ATTEMPTS)
    page(cast.olu).post(desk.page_of(notice).replace("change", "replay"))
    notice.refresh_from_db()
    assert (notice.status, notice.attempts) == ("waiting", 0)


# The practice.


def test_an_owner_changes_the_practice_and_a_consultant_only_looks(cast, page, settings):
    browser = page(cast.olu)
    given = {
        "seen_version": 1,
        "name": "Lantern",
        "colour": "#8a4b08",
        "country": "DE",
        "time_zone": "Europe/Berlin",
        "currency": "EUR",
        **make.policy_answers(api_key_longest_days=30),
    }
    assert browser.post(desk.page_of(cast.practice), given).status_code == 302
    cast.practice.refresh_from_db()
    assert (cast.practice.name, cast.practice.policy) == ("Lantern", {"api_key_longest_days": 30})
    answer = page(cast.ada).get(desk.page_of(cast.practice))
    assert fields(answer) == set()
