"""Files of the register over REST: as JSON, as a form and as the file itself; tried dry unless the caller says otherwise."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from assessments.models import Vendor
from tests.assessments import estate
from tests.callers import Form

FILE = "external_id,name\nV-1,Cloudmind\nV-2,Parrot\n"


def test_a_file_is_tried_dry_unless_the_caller_says_otherwise(cast, api):
    said = {"client": str(cast.orchard.pk), "content": FILE}
    tried = api(cast.ada).post("vendors/import/", said).json()
    assert (tried["written"], tried["counts"]["add"], Vendor.objects.count()) == (False, 2, 0)
    taken = api(cast.ada).post("vendors/import/", {**said, "dry_run": False}).json()
    assert [(row["line"], row["action"], row["name"]) for row in taken["rows"]] == [
        (2, "add", "Cloudmind"),
        (3, "add", "Parrot"),
    ]
    assert {row["id"] for row in taken["rows"]} == {str(row.pk) for row in Vendor.objects.all()}


def test_a_form_that_says_nothing_of_a_dry_run_writes_nothing(cast, api):
    def form(**more):
        file = SimpleUploadedFile("vendors.csv", FILE.encode(), "text/csv")
        return Form(client=str(cast.orchard.pk), file=file, **more)

    answer = api(cast.ada).post("vendors/import/", form())
    assert (answer.status_code, answer.json()["written"]) == (200, False)
    assert api(cast.ada).post("vendors/import/", form(dry_run="false")).json()["written"]
    assert Vendor.objects.count() == 2


def csv(cast, api, who, query, body=FILE):
    caller = api(who)
    return caller.browser.generic(
        "POST",
        f"/api/v1/vendors/import/?{query}",
        data=body if isinstance(body, bytes) else body.encode(),
        content_type="text/csv; charset=utf-8",
        headers=caller.headers,
    )


def test_the_file_itself_may_be_the_body(cast, api):
    answer = csv(cast, api, cast.ada, f"client={cast.orchard.pk}&dry_run=false")
    assert (answer.status_code, answer.json()["counts"]["add"]) == (200, 2)
    again = csv(cast, api, cast.ada, f"client={cast.orchard.pk}&dry_run=false")
    assert again.json()["counts"]["same"] == 2
    assert csv(cast, api, cast.ada, f"client={cast.orchard.pk}&colour=red").status_code == 400


def test_a_repeat_under_one_key_takes_the_file_once(cast, api):
    said = {"client": str(cast.orchard.pk), "content": "name\nCloudmind", "dry_run": False}
    first = api(cast.ada).post("vendors/import/", said, Idempotency_Key="once")
    again = api(cast.ada).post("vendors/import/", said, Idempotency_Key="once")
    assert (first.json(), again.headers["Idempotent-Replayed"]) == (again.json(), "true")
    assert Vendor.objects.count() == 1


def test_what_is_wrong_is_told_as_a_problem_and_nothing_is_written(cast, api):
    said = {"client": str(cast.orchard.pk), "content": "name,country\nA,PT\n,PT\nB,Mars\n"}
    answer = api(cast.ada).post("vendors/import/", {**said, "dry_run": False})
    assert (answer.status_code, answer.json()["code"]) == (422, "rows_wrong")
    told = [(row["line"], row["errors"][0]["column"]) for row in answer.json()["rows"]]
    assert (told, Vendor.objects.count()) == ([(3, "name"), (4, "country")], 0)
    partly = api(cast.ada).post("vendors/import/", {**said, "dry_run": False, "partial": True})
    assert (partly.status_code, Vendor.objects.count()) == (200, 1)


@pytest.mark.parametrize("more", [{}, {"content": "name\nA", "colour": "red"}])
def test_neither_nothing_nor_anything_else_is_taken(cast, api, more):
    answer = api(cast.ada).post("vendors/import/", {"client": str(cast.orchard.pk), **more})
    assert answer.status_code == 400


@pytest.mark.parametrize("rows", [1, 3])
def test_a_file_of_many_rows_asks_as_much_as_one_of_few(
    cast, api, rows, django_assert_max_num_queries
):
    estate.vendor(cast.orchard)
    lines = "".join(f"I-{n},2026-01,Cloudmind,{n + 1}\n" for n in range(rows))
    said = {"client": str(cast.orchard.pk), "content": f"external_id,month,vendor,amount\n{lines}"}
    caller = api(cast.ada)
    with django_assert_max_num_queries(26):
        caller.post("spend-lines/import/", {**said, "dry_run": False})
