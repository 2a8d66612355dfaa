"""The check that clients are given: what it says of a log that was tampered with, and of one that was not."""

import io
import json
import random
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from deliverables import anchors, bundle, checking, verify_log
from deliverables.models import Opening, SigningKey
from practice import access, guards
from tests.deliverables import sealed, tampering
from tests.engagements import build
from tests.make import NOW

LENGTH = 9
ALL = [tamper for kind in tampering.KINDS.values() for tamper in kind]
BY = access.system


@pytest.fixture
def log(cast):
    made = sealed.log(build.engagement(cast), LENGTH)
    anchors.anchor(made, by=BY(made.practice_id), at=NOW)
    return made


@pytest.fixture
def unguarded(log):
    """The database's own refusals out of the way, as for somebody who owns it."""
    connection.check_constraints()
    guards.lift(connection)
    yield log
    connection.check_constraints()
    guards.install(connection)


def report(log, **outside):
    """Of the log as it is taken away, through the text that it travels as."""
    said = json.loads(json.dumps(sealed.taken_away(log)))
    return verify_log.check(said, **outside)


def head(log):
    return (log.length, log.head)


@pytest.mark.parametrize("tamper", ALL, ids=lambda tamper: tamper.__name__)
def test_every_way_to_tamper_is_found_against_the_last_head(unguarded, tamper):
    kept = [head(unguarded)]
    expected = tamper(unguarded, random.Random(5))
    found = report(unguarded, kept=kept)
    assert found.status == verify_log.TAMPERED
    assert [fault for fault in found.faults if fault.startswith(expected)] != [], found.faults
    assert checking.check(unguarded, at=NOW, kept=kept).status == verify_log.TAMPERED


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("tamper", [tampering.edit_text, tampering.swap, tampering.delete_middle])
def test_it_says_which_entry_and_accuses_no_other(unguarded, tamper, seed):
    expected = tamper(unguarded, random.Random(seed))
    assert [fault for fault in report(unguarded).faults if not fault.startswith(expected)] == []


def test_a_log_that_was_written_anew_is_consistent_in_itself_and_only_a_head_tells(unguarded):
    kept = [head(unguarded)]
    tampering.delete_tail(unguarded, random.Random(1))
    assert report(unguarded).faults == []
    assert report(unguarded).status == verify_log.CONSISTENT
    assert report(unguarded, kept=kept).status == verify_log.TAMPERED


def test_heads_narrow_down_where_a_log_was_written_anew(cast):
    log = sealed.log(build.engagement(cast), 4)
    kept = [head(log)]
    sealed.entry(log.engagement, 5)
    sealed.entry(log.engagement, 6)
    log.refresh_from_db()
    kept.append(head(log))
    connection.check_constraints()
    guards.lift(connection)
    entry = tampering.rows(log).get(number=5)
    tampering._set(entry, body=entry.body.replace("DR-10", "DR-11"))
    tampering._rechain(log, random.Random(0))
    connection.check_constraints()
    guards.install(connection)
    assert report(log, kept=kept).faults == [
        "entry 6 is not what the head you kept says: entries 5 to 6 were written anew in whole or in part."
    ]


def test_signed_heads_attest_to_the_log_and_newer_entries_are_named(log):
    sealed.entry(log.engagement, LENGTH + 1)
    found = report(log)
    key = SigningKey.objects.get().public_key
    assert (found.status, found.attested) == (verify_log.INTACT, LENGTH)
    assert found.notes == [
        f"heads are signed with the practice's key {key} (compare it with the one you were told: --key).",
        "entry 10 was written after the last head; the next will attest to that.",
    ]


def test_a_key_that_the_reader_does_not_trust_attests_to_nothing(log):
    key = SigningKey.objects.get().public_key
    assert report(log, trusted=[key]).status == verify_log.INTACT
    assert report(log, trusted=["00" * 32]).status == verify_log.CONSISTENT


def test_a_forged_signature_is_found(log):
    said = sealed.taken_away(log)
    said["heads"][0]["signature"] = "00" * 64
    assert verify_log.check(said).status == verify_log.TAMPERED


def test_withheld_entries_are_checked_by_their_hashes(log):
    said = sealed.taken_away(log)
    for entry in said["entries"][2:5]:
        entry.update(text=None, openings={})
    found = verify_log.check(said)
    assert (found.status, found.withheld) == (verify_log.INTACT, 3)
    said["entries"][3]["body"] = "00" * 32
    assert verify_log.check(said).status == verify_log.TAMPERED


def test_a_text_that_is_none_is_a_fault_also_where_all_hashes_fit_it(unguarded):
    entry = tampering.rows(unguarded).get(number=4)
    for body in ("no json", '{"b": 1}', "[]", "{}"):
        tampering._set(entry, body=body)
        tampering._rechain(unguarded, random.Random(0))
        expected = "entry 4: it was edited: its text is not in the form of a sealed one."
        assert report(unguarded).faults[0] == expected
        assert command("--all")[0] == 1


