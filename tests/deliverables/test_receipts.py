"""The signed receipt as a PDF: what it says is what the row says, it can be checked without us, and no text breaks it."""

import io
import json
import re
import subprocess

import pypdf
import pytest

from deliverables import accepting, canonical, receipt_page
from deliverables.models import Chain, SigningKey
from tests import make
from tests.deliverables import logged, owing
from tests.doors.nasty import PARAMETERS
from tests.engagements import build
from tests.make import NOW
from tests.practice.test_markdown import HOSTILE

TYPST = (
    '#read("/etc/passwd")',
    '#import "x": *',
    "$x^2$",
    "*b* _i_ `c`",
    "#panic()",
    "\\u{0}",
    "]#[",
    '"',
)


@pytest.fixture
def engagement(cast):
    row = build.engagement(cast)
    logged.charter(cast, row)
    logged.decision(row, cast.ada)
    return row


def read(release) -> tuple[str, dict[str, bytes]]:
    paper = pypdf.PdfReader(io.BytesIO(receipt_page.as_pdf(release)))
    said = " ".join(page.extract_text() for page in paper.pages)
    return " ".join(said.split()), {name: found[0] for name, found in paper.attachments.items()}


def test_it_says_what_the_row_says(cast, engagement):
    release = owing.accepted(cast, owing.released(cast, engagement))
    said, attached = read(release)
    log = Chain.objects.get(engagement=engagement)
    for fact in (
        "Lantern Partners",
        "Orchard, Two hats",
        "DV-05 AI capability map",
        "Hat CAIO",
        f"Version 1 (text/markdown, {len(owing.TEXT)} bytes)",
        "Answer Accepted",
        "On 2 March 2026 (2026-03-02T09:00:00Z)",
        "By Priya",
        f"Receipt of {release.pk}",
        *release.criteria,
    ):
        assert fact in said
    close = re.sub(r"[\s\u200b]", "", said)
    for long in (
        release.sha256,
        f"{log.length}:{log.head}",
        release.signature,
        release.signed_with.public_key,
    ):
        assert long in close
    assert attached["receipt.json"].decode() == release.receipt
    assert json.loads(release.receipt)["log"] == {"hash": log.head, "seq": log.length}


def test_the_same_row_gives_the_same_bytes(cast, engagement):
    release = owing.accepted(cast, owing.released(cast, engagement))
    assert receipt_page.as_pdf(release) == receipt_page.as_pdf(release)


def test_whoever_has_it_can_check_it_with_the_published_key(cast, engagement, client, tmp_path):
    release = owing.accepted(cast, owing.released(cast, engagement))
    said, attached = read(release)
    for name, content in attached.items():
        (tmp_path / name).write_bytes(content)
    command = re.search(r"openssl pkeyutl .*? -sigfile receipt\.sig", said)
    assert command is not None

    def checked() -> bool:
        return subprocess.run(command[0].split(), cwd=tmp_path, capture_output=True).returncode == 0

    assert checked()
    (tmp_path / "receipt.json").write_text(release.receipt.replace("Priya", "Prima"))
    assert not checked()
    published = client.get(f"/heads/{release.practice_id}/").json()["keys"]
    assert release.signed_with.public_key in [one["public_key"] for one in published]
    assert SigningKey.objects.get(pk=release.signed_with_id).public_key in said.replace(
        "\u200b", ""
    ).replace(" ", "")


def test_remarks_and_what_was_not_ticked_stand_on_it(cast, engagement):
    release, priya = owing.released(cast, engagement), make.actor(cast.priya)
    accepting.tick(release, number=1, by=priya, at=NOW)
    release = accepting.answer(
        release, answer="remarks", remarks="First line.\nSecond line.", by=priya, at=NOW
    )
    said, _ = read(release)
    assert "Answer Accepted with remarks" in said
    assert "First line. Second line." in said
    assert said.count("(not ticked)") == len(release.criteria) - 1


@pytest.mark.parametrize("group", range(4))
def test_whatever_people_write_stays_text(cast, engagement, group):
    release = owing.accepted(cast, owing.released(cast, engagement))
    told = json.loads(release.receipt)
    for payload in (*PARAMETERS, *HOSTILE, *TYPST)[group::4]:
        words = payload.replace("\x00", "")
        bent = {
            **told,
            "remarks": words,
            "criteria": [words, "Last"],
            "contact": {"id": "x", "name": words[:200]},
            "deliverable": {**told["deliverable"], "title": words[:160]},
        }
        release.receipt = canonical.text(bent)
        said, attached = read(release)
        assert json.loads(attached["receipt.json"])["remarks"] == words
        if words.isascii() and words.isprintable() and len(words) < 100:
            plain = re.sub(r"\s", "", words).replace("--", "")
            assert (
                plain
                in re.sub(r"\s", "", said)
                .replace("’", "'")
                .replace("–", "")
                .replace("”", '"')
                .replace("“", '"')
                or '"' in words
                or "'" in words
            )


def test_both_sites_give_it_to_whoever_reads_the_release(cast, engagement, page):
    release = owing.accepted(cast, owing.released(cast, engagement))
    told = page(cast.ada).get(f"/desk/releases/{release.pk}/receipt/")
    assert (
        told["Content-Disposition"] == 'attachment; filename="receipt-dv-05-ai-capability-map.pdf"'
    )
    assert told.content == receipt_page.as_pdf(release)
    assert page(cast.ben).get(f"/desk/releases/{release.pk}/receipt/").status_code == 404
    assert page(cast.zoe).get(f"/desk/releases/{release.pk}/receipt/").status_code == 404
