"""A client's AI register behind a link: who makes one, how it ends, and what somebody without an account reads there."""

import csv
import datetime
import io
import re

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext

from assessments import classifying, incidents, register_public, register_sharing, systems
from assessments.models import RegisterShare
from practice import keys, shared_links
from practice.desk import desk
from practice.models import Client, Event
from practice.refusals import Invalid, NotAllowed, NotFound
from tests import make
from tests.assessments import estate
from tests.make import NOW

DAY = datetime.timedelta(days=1)
FAR = datetime.timedelta(days=36_500)
HIRING = {"AI-ACT-ROLES": ["deployer"], "AI-ACT-AREAS": ["employment"]}


def shared(client, by, **says):
    told = {"recipient": "Nora Feld, Feld Audit", "at": NOW, **says}
    link, address = register_sharing.share(client, by=make.actor(by), **told)
    return link, address.removesuffix("/").rpartition("/")[2]


def lasting(client, by):
    """One that lives whatever the clock says."""
    link, token = shared(client, by)
    RegisterShare.objects.filter(pk=link.pk).update(expires_at=NOW + FAR)
    return link, f"/registers/{token}/"


def classified(client, name="Screening", **details):
    row = estate.system(client, name, **details)
    return classifying.classify(row, answers=HIRING, note="INNER", **estate.acts(client))


def text(answer) -> str:
    return answer.content.decode()


def table(answer) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text(answer))))


def test_only_the_hash_of_a_token_is_kept_and_it_ends_in_a_fortnight(cast):
    link, token = shared(cast.orchard, cast.ada)
    assert (link.token_hash, len(token)) == (keys.digest(token), 43)
    assert (link.expires_at, link.made_by) == (NOW + 14 * DAY, cast.ada)
    assert register_sharing.find(token, at=NOW).pk == link.pk
    event = Event.objects.get(kind="register_share.made")
    assert token not in str(event.after)
    assert (event.after["recipient"], "token_hash" in event.after) == ("(personal)", False)


@pytest.mark.parametrize(
    "says",
    [{"expires_at": NOW}, {"expires_at": NOW + 91 * DAY}, {"recipient": " "}],
    ids=["past", "too long", "nobody"],
)
def test_a_link_says_for_whom_it_is_and_ends_within_ninety_days(cast, says):
    with pytest.raises(Invalid):
        shared(cast.orchard, cast.ada, **says)


def test_who_may_not_share_makes_no_link(cast):
    for nobody in (cast.ben, cast.fin, cast.priya):
        with pytest.raises(NotAllowed):
            shared(cast.orchard, nobody)
    with pytest.raises(NotFound):
        shared(cast.orchard, cast.zoe)


def test_so_many_links_of_one_client_are_open_at_a_time(cast, monkeypatch):
    monkeypatch.setattr(shared_links, "MOST_OPEN", 1)
    first, _ = shared(cast.orchard, cast.ada)
    shared(cast.quarry, cast.olu)
    with pytest.raises(register_sharing.TooManyLinks):
        shared(cast.orchard, cast.ada)
    shared_links.revoke(first, by=make.actor(cast.ada), at=NOW)
    shared(cast.orchard, cast.ada)


def test_a_client_that_left_ends_its_links_and_gets_no_new_one(cast):
    _, address = lasting(cast.orchard, cast.ada)
    Client.objects.filter(pk=cast.orchard.pk).update(status="former")
    assert Browser().get(address).status_code == 404
    with pytest.raises(register_sharing.NobodyKeepsIt):
        shared(cast.orchard, cast.ada)


def test_every_link_that_does_not_work_answers_one_and_the_same(cast):
    browser, told = Browser(), set()
    _, ended = shared(cast.orchard, cast.ada, at=NOW - 100 * DAY)
    revoked, address = lasting(cast.orchard, cast.ada)
    by = make.actor(cast.olu)
    shared_links.revoke(revoked, by=by, at=NOW)
    assert shared_links.revoke(revoked, by=by, at=NOW).version == 2
    for path in (f"/registers/{ended}/", address, f"/registers/{'x' * 43}/"):
        for below in ("", "file/"):
            answer = browser.get(path + below)
            told.add((answer.status_code, answer.content, answer["Cache-Control"]))
    assert {(status, kept) for status, _, kept in told} == {(404, "private, no-store")}
    assert len(told) == 1


