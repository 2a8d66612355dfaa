"""F1: whatever is sent as a file is refused, or kept as harmless bytes inside the folder and given out to be saved."""

import os
import re
import sys
import tempfile
from pathlib import Path

import pytest

from practice import file_kinds
from practice.models import StoredFile
from tests import make
from tests.practice import hostile_uploads

BOUNDARY = "hostile"
FORM = f"multipart/form-data; boundary={BOUNDARY}"
STORED = re.compile(r"[0-9]{4}/[0-9]{2}/[0-9]{2}/[0-9a-f]{32}")
CASES = hostile_uploads.all_of_them()
MEGABYTE = 1024 * 1024


@pytest.fixture
def key(cast):
    return make.key(cast.practice, "Writer", ("read", "write", "commercial"))


def body(client, name: bytes, content: bytes) -> bytes:
    """As it is, with no program in between that would mend the name."""
    mark = f"--{BOUNDARY}".encode()
    named = b'Content-Disposition: form-data; name="content"; filename="' + name + b'"'
    whose = b'Content-Disposition: form-data; name="client"'
    lines = (mark, whose, b"", str(client.pk).encode(), mark, named, b"Content-Type: text/html")
    return b"\r\n".join((*lines, b"", content, mark + b"--", b""))


class Written:
    """Every path that this process opens for writing, renames or links, as the interpreter itself tells it."""

    def __init__(self) -> None:
        self.paths: set[str] = set()
        self.on = False
        sys.addaudithook(self.hear)

    def hear(self, event: str, told: tuple) -> None:
        if not self.on:
            return
        if event == "open" and isinstance(told[0], str) and told[2] & (os.O_WRONLY | os.O_RDWR):
            self.paths.add(told[0])
        elif event in {"os.rename", "os.link", "os.symlink", "os.mkdir"}:
            self.paths.update(str(path) for path in told[:2] if isinstance(path, str))

    def outside(self, *folders: str | Path) -> list[str]:
        roots = [Path(folder).resolve() for folder in folders]
        paths = [Path(path).resolve() for path in self.paths]
        return [str(p) for p in paths if not any(p.is_relative_to(root) for root in roots)]


def peak() -> int:
    """Most memory this process ever held, since it was last asked to forget."""
    found = re.search(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text())
    assert found
    return int(found[1]) * 1024


def forget_peak() -> None:
    Path("/proc/self/clear_refs").write_text("5")


def test_nothing_hostile_is_served_inline_or_stored_outside_and_memory_stays_small(
    cast, api, key, files_folder, tmp_path, monkeypatch
):
    # Where large bodies wait while they are being read.
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    caller, written = api(key), Written()
    answers, refused = {}, []
    kept_before = {str(path) for path in files_folder.rglob("*")}
    assert len(CASES) >= 80
    # Made beforehand: what the makers of bombs take is not what the door takes.
    bodies = {w: body(cast.orchard, name, make_it()) for w, (name, make_it) in CASES.items()}
    forget_peak()
    before = peak()
    written.on = True
    for what in CASES:
        sent = caller.browser.generic(
            "POST", "/api/v1/files/", bodies[what], FORM, headers=caller.headers
        )
        answers[what] = (sent.status_code, sent.json().get("code"))
        if sent.status_code != 201:
            refused.append(what)
            continue
        given = caller.get(f"files/{sent.json()['id']}/content/")
        assert given["Content-Disposition"].startswith("attachment; filename"), what
        assert given["X-Content-Type-Options"] == "nosniff"
        assert given["Content-Security-Policy"] == "default-src 'none'; sandbox"
        assert given["Content-Type"].partition(";")[0] in file_kinds.MEDIA_TYPES
        for text in (given["Content-Disposition"], sent.json()["name"]):
            assert not re.search("[\\x00-\\x1f\\x7f\u200b-\u200f\u2028-\u202e\u2066-\u2069]", text)
    written.on = False
    grown = peak() - before

    # Every hostile content is refused, and every hostile name with honest content is kept.
    assert sorted(set(CASES) - set(refused)) == sorted(f"name: {w}" for w in hostile_uploads.NAMES)
    codes = {(400, "invalid"), (400, "malformed"), (413, "too_large")}
    assert {answers[what] for what in refused} == codes
    rows = set(StoredFile.objects.values_list("stored_as", flat=True))
    there = {str(p.relative_to(files_folder)) for p in files_folder.rglob("*") if p.is_file()
             and str(p) not in kept_before}  # fmt: skip
    assert there == rows
    assert [name for name in rows if not STORED.fullmatch(name)] == []
    assert (written.outside(files_folder, tmp_path), list(tmp_path.iterdir())) == ([], [])
    print(f"{len(CASES)} uploads, {len(refused)} refused, {grown / MEGABYTE:.0f} MB more memory")
    assert grown < 100 * MEGABYTE


def test_a_body_that_announces_four_gigabytes_is_refused_before_it_is_read(api, key):
    caller = api(key)

    answer = caller.browser.generic(
        "POST", "/api/v1/files/", b"--", FORM, headers=caller.headers, CONTENT_LENGTH=str(2**32)
    )

    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")


def test_the_forms_of_the_desk_refuse_it_as_well(cast, page):
    answer = page(cast.ada).generic(
        "POST", "/desk/engagements/expense/add/", b"--", FORM, CONTENT_LENGTH=str(2**32)
    )

    assert answer.status_code in {400, 413}


@pytest.mark.parametrize("path", ["/media/", "/files/", "/static/", "/var/files/", "/"])
def test_no_address_leads_to_what_is_stored(cast, api, key, path, files_folder):
    caller = api(key)
    sent = caller.browser.generic(
        "POST", "/api/v1/files/", body(cast.orchard, b"a.txt", b"Words"), FORM,
        headers=caller.headers,
    )  # fmt: skip
    stored_as = StoredFile.objects.get(pk=sent.json()["id"]).stored_as

    for inside in (stored_as, stored_as.rpartition("/")[2], f"../{files_folder.name}/{stored_as}"):
        answers = {caller.get(f"{path}{inside}{end}").status_code for end in ("", "/")}
        # Below /files/ an address without its last slash is sent to the one with it, whatever it is.
        assert answers <= ({301, 404} if path == "/files/" else {404})
        assert caller.get(f"{path}{inside}/").status_code == 404


def test_the_folder_is_for_this_user_alone(cast, api, key, files_folder):
    caller = api(key)
    caller.browser.generic(
        "POST", "/api/v1/files/", body(cast.orchard, b"a.txt", b"Words"), FORM,
        headers=caller.headers,
    )  # fmt: skip
    path = files_folder / StoredFile.objects.get().stored_as

    assert [oct(p.stat().st_mode & 0o777) for p in (path, path.parent, path.parent.parent)] == [
        "0o600",
        "0o700",
        "0o700",
    ]
