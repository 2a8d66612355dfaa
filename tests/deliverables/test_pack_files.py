"""A pack as an archive: what is in it, what never is, that it comes out the same twice, and that its sums hold."""

import datetime
import hashlib
import io
import json
import subprocess
import sys
import zipfile

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.db import connection
from django.utils import timezone

from deliverables import (
    accepting,
    commenting,
    pack_files,
    packs,
    releasing,
    reviewing,
    writing,
)
from deliverables.models import Deliverable, DeliverableVersion, Release
from practice import files, guards
from practice.models import Member
from tests import make
from tests.deliverables import logged, owing
from tests.engagements import build
from tests.make import NOW

LATER = NOW + datetime.timedelta(hours=1, seconds=1)
PDF = b"%PDF-1.4\n1 0 obj\n<< >>\nendobj\ntrailer\n<< >>\n%%EOF\n"
HOSTILE = "../../etc/passwd\u202e <script>alert(1)</script> \U0001f600 \"'&\r\n0  x"


@pytest.fixture
def engagement(cast):
    return build.engagement(cast)


def packed(pack):
    into = io.BytesIO()
    pack_files.write(pack, into)
    return into.getvalue()


def opened(raw):
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        assert archive.testzip() is None
        return {entry.filename: archive.read(entry) for entry in archive.infolist()}


def own(engagement, by, *codes, title="Evidence"):
    return packs.make(engagement, title=title, pieces=codes, by=make.actor(by), at=NOW)


def file_of(cast, engagement, *, name="Map of it.pdf", code="DV-05", content=PDF):
    """A deliverable that is a file, released to Priya."""
    ada, row = make.actor(cast.ada), owing.planned(engagement, cast.ada, code=code)
    version = writing.upload(row, name=name, content=content, by=ada, at=NOW)
    writing.submit(version, by=ada, at=NOW)
    reviewing.pass_on(row, by=make.actor(cast.olu), at=NOW)
    row.refresh_from_db()
    return releasing.release(row, to=[cast.priya], by=ada, at=NOW)


@pytest.fixture
def full(cast, engagement):
    """A text and a file accepted, one still open, and two decisions about the text, one of them not for the client."""
    logged.charter(cast, engagement)
    text = owing.accepted(cast, owing.released(cast, engagement, code="DV-01", text="# Map\n"))
    about = [{"kind": "deliverable", "id": text.deliverable_id}]
    logged.decision(engagement, cast.ada, links=about, client_sees=True)
    logged.decision(engagement, cast.ada, links=about, question="Not theirs?", client_sees=False)
    logged.decision(engagement, cast.ada, question="About nothing?", client_sees=True)
    owing.accepted(cast, file_of(cast, engagement), at=LATER)
    owing.released(cast, engagement, code="DV-06", text="# Waits\n")
    return own(engagement, cast.ada, "DV-05", "DV-01", "DV-06", "DV-02")


def test_the_archive_holds_what_was_accepted_in_reading_order(full):
    raw = packed(full)
    found = opened(raw)
    assert list(found) == [
        "index.html",
        "files/01-dv-05-ai-capability-map-v1.pdf",
        "files/02-dv-01-technology-roadmap-v1.md",
        "receipts/01-dv-05-ai-capability-map-receipt.json",
        "receipts/01-dv-05-ai-capability-map-receipt.pdf",
        "receipts/02-dv-01-technology-roadmap-receipt.json",
        "receipts/02-dv-01-technology-roadmap-receipt.pdf",
        "decisions/decisions.md",
        "decisions/decisions.json",
        "decisions/log.json",
        "decisions/verify_log.py",
        "manifest.json",
        "manifest.sha256",
    ]
    assert found["files/01-dv-05-ai-capability-map-v1.pdf"] == PDF
    assert found["files/02-dv-01-technology-roadmap-v1.md"] == b"# Map\n"
    manifest = json.loads(found["manifest.json"])
    assert [one["code"] for one in manifest["accepted"]] == ["DV-05", "DV-01"]
    assert [one["code"] for one in manifest["missing"]] == ["DV-06", "DV-02"]
    assert manifest["complete"] is False
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        told = {(e.date_time, e.external_attr, e.compress_type) for e in archive.infolist()}
    assert told == {((2026, 3, 2, 10, 0, 0), 0o100644 << 16, zipfile.ZIP_STORED)}


