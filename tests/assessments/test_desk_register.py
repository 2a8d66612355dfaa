"""Files of the register at the desk: tried, then taken in; and a list given out as it is narrowed."""

import csv
import io

from django.core.files.uploadedfile import SimpleUploadedFile

from assessments.models import Vendor
from tests import make
from tests.assessments import estate

PAGE = "/desk/register/file/"
GOOD = b"external_id,name\nV-1,Cloudmind\nV-2,Parrot\n"


def sent(client, content=None, act="try", kind="vendors", **more):
    file = {"file": SimpleUploadedFile("f.csv", content, "text/csv")} if content else {}
    return {"client": str(client.pk), "kind": kind, "act": act, **file, **more}


def test_a_file_is_tried_and_then_taken_in_without_being_chosen_again(cast, page):
    browser = page(cast.ada)
    tried = browser.post(PAGE, sent(cast.orchard, GOOD))
    assert "New: 2" in tried.content.decode()
    assert Vendor.objects.count() == 0
    packed = tried.context["packed"]
    taken = browser.post(PAGE, sent(cast.orchard, act="take", packed=packed), follow=True)
    assert "Taken in: 2 new, 0 changed, 0 as they were." in taken.content.decode()
    assert Vendor.objects.count() == 2
    again = browser.post(PAGE, sent(cast.orchard, GOOD)).content.decode()
    assert ("Everything in the file is there already." in again, "Take these" in again) == (
        True,
        False,
    )


def test_what_is_wrong_comes_first_and_the_rest_is_taken_only_when_asked(cast, page):
    browser, content = page(cast.ada), b"name,country\nCloudmind,PT\nParrot,Mars\n"
    tried = browser.post(PAGE, sent(cast.orchard, content))
    assert [row["line"] for row in tried.context["tried"]["rows"]] == [3, 2]
    refused = browser.post(PAGE, sent(cast.orchard, content, act="take"))
    assert "none was" in refused.content.decode()
    assert Vendor.objects.count() == 0
    browser.post(PAGE, sent(cast.orchard, content, act="partial"))
    assert [row.name for row in Vendor.objects.all()] == ["Cloudmind"]


def test_what_is_no_such_file_is_said_beside_the_file(cast, page):
    answer = page(cast.ada).post(PAGE, sent(cast.orchard, b"name\nA\x00"))
    assert list(answer.context["form"].errors) == ["file"]
    unpacked = page(cast.ada).post(PAGE, sent(cast.orchard, packed="no such thing"))
    assert list(unpacked.context["form"].errors) == ["file"]


def test_clients_and_kinds_are_those_of_whoever_asks(cast, page):
    make.assignment(cast.ben, cast.orchard)
    form = page(cast.ben).get(PAGE).context["form"]
    assert list(form.fields["client"].queryset) == [cast.orchard]
    assert [kind for kind, _ in form.fields["kind"].choices] == ["systems", "vendors", "contracts"]
    elsewhere = page(cast.ada).post(PAGE, sent(cast.quarry, GOOD))
    assert list(elsewhere.context["form"].errors) == ["client"]
    assert page(cast.fin).get(PAGE).status_code == 403


def names(answer):
    raw = b"".join(answer.streaming_content).decode()
    return [row["name"] for row in csv.DictReader(io.StringIO(raw, newline=""))]


def test_a_list_is_given_out_as_it_is_narrowed(cast, page):
    estate.system(cast.orchard, "Search", in_production=True)
    estate.system(cast.orchard, "Notes")
    estate.system(cast.quarry, "Elsewhere")
    browser = page(cast.ada)
    shown = browser.get("/desk/assessments/system/?q=sear").content.decode()
    link = "/desk/register/export/?q=sear&amp;kind=systems&amp;format=csv"
    assert link in shown
    assert names(browser.get(link.replace("&amp;", "&"))) == ["Search"]
    export = "/desk/register/export/?kind=systems&format=csv"
    assert sorted(names(browser.get(export))) == ["Notes", "Search"]
    assert names(browser.get(f"{export}&in_production__exact=1")) == ["Search"]


def test_only_lists_one_may_look_at_are_given_out(cast, page):
    make.assignment(cast.ben, cast.orchard)
    assert page(cast.ben).get("/desk/register/export/?kind=spend").status_code == 403
    assert page(cast.ada).get("/desk/register/export/?kind=clients").status_code == 404
    assert page(cast.ada).get("/desk/register/export/?name__startswith=S").status_code == 400