def test_asking_too_often_is_refused_before_the_address_is_looked_at(cast, settings):
    settings.API_RATE_PER_MINUTE = 2
    _, address = lasting(cast.orchard, cast.ada)
    browser = Browser()
    said = [browser.get(path).status_code for path in ("/registers/a/", "/registers/b/", address)]
    assert said == [404, 404, 429]


def test_the_page_tells_of_each_system_who_answers_its_class_why_and_what_applies_when(cast):
    vendor = estate.vendor(cast.orchard)
    row = classified(cast.orchard, vendor=vendor, ai_model="Large 4", owner_name="Otto").system
    systems.name_risk_owner(row, contact=cast.priya, **estate.acts(cast.orchard))
    estate.system(cast.orchard, "Minutes", kind="shadow")
    estate.system(cast.quarry, "Elsewhere")
    _, address = lasting(cast.orchard, cast.ada)
    answer = Browser().get(address)
    page = text(answer)
    told = [
        (one.system.name, one.owner, one.risk_owner, one.vendor, len(one.rows) > 0)
        for one in answer.context["entries"]
    ]
    assert told == [
        ("Minutes", "", "", "", False),
        ("Screening", "Otto", "Priya", "Cloudmind", True),
    ]
    for words in ("Large 4", "High risk", "Annex III", "Not classified yet", "Nora Feld"):
        assert words in page
    assert page.count("Orientation, not legal advice.") == 2
    assert ("Elsewhere" in page, "<script" in page) == (False, False)


def test_the_answer_is_told_to_nobody_else_and_kept_nowhere(cast):
    _, address = lasting(cast.orchard, cast.ada)
    for path in (address, f"{address}file/"):
        answer = Browser().get(path)
        assert answer["Cache-Control"] == "private, no-store"
        assert answer["Referrer-Policy"] == "no-referrer"
        assert answer["X-Robots-Tag"] == "noindex, nofollow"
        assert not answer.cookies


def test_what_the_practice_keeps_and_what_it_costs_is_on_neither_page_nor_file(cast):
    vendor = estate.vendor(cast.orchard, note="INNER")
    row = classified(cast.orchard, vendor=vendor).system
    estate.line(cast.orchard, 14, "71234.56", vendor=vendor)
    said = {"title": "Wrong sums", "severity": "high", "what_happened": "It made them up."}
    incidents.add(row, **said, **estate.acts(cast.orchard))
    _, address = lasting(cast.orchard, cast.ada)
    for path in (address, f"{address}file/"):
        told = text(Browser().get(path))
        hidden = ("INNER", "71,234.56", "71234.56", "Wrong sums", "made them up")
        assert [word for word in hidden if word in told] == []


def test_what_open_questions_could_change_says_to_ask_counsel(cast):
    row = classified(cast.orchard)
    assert row.provisional
    _, address = lasting(cast.orchard, cast.ada)
    assert text(Browser().get(address)).count("Ask counsel") >= 2
    assert table(Browser().get(f"{address}file/"))[1][10] == "High risk: ask counsel"


def test_the_file_has_the_systems_of_the_page_and_no_cell_that_a_spreadsheet_runs(cast):
    classified(cast.orchard, "=HYPERLINK(1)", ai_model="@SUM(1)")
    estate.system(cast.orchard, "Minutes", kind="shadow")
    _, address = lasting(cast.orchard, cast.ada)
    answer = Browser().get(f"{address}file/")
    heads, first, second = table(answer)
    assert answer["Content-Disposition"] == 'attachment; filename="ai-register.csv"'
    assert (heads[0], heads[10]) == ("System", "Class (Orientation, not legal advice)")
    assert (first[0], first[7], first[10][:9]) == ("'=HYPERLINK(1)", "'@SUM(1)", "High risk")
    assert (second[0], second[10:]) == ("Minutes", ["Not classified yet", "", "", "", ""])


def test_what_is_retired_comes_last_and_owes_nothing(cast):
    row = classified(cast.orchard, "Archive").system
    systems.move(row, to="retired", **estate.acts(cast.orchard))
    estate.system(cast.orchard, "Minutes")
    _, address = lasting(cast.orchard, cast.ada)
    found = Browser().get(address).context["entries"]
    assert [(one.system.name, one.rows) for one in found] == [("Minutes", []), ("Archive", [])]