def test_two_exports_are_the_same_to_the_byte_whoever_packs_wherever(full, cast):
    first = packed(full)
    row = Deliverable.objects.get(code="DV-06")
    with timezone.override("Asia/Tokyo"):
        told = {"body": "Meanwhile.", "internal": True}
        commenting.comment(row, by=make.actor(cast.ada), at=LATER, **told)
        again = packed(type(full).objects.get(pk=full.pk))
    assert hashlib.sha256(first).hexdigest() == hashlib.sha256(again).hexdigest()


def test_what_is_logged_and_written_later_changes_nothing(full, cast, engagement):
    first = packed(full)
    logged.decision(engagement, cast.ada, question="Later?", client_sees=True)
    writing.begin(
        Deliverable.objects.get(code="DV-01"), text="Newer.", by=make.actor(cast.ada), at=LATER
    )
    assert packed(full) == first


def test_sha256sum_finds_every_file_as_the_manifest_says(full, tmp_path):
    found = opened(packed(full))
    for name, told in found.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(told)

    checked = subprocess.run(
        ["sha256sum", "-c", "--strict", "manifest.sha256"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )

    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert checked.stdout.splitlines() == [f"{n}: OK" for n in found if n != "manifest.sha256"]
    (tmp_path / "index.html").write_text("Something else.")
    again = subprocess.run(
        ["sha256sum", "-c", "manifest.sha256"], cwd=tmp_path, capture_output=True, check=False
    )
    assert again.returncode == 1


def test_the_decisions_in_it_are_those_about_it_that_the_client_reads(full):
    found = opened(packed(full))
    told = json.loads(found["decisions/decisions.json"])["decisions"]
    assert [one["question"] for one in told] == ["Which gateway do we use?"]
    assert [link["title"] for link in told[0]["links"]] == ["Technology roadmap"]
    for name, text in found.items():
        assert b"Not theirs?" not in text, name
        assert b"About nothing?" not in text, name


def test_the_log_in_it_is_checked_by_the_program_that_comes_along(full, tmp_path):
    found = opened(packed(full))
    head = json.loads(found["manifest.json"])["log_head"]
    for name in ("log.json", "verify_log.py"):
        (tmp_path / name).write_bytes(found[f"decisions/{name}"])

    def verified(head):
        command = [sys.executable, "verify_log.py", "log.json", "--head", head]
        return subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)

    good = verified(head)
    assert (good.returncode, "INTACT" in good.stdout) == (0, True), good.stdout
    entries = json.loads(found["decisions/log.json"])["entries"]
    assert [entry["text"] is not None for entry in entries].count(True) == 1
    seq = head.partition(":")[0]
    assert verified(f"{seq}:{'0' * 64}").returncode == 1


def test_a_receipt_is_verified_by_its_signature_and_names_what_was_accepted(full):
    found = opened(packed(full))
    receipt = json.loads(found["receipts/02-dv-01-technology-roadmap-receipt.json"])
    key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(receipt["public_key"]))
    key.verify(bytes.fromhex(receipt["signature"]), receipt["receipt"].encode())
    said = json.loads(receipt["receipt"])
    text = found["files/02-dv-01-technology-roadmap-v1.md"]
    assert said["version"]["sha256"] == hashlib.sha256(text).hexdigest()


def test_drafts_internal_words_and_others_work_are_nowhere_in_it(cast, engagement):
    ada = make.actor(cast.ada)
    release = owing.accepted(cast, owing.released(cast, engagement, text="# Accepted\n"))
    row = release.deliverable
    writing.begin(row, text="CANARY-draft", note="CANARY-note", by=ada, at=NOW)
    waits = owing.released(cast, engagement, code="DV-06", text="CANARY-released")
    never = owing.planned(
        engagement, cast.ada, code="DV-07", note="CANARY-plan", title="CANARY-title"
    )
    owing.reviewed(never, cast.ada, cast.olu, "CANARY-reviewed")
    other = build.engagement(cast, name="CANARY-engagement")
    owing.accepted(cast, owing.released(cast, other, code="DV-08", text="CANARY-other"))
    for one in (row, waits.deliverable):
        commenting.comment(one, body="CANARY-comment", internal=True, by=ada, at=NOW)
    pack = own(engagement, cast.ada, "DV-05", "DV-06", "DV-07", "DV-08")

    for name, told in opened(packed(pack)).items():
        assert b"CANARY" not in told, name