def test_a_value_that_is_no_longer_json_is_a_fault_and_stops_no_check(unguarded):
    Opening.objects.filter(entry__number=2, name="reason").update(value="Never said.")
    assert report(unguarded).faults == ["entry 2: its value 'reason' was edited."]


def test_a_head_that_was_edited_is_found(log):
    for text in ("no json", "{}", "[]"):
        said = sealed.taken_away(log)
        said["heads"][0]["text"] = text
        assert verify_log.check(said).faults == [
            "a head that came with it was edited, or is of another log or key."
        ]


@pytest.mark.parametrize(
    "broken",
    [{}, {"format": "remit-bundle/1"}, {"format": "remit-bundle/1", "log": 1, "entries": [7]}],
)
def test_what_is_no_log_is_said_to_be_none(broken):
    with pytest.raises(verify_log.Unreadable):
        verify_log.check(broken)


# In a Python of its own, with nothing installed.


@pytest.fixture
def unpacked(log, tmp_path) -> Path:
    packed = bundle.packed(log, by=BY(log.practice_id), at=NOW)
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        assert archive.namelist() == ["README.txt", "log.json", "verify_log.py"]
        archive.extractall(tmp_path)
    (tmp_path / "bundle.zip").write_bytes(packed)
    return tmp_path


def alone(folder: Path, *arguments: str) -> tuple[int, str]:
    command = [sys.executable, "-I", "-S", str(folder / "verify_log.py"), *arguments]
    done = subprocess.run(command, cwd=folder, env={}, capture_output=True, text=True)
    return done.returncode, done.stdout + done.stderr


def test_alone_and_without_a_head_it_says_consistent_only(log, unpacked):
    code, said = alone(unpacked)
    assert code == 2
    assert "INTERNALLY CONSISTENT ONLY" in said
    assert "1 signed head came with it; the package cryptography is not installed" in said


@pytest.mark.parametrize("what", ["log.json", "bundle.zip", "."])
def test_alone_with_a_head_that_was_kept_it_says_intact(log, unpacked, what):
    code, said = alone(unpacked, what, "--head", f"{log.length}:{log.head}")
    assert (code, f"INTACT up to entry {LENGTH}." in said) == (0, True)


def test_alone_it_names_what_was_edited(log, unpacked):
    file = unpacked / "log.json"
    file.write_text(file.read_text().replace("Because of 4.", "Because I say so."))
    code, said = alone(unpacked)
    assert code == 1
    assert "FAULT: entry 4: its value 'reason' was edited." in said
    assert "TAMPERED WITH" in said


@pytest.mark.parametrize(
    "arguments", [("--head", "7"), ("nowhere.json",), ("README.txt",), ("--what",)]
)
def test_alone_it_tells_misuse_from_what_it_says_of_a_log(unpacked, arguments):
    code, said = alone(unpacked, *arguments)
    assert code == 3
    assert "Traceback" not in said


def test_the_readme_says_which_head_to_keep(log, unpacked):
    said = (unpacked / "README.txt").read_text()
    assert f"    --head {log.length}:{log.head}\n" in said
    assert SigningKey.objects.get().public_key in said


# In place.


def command(*arguments: str) -> tuple[int, str]:
    out = io.StringIO()
    try:
        call_command("verify_log", *arguments, stdout=out)
    except SystemExit as end:
        return int(end.code or 0), out.getvalue()
    return 0, out.getvalue()


def test_the_command_checks_one_log_or_all(cast, log):
    other = sealed.log(build.engagement(cast, client=cast.quarry, lead=cast.olu), 1)
    code, said = command("--engagement", str(log.engagement_id))
    assert (code, "INTACT up to entry 9." in said) == (0, True)
    code, said = command("--all")
    assert (code, said.count("Log "), "INTERNALLY CONSISTENT ONLY" in said) == (2, 2, True)
    with transaction.atomic():
        anchors.publish(other.practice_id, BY(other.practice_id), NOW)
    assert command("--all")[0] == 0


def test_the_command_compares_with_a_head_that_was_kept(log):
    wrong = f"{LENGTH}:{'0' * 64}"
    assert command("--engagement", str(log.engagement_id), "--head", wrong)[0] == 1
    with pytest.raises(CommandError):
        call_command("verify_log", "--all", "--head", wrong)
    with pytest.raises(CommandError):
        call_command("verify_log", "--engagement", str(log.pk))


def test_the_command_finds_what_only_the_database_shows(unguarded):
    entry = tampering.rows(unguarded).get(number=3)
    tampering._set(entry, kind="decision.rejected")
    code, said = command("--all")
    assert code == 1
    assert "FAULT: entry 3: its columns were edited" in said
