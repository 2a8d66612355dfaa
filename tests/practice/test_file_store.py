"""Bytes are there before their row, given back only as they were handed in, and gone a day after nobody named them."""

import datetime
import hashlib
import os
import subprocess
import sys
from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from practice import clockwork, file_store
from practice.models import Pulse, StoredFile
from practice.refusals import Refusal
from tests.ops.serving import REPO, stranger
from tests.practice.test_files import PDF, keep

DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path):
    """The sweep looks at all there is: nothing of other tests."""
    folder = {"OPTIONS": {"location": str(tmp_path / "files")}}
    settings.STORAGES = settings.STORAGES | {"files": settings.STORAGES["files"] | folder}


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "files"


def there(folder) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


def rolled_back(cast) -> None:
    with transaction.atomic():
        keep(cast.orchard, cast.ada)
        raise ZeroDivisionError


def test_two_files_of_the_same_bytes_have_names_that_tell_nothing(cast, folder):
    one, two = keep(cast.orchard, cast.ada), keep(cast.orchard, cast.ada)

    assert there(folder) == {one.stored_as, two.stored_as}
    assert one.stored_as != two.stored_as
    for name in (one.stored_as, two.stored_as):
        assert "contract" not in name
        assert str(cast.orchard.pk) not in name
        assert one.sha256 not in name


@pytest.mark.parametrize(
    ("harm", "how"),
    [
        (lambda path: path.unlink(), "missing"),
        (lambda path: path.write_bytes(b""), "changed"),
        (lambda path: path.write_bytes(PDF[:-1]), "changed"),
        (lambda path: path.write_bytes(PDF + b"\n"), "changed"),
        (lambda path: path.write_bytes(PDF.replace(b"1 0", b"2 0")), "changed"),
    ],
)
def test_bytes_that_are_not_those_handed_in_are_a_problem_and_never_given_out(
    cast, api, folder, harm, how, caplog
):
    stored = keep(cast.orchard, cast.ada)
    harm(folder / stored.stored_as)

    for more in ({}, {"Range": "bytes=0-3"}):
        answer = api(cast.ada).get(f"files/{stored.pk}/content/", **more)
        assert (answer.status_code, answer.json()["code"]) == (500, "file_damaged")
        assert b"%PDF" not in answer.content
        assert stored.stored_as not in answer.content.decode()
    logged = [record.msg for record in caplog.records if record.name == "practice.file_store"]
    assert {(line["event"], line["file"], line["how"]) for line in logged} == {
        ("file_damaged", str(stored.pk), how)
    }


def test_a_store_that_cannot_be_written_refuses_and_leaves_no_row(cast, folder):
    folder.write_text("a file where the folder should be")

    with pytest.raises(Refusal) as refused:
        keep(cast.orchard, cast.ada)

    assert (refused.value.status, refused.value.code) == (503, "files_unavailable")
    assert StoredFile.objects.count() == 0


def test_what_no_row_names_is_removed_a_day_later_and_nothing_else(cast, folder):
    kept = keep(cast.orchard, cast.ada)
    with pytest.raises(ZeroDivisionError):
        rolled_back(cast)
    (lost,) = there(folder) - {kept.stored_as}
    now = timezone.now()

    assert file_store.sweep(now) == 0
    assert file_store.sweep(now + DAY) == 0
    assert there(folder) == {kept.stored_as, lost}
    # Its day is over for a whole day, whenever in the day this test runs.
    assert file_store.sweep(now + 3 * DAY) == 1
    assert there(folder) == {kept.stored_as}


def test_a_tick_sweeps_once_a_day_whoever_ticks(cast, folder):
    with pytest.raises(ZeroDivisionError):
        rolled_back(cast)
    at = timezone.now() + 3 * DAY
    Pulse.objects.create(name=file_store.PULSE, at=at - DAY + timedelta(minutes=1))

    clockwork.tick(at=at)
    assert len(there(folder)) == 1
    clockwork.tick(at=at + timedelta(minutes=1))
    assert there(folder) == set()
    assert Pulse.objects.get(name=file_store.PULSE).at == at + timedelta(minutes=1)


def test_the_age_of_a_file_is_that_of_its_name_and_not_of_its_copy(cast, folder):
    with pytest.raises(ZeroDivisionError):
        rolled_back(cast)
    (lost,) = there(folder)
    long_ago = datetime.datetime(2001, 1, 1, tzinfo=datetime.UTC).timestamp()
    os.utime(folder / lost, (long_ago, long_ago))

    assert file_store.sweep(timezone.now()) == 0
    assert there(folder) == {lost}


def test_a_folder_of_another_database_is_left_alone(cast, folder, caplog):
    for _ in range(file_store.MOST_WITHOUT_ROWS + 1):
        file_store.put(PDF)

    assert file_store.sweep(timezone.now() + 3 * DAY) == 0

    assert len(there(folder)) == file_store.MOST_WITHOUT_ROWS + 1
    (line,) = [r.msg for r in caplog.records if r.name == "practice.file_store"]
    assert (line["event"], line["without_row"], line["with_row"]) == ("sweep_refused", 21, 0)


def test_a_sweep_that_cannot_look_costs_a_day_and_no_tick(cast, folder):
    folder.write_text("a file where the folder should be")

    assert clockwork.tick(at=timezone.now() + 3 * DAY)["due"] == 0


# In a process of its own, on an installation of its own: the bytes are written, and the power fails.
KILLED = """
import os, signal, sys
import django
django.setup()
from django.core.management import call_command
from django.db import transaction
from practice import file_store, files
from practice.models import Client, StoredFile
from tests import cast, make
call_command("migrate", verbosity=0)
people = cast.build()
text = b"Kept before the power failed."
files.keep(people.orchard, name="kept.txt", content=text, by=make.actor(people.ada), at=make.NOW)
with transaction.atomic():
    files.keep(people.orchard, name="lost.txt", content=b"Lost", by=make.actor(people.ada), at=make.NOW)
    assert StoredFile.objects.count() == 2
    os.kill(os.getpid(), signal.SIGKILL)
"""
AFTERWARDS = """
import datetime
import django
django.setup()
from django.utils import timezone
from practice import file_store
from practice.models import StoredFile
(row,) = StoredFile.objects.all()
with file_store.opened(row) as file:
    assert file.read() == b"Kept before the power failed."
print(file_store.sweep(timezone.now() + datetime.timedelta(days=3)))
"""


def test_a_process_that_dies_between_bytes_and_commit_leaves_no_row_and_the_sweep_takes_the_bytes(
    tmp_path,
):
    environ = stranger(
        REMIT_VAR=str(tmp_path / "var"), REMIT_MODE="embedded", PYTHONPATH=str(REPO),
        DJANGO_SETTINGS_MODULE="practice.settings",
    )  # fmt: skip

    def run(code: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-c", code]
        return subprocess.run(command, cwd=REPO, env=environ, capture_output=True, text=True)

    killed = run(KILLED)
    folder = tmp_path / "var" / "files"
    assert killed.returncode == -9, killed.stderr
    assert len(there(folder)) == 2
    afterwards = run(AFTERWARDS)

    assert afterwards.stdout.strip().splitlines()[-1:] == ["1"], afterwards.stderr
    (left,) = there(folder)
    kept = hashlib.sha256(b"Kept before the power failed.").hexdigest()
    assert hashlib.sha256((folder / left).read_bytes()).hexdigest() == kept