def test_a_long_register_says_that_the_file_has_all_of_it(cast, monkeypatch):
    monkeypatch.setattr(register_public, "SHOWN", 1)
    estate.system(cast.orchard, "Letters")
    estate.system(cast.orchard, "Minutes")
    _, address = lasting(cast.orchard, cast.ada)
    page = text(Browser().get(address))
    assert ("The first 1 by name" in page, "Minutes" in page) == (True, False)
    assert [row[0] for row in table(Browser().get(f"{address}file/"))[1:]] == ["Letters", "Minutes"]


def test_each_look_is_counted_and_taking_the_file_is_not_another_one(cast):
    link, address = lasting(cast.orchard, cast.ada)
    browser = Browser()
    for path in ("", "", "file/"):
        browser.get(address + path)
    browser.head(address)
    link.refresh_from_db()
    assert (link.views, link.last_viewed_at is not None) == (2, True)
    assert Event.objects.filter(kind="register_share.viewed", subject_id=link.pk).count() == 2


def test_nothing_but_looking_is_done_there(cast):
    _, address = lasting(cast.orchard, cast.ada)
    for method in ("post", "put", "patch", "delete", "options"):
        assert getattr(Browser(), method)(address).status_code == 405


def test_three_systems_are_asked_for_as_one_is(cast):
    _, address = lasting(cast.orchard, cast.ada)
    browser, asked = Browser(), []
    for number in range(3):
        vendor = estate.vendor(cast.orchard, f"V{number}")
        row = classified(cast.orchard, f"S{number}", vendor=vendor).system
        systems.name_risk_owner(row, contact=cast.priya, **estate.acts(cast.orchard))
        with CaptureQueriesContext(connection) as queries:
            browser.get(address)
        asked.append(len(queries))
    assert asked[0] == asked[2]


def test_at_the_desk_the_address_is_shown_once_and_works_until_it_is_revoked(cast, page):
    ada = page(cast.ada)
    added = "/desk/assessments/registershare/add/"
    answer = ada.post(added, {"client": str(cast.orchard.pk), "recipient": "Nora Feld"})
    address = re.search(r"/registers/[\w-]{43}/", text(answer))[0]
    assert "no-store" in answer["Cache-Control"]
    assert Browser().get(address).status_code == 200
    link = RegisterShare.objects.get()
    listed = text(ada.get(desk.link(RegisterShare)))
    of_client = text(ada.get(desk.page_of(cast.orchard)))
    for shown in (listed, of_client, text(ada.get(desk.page_of(link)))):
        assert ("Nora Feld" in shown, address in shown) == (True, False)
    assert ada.post(desk.page_of(link).replace("change/", "revoke/")).status_code == 302
    assert Browser().get(address).status_code == 404


def test_a_link_that_would_last_too_long_says_so_on_its_field(cast, page):
    said = {
        "client": str(cast.orchard.pk),
        "recipient": "Nora",
        "expires_at_0": "2099-01-01",
        "expires_at_1": "00:00",
        "expires_at": "2099-01-01T00:00",
    }
    answer = page(cast.ada).post("/desk/assessments/registershare/add/", said)
    assert "within 90 days" in text(answer)


def test_over_the_api_a_link_is_made_listed_and_revoked(cast, api):
    ada, said = api(cast.ada), {"client": str(cast.orchard.pk), "recipient": "Nora Feld"}
    made = ada.post("register-shares/", said)
    assert (made.status_code, "/registers/" in made.json()["secret"]) == (201, True)
    row = ada.get("register-shares/").json()["results"][0]
    assert (row["recipient"], row["views"], row["client_name"]) == ("Nora Feld", 0, "Orchard")
    assert ("secret" in row, "token_hash" in row) == (False, False)
    revoked = ada.post(f"register-shares/{row['id']}/revoke/")
    assert (revoked.status_code, revoked.json()["revoked_at"] is not None) == (200, True)
    assert api(cast.ben).get(f"register-shares/{row['id']}/").status_code == 404


@pytest.mark.parametrize("door", ["api", "desk"])
def test_three_links_are_listed_as_one_is(cast, api, page, door):
    ask = {
        "api": lambda: api(cast.ada).get("register-shares/"),
        "desk": lambda: page(cast.ada).get(desk.link(RegisterShare)),
    }[door]
    asked = []
    for _ in range(3):
        shared(cast.orchard, cast.ada)
        ask()
        with CaptureQueriesContext(connection) as queries:
            ask()
        asked.append(len(queries))
    assert asked[0] == asked[2]
