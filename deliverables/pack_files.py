"""A pack as one archive: accepted versions, receipts, index, decision log and checksums. The same versions and decisions
give the same bytes, on every machine: nothing in it says when, where or by whom it was packed.

One file of at most 10 MB is held in memory at a time; beyond 8 MB the archive grows in a temporary file, from which it is
sent.
With at most 60 pieces (packs.MOST_PIECES) it stays below 650 MB.
"""

import datetime
import hashlib
import json
import tempfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import IO, Any

from django.http import FileResponse, HttpResponse, HttpResponseBase
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.dateformat import format as written
from django.utils.http import content_disposition_header
from django.utils.text import slugify

from deliverables import pack_log, pack_pieces, receipt_page
from deliverables.models import ACCEPTED, DeliverableVersion, Pack, Release
from deliverables.pack_log import dumped
from deliverables.pack_pieces import Filled, Piece
from practice import access, file_store
from practice.models import StoredFile
from practice.models.people import Hat
from practice.refusals import Conflict

FORM = "remit.pack.1"
# Up to here an archive needs no file of its own.
SPOOLED = 8 * 1024 * 1024
# Where nothing was accepted yet; an archive knows no earlier day.
BEGINNING = datetime.datetime(1980, 1, 1, tzinfo=datetime.UTC)
LATEST = datetime.datetime(2107, 12, 31, tzinfo=datetime.UTC)
ENDINGS = {
    "application/pdf": "pdf",
    "image/png": "png",
    "image/jpeg": "jpg",
    "image/webp": "webp",
    "text/plain": "txt",
    "text/markdown": "md",
    "text/csv": "csv",
    "message/rfc822": "eml",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": "pptx",
}


class Damaged(Conflict):
    code = "content_damaged"
    sentence = "A file in this pack is no longer what was accepted, so it is not handed out."


@dataclass(frozen=True)
class Part:
    """An accepted piece as the archive tells of it."""

    piece: Piece
    version: DeliverableVersion
    release: Release | None
    said: dict[str, Any]
    """What the signed receipt says."""

    @property
    def title(self) -> str:
        """As it was put before the client."""
        return self.release.title if self.release else self.piece.title

    @property
    def hat(self) -> str:
        return Hat(self.version.hat).label

    @property
    def name(self) -> str:
        """Letters, digits and hyphens alone, and first its place: safe everywhere, and no two are the same."""
        ending = ENDINGS.get(self.version.media_type, "bin")
        return f"{self._stem}-v{self.version.number}.{ending}"

    @property
    def receipt_name(self) -> str:
        return f"{self._stem}-receipt.json"

    @property
    def printed_name(self) -> str:
        return f"{self._stem}-receipt.pdf"

    @property
    def _stem(self) -> str:
        words = [f"{self.piece.place:02}", slugify(self.piece.code), slugify(self.title)[:60]]
        return "-".join(word.strip("-_") for word in words if word.strip("-_"))

    @property
    def accepted_by(self) -> str:
        if self.said.get("by_silence"):
            return "nobody in person: the terms count silence as a yes"
        name = (self.said.get("contact") or {}).get("name", "")
        recorder = (self.said.get("recorded_by") or {}).get("name", "")
        return f"{name}, put down by {recorder}" if recorder else name

    @property
    def with_remarks(self) -> bool:
        return bool(self.said.get("remarks"))

    @property
    def accepted_at(self) -> datetime.datetime:
        return (self.piece.accepted_at or BEGINNING).astimezone(datetime.UTC)

    @property
    def accepted_in_words(self) -> str:
        return in_words(self.accepted_at)


@dataclass
class Packed:
    """Everything an archive is made of, before a byte of it is written."""

    filled: Filled
    parts: list[Part]
    excerpt: pack_log.Excerpt = field(default_factory=pack_log.Excerpt)

    @property
    def pack(self) -> Pack:
        return self.filled.pack

    @property
    def moment(self) -> datetime.datetime:
        """Of the newest acceptance: the one moment the archive bears."""
        return max((part.accepted_at for part in self.parts), default=BEGINNING)

    @property
    def name(self) -> str:
        return f"{slugify(self.pack.title)[:60].strip('-_') or 'pack'}.zip"


def in_words(moment: datetime.datetime) -> str:
    """In UTC: a template would tell it in the zone of whoever packs."""
    return written(moment.astimezone(datetime.UTC), "j F Y, H:i") + " UTC"


def gather(pack: Pack) -> Packed:
    """What was accepted for a pack that somebody may see: never a draft, nor what was said among the practice's own."""
    filled = pack_pieces.of(pack, by=access.system(pack.practice_id))
    versions = [piece.accepted.pk for piece in filled.accepted if piece.accepted]
    accepted = (
        Release.objects.filter(pinned__in=versions, state__in=ACCEPTED)
        .select_related("signed_with", "engagement__client")
        .order_by("answered_at", "pk")
    )
    releases = {release.pinned_id: release for release in accepted}
    parts = [
        _part(piece, piece.accepted, releases.get(piece.accepted.pk))
        for piece in filled.accepted
        if piece.accepted
    ]
    return Packed(filled, parts)


def content(version: DeliverableVersion) -> bytes:
    """The bytes that were accepted, or a refusal: what differs from its checksum is no evidence."""
    if version.file_id is not None:
        with file_store.opened(StoredFile.objects.get(pk=version.file_id)) as file:
            found: bytes = file.read()
    else:
        found = version.text.encode()
    if hashlib.sha256(found).hexdigest() != version.sha256:
        raise Damaged
    return found


