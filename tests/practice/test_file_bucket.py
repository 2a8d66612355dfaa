"""Files in an S3-compatible bucket, spoken to by the real client: the same promises as in the folder."""

import subprocess
import sys
from datetime import timedelta

import pytest
from django.core.files.storage import storages
from django.utils import timezone

from practice import file_store
from practice.models import StoredFile
from practice.refusals import Refusal
from tests.ops.serving import REPO, stranger
from tests.practice import bucket_server
from tests.practice.test_file_parts import TEXT, whole
from tests.practice.test_files import PDF, keep

DAY = timedelta(days=1)


@pytest.fixture
def bucket(settings):
    with bucket_server.serving() as serving:
        settings.STORAGES = settings.STORAGES | {"files": serving.settings()}
        yield serving


def test_a_file_goes_into_the_bucket_in_one_request_and_comes_back_in_one(cast, api, bucket):
    stored = keep(cast.orchard, cast.ada)
    assert bucket.objects == {stored.stored_as: PDF}

    answer = api(cast.ada).get(f"files/{stored.pk}/content/")

    assert (answer.status_code, answer.content) == (200, PDF)
    path = f"/{bucket_server.NAME}/{stored.stored_as}"
    assert [(method, told) for method, told, _ in bucket.asked] == [("PUT", path), ("GET", path)]


def test_no_request_opens_an_object_to_others_and_nothing_gives_its_address_away(cast, bucket):
    stored = keep(cast.orchard, cast.ada)
    with file_store.opened(stored):
        pass

    told = {name for _, _, headers in bucket.asked for name in headers}
    assert {name for name in told if "acl" in name or "grant" in name} == set()
    assert [path for _, path, _ in bucket.asked if "Signature" in path] == []
    with pytest.raises(NotImplementedError):
        storages["files"].url(stored.stored_as)


def test_parts_and_large_files_leave_in_pieces(cast, api, bucket):
    stored = keep(cast.orchard, cast.ada, name="a.txt", content=TEXT)
    caller, path = api(cast.ada), f"files/{stored.pk}/content/"

    part = caller.get(path, Range="bytes=700000-999999")

    assert whole(caller.get(path)) == TEXT
    assert (part.status_code, whole(part)) == (206, TEXT[700_000:1_000_000])


@pytest.mark.parametrize("content", [None, b"", PDF[:-1], PDF.replace(b"1 0", b"2 0")])
def test_objects_that_are_gone_or_changed_are_not_given_out(cast, api, bucket, content):
    stored = keep(cast.orchard, cast.ada)
    bucket.objects.pop(stored.stored_as)
    if content is not None:
        bucket.objects[stored.stored_as] = content

    answer = api(cast.ada).get(f"files/{stored.pk}/content/")

    assert (answer.status_code, answer.json()["code"]) == (500, "file_damaged")


@pytest.mark.parametrize("status", [403, 503])
def test_a_bucket_that_refuses_or_is_ill_is_told_as_such_and_leaves_no_row(
    cast, api, bucket, status
):
    stored = keep(cast.orchard, cast.ada)
    bucket.ill = status

    with pytest.raises(Refusal) as refused:
        keep(cast.orchard, cast.ada)
    answer = api(cast.ada).get(f"files/{stored.pk}/content/")

    assert (refused.value.status, refused.value.code) == (503, "files_unavailable")
    assert (answer.status_code, answer.json()["code"]) == (503, "files_unavailable")
    assert StoredFile.objects.count() == 1


def test_what_no_row_names_leaves_the_bucket_a_day_later(cast, bucket):
    kept = keep(cast.orchard, cast.ada)
    lost = file_store.put(PDF)
    now = timezone.now()

    assert (file_store.sweep(now), set(bucket.objects)) == (0, {kept.stored_as, lost})
    assert (file_store.sweep(now + 3 * DAY), set(bucket.objects)) == (1, {kept.stored_as})
    bucket.ill = 503
    assert file_store.sweep(now + 6 * DAY) == 0


# As an installation reads it from its environment.
READ = """
import django
django.setup()
from django.core.files.base import ContentFile
from django.core.files.storage import storages
store = storages["files"]
print(type(store).__name__, store.save("2026/01/02/abc", ContentFile(b"From settings")))
"""


def test_the_settings_alone_lead_to_the_bucket(tmp_path):
    with bucket_server.serving() as bucket:
        environ = stranger(
            REMIT_MODE="embedded", REMIT_VAR=str(tmp_path), PYTHONPATH=str(REPO),
            DJANGO_SETTINGS_MODULE="practice.settings", FILES_S3_BUCKET=bucket_server.NAME,
            FILES_S3_ENDPOINT=bucket.address, FILES_S3_REGION="eu-test-1",
            FILES_S3_ACCESS_KEY="tests-only", FILES_S3_SECRET_KEY="tests-only-secret",
        )  # fmt: skip
        done = subprocess.run(
            [sys.executable, "-c", READ], cwd=REPO, env=environ, capture_output=True, text=True
        )

    assert done.stdout == "Bucket 2026/01/02/abc\n", done.stderr
    assert bucket.objects == {"2026/01/02/abc": b"From settings"}
    assert not (tmp_path / "files").exists()
