"""Files are what their bytes say, under a harmless name, kept once, and given out only to be saved."""

import io
import struct
import zipfile

import pytest
from django.test import Client as Browser

from practice import file_kinds, file_store, files
from practice.models import StoredFile
from practice.refusals import Invalid, NotAllowed, TooLarge
from tests import make
from tests.make import NOW

PDF = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n<< >>\n%%EOF\n"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(20) + b"IEND\xaeB`\x82"
JPG = b"\xff\xd8\xff\xe0" + bytes(20) + b"\xff\xd9"
WEBP = b"RIFF" + struct.pack("<I", 12) + b"WEBP" + bytes(8)
EML = (
    b"From: a@b.test\r\nDate: Mon, 2 Mar 2026 09:00:00 +0000\r\nSubject: Hi\r\n\r\n<html>Yes</html>"
)


def office(whole="word/document.xml", *more, comment=b"", before=b""):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in ("[Content_Types].xml", whole, *more):
            archive.writestr(name, "<x/>")
        archive.comment = comment
    return before + out.getvalue()


def declares(size):
    """An archive whose directory says that one part is `size` bytes once unpacked."""
    content = bytearray(office())
    at = content.index(b"PK\x01\x02")
    content[at + 24 : at + 28] = struct.pack("<I", size)
    return bytes(content)


def encrypted():
    content = bytearray(office())
    at = content.index(b"PK\x01\x02")
    content[at + 8] |= 1
    return bytes(content)


def doubled():
    """Two parts of one name: which one is meant is the reader's guess."""
    content = office("word/document.xml", "word/documenT.xml")
    return content.replace(b"documenT", b"document")


HTML, SVG = b"<!DOCTYPE html><script>alert(1)</script>", b"<svg onload=alert(1)></svg>"
UNWANTED = {
    "empty": ("a.pdf", b""),
    "no ending": ("contract", PDF),
    "html": ("a.html", HTML),
    "svg": ("a.svg", SVG),
    "program": ("a.exe", b"MZ\x90\x00"),
    "old office": ("a.doc", b"\xd0\xcf\x11\xe0"),
    "macro office": ("a.docm", office()),
    "two endings": ("a.pdf.exe", PDF),
    "ending hidden by turning": ("a\u202efdp.exe", PDF),
    "ending after a NUL": ("a.exe\0.pdf", b"MZ\x90\x00"),
    "html as pdf": ("a.pdf", HTML),
    "svg as png": ("a.png", SVG),
    "png as jpg": ("a.jpg", PNG),
    "html as text": ("a.txt", b"  \n" + HTML),
    "svg as text": ("a.md", b"\xef\xbb\xbf" + SVG),
    "xml as csv": ("a.csv", b"<?xml version='1.0'?><a/>"),
    "bytes as text": ("a.txt", b"ok\0ok"),
    "latin bytes as text": ("a.csv", b"\xff\xfe\x00"),
    "escape codes as text": ("a.txt", b"\x1b]0;owned\x07"),
    "pdf with a page in its head": ("a.pdf", b"%PDF-1.7\n<script>alert(1)</script>\n%%EOF"),
    "pdf that begins late": ("a.pdf", b"GIF89a" + PDF),
    "pdf that is a zip too": ("a.pdf", office(before=PDF) + b"%%EOF"),
    "pdf cut off": ("a.pdf", PDF[:30]),
    "png with a page behind": ("a.png", PNG + HTML),
    "jpg with an archive behind": ("a.jpg", JPG + office()),
    "webp with more than it says": ("a.webp", WEBP + HTML),
    "zip as docx": ("a.docx", office("evil.txt")),
    "xlsx as docx": ("a.docx", office("xl/workbook.xml")),
    "docx with macros": ("a.docx", office("word/document.xml", "word/vbaProject.bin")),
    "docx with a program": ("a.docx", office("word/document.xml", "word/run.exe")),
    "docx that climbs out": ("a.docx", office("word/document.xml", "../../etc/passwd")),
    "docx with an absolute path": ("a.docx", office("word/document.xml", "/etc/passwd")),
    "docx bomb by its own word": ("a.docx", declares(4_000_000_000)),
    "docx under a password": ("a.docx", encrypted()),
    "docx with one part twice": ("a.docx", doubled()),
    "docx behind a page": ("a.docx", office(before=HTML)),
    "docx with a page behind": ("a.docx", office() + HTML),
    "docx with a comment": ("a.docx", office(comment=HTML)),
    "docx cut off": ("a.docx", office()[:60]),
    "page as mail": ("a.eml", HTML),
    "mail from nobody": ("a.eml", b"Subject: Hi\r\n\r\nHi"),
}
TAKEN = {
    "a.pdf": (PDF, "application/pdf"),
    "a.PNG": (PNG, "image/png"),
    "a.jpg": (JPG, "image/jpeg"),
    "a.webp": (WEBP, "image/webp"),
    "a.txt": ("Grüße, 5 < 6".encode(), "text/plain"),
    "a.md": (b"# Title\n\n- <b>one</b>", "text/markdown"),
    "a.csv": (b"\xef\xbb\xbfa;b\r\n1;2\r\n", "text/csv"),
    "a.eml": (EML, "message/rfc822"),
    "a.docx": (office(), f"{file_kinds._OFFICE}wordprocessingml.document"),
    "a.xlsx": (office("xl/workbook.xml"), f"{file_kinds._OFFICE}spreadsheetml.sheet"),
    "a.pptx": (office("ppt/presentation.xml"), f"{file_kinds._OFFICE}presentationml.presentation"),
}


@pytest.mark.parametrize("which", UNWANTED)
def test_what_is_not_what_it_says_is_refused(which):
    name, content = UNWANTED[which]

    with pytest.raises(file_kinds.Unwanted):
        file_kinds.media_type(files.clean_name(name), content)


@pytest.mark.parametrize("name", TAKEN)
def test_the_media_type_is_read_from_the_bytes(name):
    content, told = TAKEN[name]

    assert file_kinds.media_type(files.clean_name(name), content) == told


@pytest.mark.parametrize(
    ("name", "cleaned"),
    [
        ("../../etc/passwd.txt", "passwd.txt"),
        ("C:\\Users\\me\\plan.PDF", "plan.pdf"),
        ("a\r\nSet-Cookie: x=1.pdf", "aSet-Cookie- x=1.pdf"),
        ("con\0tract.pdf", "contract.pdf"),
        ("exe.\u202efdp.pdf", "exe.fdp.pdf"),
        ("zero\u200bwidth\ufeff.pdf", "zerowidth.pdf"),
        ('a"b<c>|?*:.pdf', "a-b-c-----.pdf"),
        (" .pdf. ", "pdf"),
        (".pdf", "pdf"),
        ("  two   spaces .pdf", "two spaces.pdf"),
        ("Vertrag Größe 2.pdf", "Vertrag Größe 2.pdf"),
        ("x" * 300 + ".pdf", "x" * 120 + ".pdf"),
        ("", "file"),
        ("line\u2028break.txt", "linebreak.txt"),
    ],
)
def test_a_name_is_cleaned_of_what_hides_or_misleads(name, cleaned):
    assert files.clean_name(name) == cleaned


def keep(client, by, name="contract.pdf", content=PDF, **more):
    return files.keep(client, name=name, content=content, by=make.actor(by), at=NOW, **more)


def test_a_file_is_kept_with_its_checksum_and_never_listed_with_its_bytes(cast, api):
    stored = keep(cast.orchard, cast.ada)

    told = api(cast.ada).get("files/").json()["results"]
    assert told == [
        {
            "id": str(stored.pk),
            "version": 1,
            "created_at": "2026-03-02T09:00:00Z",
            "client": str(cast.orchard.pk),
            "name": "contract.pdf",
            "media_type": "application/pdf",
            "size": len(PDF),
            "sha256": stored.sha256,
            "commercial": True,
        }
    ]


def test_more_than_ten_megabytes_are_not_taken(cast):
    with pytest.raises(TooLarge):
        keep(cast.orchard, cast.ada, content=PDF + bytes(files.LARGEST))


def test_contacts_keep_no_files_and_foreign_clients_do_not_exist(cast):
    with pytest.raises(NotAllowed):
        keep(cast.orchard, cast.priya)
    with pytest.raises(Exception) as refused:
        keep(cast.quarry, cast.ada)
    assert refused.value.code == "not_found"


def test_what_tells_of_fees_is_for_those_who_see_fees(cast, api):
    make.assignment(cast.ben, cast.orchard)
    contract = keep(cast.orchard, cast.ada)
    evidence = keep(cast.orchard, cast.ada, commercial=False)
    receipt = keep(cast.orchard, cast.ben)

    def seen(who):
        return {row["id"] for row in api(who).get("files/").json()["results"]}

    open_ = {str(evidence.pk), str(receipt.pk)}
    everything = open_ | {str(contract.pk)}
    assert (seen(cast.ben), seen(cast.ada), seen(cast.fin)) == (open_, everything, everything)
    # A key without the commercial scope reads no fees either.
    assert (seen(cast.bot),) == (open_,)
    assert api(cast.ben).get(f"files/{contract.pk}/content/").status_code == 404
    with pytest.raises(Invalid):
        keep(cast.orchard, cast.ben, commercial=True)


def test_a_file_is_given_out_to_be_saved_and_never_shown(cast, api):
    stored = keep(cast.orchard, cast.ada, name='Größe "1".pdf')

    answer = api(cast.ada).get(f"files/{stored.pk}/content/")

    named = ("Content-Type", "Content-Disposition", "X-Content-Type-Options",
             "Content-Security-Policy", "Cache-Control")  # fmt: skip
    assert answer.content == PDF
    assert [answer[name] for name in named] == [
        "application/pdf",
        "attachment; filename*=utf-8''Gr%C3%B6%C3%9Fe%20-1-.pdf",
        "nosniff",
        "default-src 'none'; sandbox",
        "private, no-store",
    ]
    assert api(cast.priya).get(f"files/{stored.pk}/content/").status_code == 403


def send(browser, fields, **headers):
    return browser.post("/api/v1/files/", fields, headers=headers)


def upload(name="plan.pdf", content=PDF):
    part = io.BytesIO(content)
    part.name = name
    return part


@pytest.fixture
def writer(cast):
    browser = Browser(raise_request_exception=False)
    key = make.key(cast.practice, "Writer", ("read", "write", "commercial"))
    browser.defaults["HTTP_AUTHORIZATION"] = f"Bearer {key}"
    return browser


def test_a_file_is_sent_as_a_form(cast, writer):
    answer = send(writer, {"client": cast.orchard.pk, "content": upload("../x/plan.pdf")})

    assert (answer.status_code, answer.json()["name"], answer.json()["commercial"]) == (
        201,
        "plan.pdf",
        True,
    )
    with file_store.opened(StoredFile.objects.get()) as file:
        assert file.read() == PDF


def test_the_same_key_with_another_file_is_another_request(cast, writer):
    def sent(content):
        fields = {"client": cast.orchard.pk, "content": upload(content=content)}
        return send(writer, fields, **{"Idempotency-Key": "one"})

    first, again, other = sent(PDF), sent(PDF), sent(PDF.replace(b"1 0", b"2 0"))

    assert (first.json()["id"], again["Idempotent-Replayed"]) == (again.json()["id"], "true")
    assert other.json()["code"] == "idempotency_key_reused"


def test_what_cannot_be_taken_is_a_problem_with_a_code(cast, writer, api):
    client = cast.orchard.pk
    told = [
        send(writer, {"client": client, "content": upload(content=b"")}),
        send(writer, {"client": client, "content": upload("a.html", HTML)}),
        send(writer, {"client": client}),
        send(writer, {"client": cast.zoes_client.pk, "content": upload()}),
        send(writer, {"client": client, "content": upload(), "path": "/etc"}),
        send(writer, {"client": client, "content": upload(content=PDF + bytes(files.LARGEST))}),
        send(writer, {"client": client, "content": upload(), "name": "x" * 2_000_000}),
    ]

    codes = [(answer.status_code, answer.json()["code"]) for answer in told]
    assert codes == [(400, "invalid")] * 5 + [(413, "too_large")] * 2
    assert StoredFile.objects.count() == 0
    assert api(cast.ada).post("files/", {"client": str(client)}).status_code == 415