def write(pack: Pack, into: IO[bytes]) -> Packed:
    packed = gather(pack)
    packed.excerpt = pack_log.of(packed.filled, [part.said for part in packed.parts])
    sums: list[tuple[str, str, int]] = []
    moment = min(max(packed.moment, BEGINNING), LATEST)
    with zipfile.ZipFile(into, "w") as archive:
        for name, told in _files(packed):
            _put(archive, name, told, moment)
            sums.append((name, hashlib.sha256(told).hexdigest(), len(told)))
        told = dumped(_manifest(packed, sums))
        _put(archive, "manifest.json", told, moment)
        sums.append(("manifest.json", hashlib.sha256(told).hexdigest(), len(told)))
        # As sha256sum writes and reads it: `sha256sum -c manifest.sha256`.
        lines = "".join(f"{sha256}  {name}\n" for name, sha256, _ in sums)
        _put(archive, "manifest.sha256", lines.encode(), moment)
    return packed


def download(pack: Pack) -> HttpResponseBase:
    """The archive, to be saved. A large one is sent from its file, which the answer closes."""
    file = tempfile.SpooledTemporaryFile(SPOOLED)  # noqa: SIM115
    try:
        packed = write(pack, file)
        size = file.tell()
        file.seek(0)
        small = file.read() if size <= SPOOLED else None
    except BaseException:
        file.close()
        raise
    answer: HttpResponseBase
    if small is not None:
        file.close()
        answer = HttpResponse(small, content_type="application/zip")
    else:
        answer = FileResponse(file, content_type="application/zip")
    answer["Content-Length"] = str(size)
    return guarded(answer, packed.name)


def one(part: Part) -> HttpResponseBase:
    """One accepted version, to be saved."""
    charset = "; charset=utf-8" if part.version.media_type.startswith("text/") else ""
    answer = HttpResponse(content(part.version), content_type=f"{part.version.media_type}{charset}")
    return guarded(answer, part.name)


def guarded(answer: HttpResponseBase, name: str) -> HttpResponseBase:
    """As practice/files.py hands files out: saved, never shown in our own pages, kept by nobody on the way."""
    answer["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer["Cross-Origin-Resource-Policy"] = "same-origin"
    answer["Cache-Control"] = "private, no-store"
    return answer


def _part(piece: Piece, version: DeliverableVersion, release: Release | None) -> Part:
    said = json.loads(release.receipt) if release and release.receipt else {}
    return Part(piece, version, release, said)


def _files(packed: Packed) -> Iterator[tuple[str, bytes]]:
    """Every file but the manifests, in the order in which they are read."""
    yield "index.html", index(packed).encode()
    for part in packed.parts:
        yield f"files/{part.name}", content(part.version)
    for part in packed.parts:
        if part.release:
            yield f"receipts/{part.receipt_name}", dumped(_receipt(part.release))
            # The same row gives the same bytes.
            yield f"receipts/{part.printed_name}", receipt_page.as_pdf(part.release)
    yield from pack_log.texts(packed.excerpt).items()


def index(packed: Packed) -> str:
    """A page that needs nothing but itself: no script, nothing from elsewhere, every text escaped."""
    places = {part.piece.place: part for part in packed.parts}
    with translation.override("en"):
        return render_to_string("deliverables/pack/index.html", _context(packed, places))


def _context(packed: Packed, places: dict[int, Part]) -> dict[str, Any]:
    return {
        "pack": packed.pack,
        "client": packed.pack.client.name,
        "practice": packed.pack.practice.name,
        "complete": packed.filled.complete,
        "accepted_on": written(packed.moment, "j F Y") if packed.parts else "",
        "pieces": [(piece, places.get(piece.place)) for piece in packed.filled.pieces],
        "excerpt": packed.excerpt,
        "missing": packed.filled.missing,
    }


def _receipt(release: Release) -> dict[str, Any]:
    """The signed text to the letter, with what its signature is checked by."""
    return {
        "form": "remit.signed_receipt.1",
        "receipt": release.receipt,
        "signature": release.signature,
        "public_key": release.signed_with.public_key if release.signed_with else "",
    }


def _manifest(packed: Packed, sums: list[tuple[str, str, int]]) -> dict[str, Any]:
    return {
        "form": FORM,
        "pack": {
            "id": str(packed.pack.pk),
            "key": packed.pack.key,
            "title": packed.pack.title,
            "client": packed.pack.client.name,
            "practice": packed.pack.practice.name,
        },
        "complete": packed.filled.complete,
        "accepted": [_told(part) for part in packed.parts],
        "missing": [{"code": one.code, "title": one.kind} for one in packed.filled.missing],
        "log_head": packed.excerpt.head,
        "files": [{"name": name, "sha256": sha256, "size": size} for name, sha256, size in sums],
    }


def _told(part: Part) -> dict[str, Any]:
    return {
        "code": part.piece.code,
        "title": part.title,
        "hat": str(part.version.hat),
        "version": part.version.number,
        "sha256": part.version.sha256,
        "media_type": part.version.media_type,
        "size": part.version.size,
        "accepted_at": part.said.get("answered_at") or part.accepted_at.isoformat(),
        "accepted_by": part.accepted_by,
        "answer": part.said.get("answer", "accepted"),
        "file": f"files/{part.name}",
        "receipt": f"receipts/{part.receipt_name}" if part.release else None,
    }


def _put(archive: zipfile.ZipFile, name: str, told: bytes, moment: datetime.datetime) -> None:
    entry = zipfile.ZipInfo(name, moment.timetuple()[:6])
    # Stored, not packed: another version of the packing library would give other bytes.
    entry.compress_type = zipfile.ZIP_STORED
    # As on Unix, wherever this runs: a file that its owner writes and everybody reads.
    entry.create_system, entry.external_attr = 3, 0o100644 << 16
    archive.writestr(entry, told)