def test_a_pack_with_nothing_accepted_says_what_is_missing(cast, engagement):
    pack = packs.open_of_catalogue(engagement, key="eu", by=make.actor(cast.ada), at=NOW)
    raw = packed(pack)
    found = opened(raw)
    assert list(found) == [
        "index.html",
        "decisions/decisions.md",
        "decisions/decisions.json",
        "manifest.json",
        "manifest.sha256",
    ]
    page = found["index.html"].decode()
    assert (page.count("Missing."), "4 of 4 pieces still missing" in page) == (4, True)
    assert packed(pack) == raw
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_hostile_names_and_texts_stay_names_and_texts(cast, engagement):
    cast.orchard.name = HOSTILE[:100]
    cast.orchard.save(update_fields=["name"])
    row = owing.planned(engagement, cast.ada, title=HOSTILE[:120])
    owing.reviewed(row, cast.ada, cast.olu, "# <img src=https://evil.test/x>\n")
    row.refresh_from_db()
    release = releasing.release(row, to=[cast.priya], by=make.actor(cast.ada), at=NOW)
    owing.accepted(cast, release)
    pack = own(engagement, cast.ada, "DV-05", title=HOSTILE[:110].replace("\r\n", " "))

    found = opened(packed(pack))

    safe = set("abcdefghijklmnopqrstuvwxyz0123456789-_./")
    for name in found:
        assert (set(name) <= safe, ".." in name, name.startswith("/")) == (True, False, False)
    page = found["index.html"].decode()
    assert "<script" not in page
    assert "http://" not in page
    assert "https://" not in page
    assert "&lt;script&gt;" in page
    assert pack_files.gather(pack).name.isascii()
    for line in found["manifest.sha256"].decode().splitlines():
        sha256, name = line.split("  ")
        assert hashlib.sha256(found[name]).hexdigest() == sha256


def test_two_pieces_of_one_title_have_names_of_their_own(cast, engagement):
    for code in ("DV-05", "DV-07"):
        row = owing.planned(engagement, cast.ada, code=code, title="图")
        owing.reviewed(row, cast.ada, cast.olu, f"Of {code}.")
        row.refresh_from_db()
        owing.accepted(
            cast, releasing.release(row, to=[cast.priya], by=make.actor(cast.ada), at=NOW)
        )
    found = opened(packed(own(engagement, cast.ada, "DV-05", "DV-07")))
    names = [name for name in found if name.startswith("files/")]
    assert names == ["files/01-dv-05-v1.md", "files/02-dv-07-v1.md"]


def test_what_was_put_down_for_somebody_says_so(cast, engagement):
    release = owing.released(cast, engagement)
    evidence = make_file(cast, engagement)
    accepting.answer_on_behalf(
        release,
        answer="accepted",
        contact=cast.priya,
        note="By mail.",
        evidence=evidence,
        criteria=range(1, len(release.criteria) + 1),
        by=make.actor(cast.ada),
        at=NOW,
    )
    part = pack_files.gather(own(engagement, cast.ada, "DV-05")).parts[0]
    names = (cast.priya.name, Member.objects.get(pk=cast.ada.pk).user.name)
    assert part.accepted_by == f"{names[0]}, put down by {names[1]}"


def make_file(cast, engagement):
    told = {"name": "mail.txt", "content": b"Yes.", "commercial": False}
    return files.keep(engagement.client, by=make.actor(cast.ada), at=NOW, **told)


@pytest.fixture
def unguarded(full):
    connection.check_constraints()
    guards.lift(connection)
    yield full
    connection.check_constraints()
    guards.install(connection)


def test_content_that_is_not_what_was_accepted_is_not_packed(unguarded):
    release = Release.objects.get(code="DV-01")
    DeliverableVersion.objects.filter(pk=release.pinned_id).update(text="Forged.")
    with pytest.raises(pack_files.Damaged):
        packed(unguarded)
