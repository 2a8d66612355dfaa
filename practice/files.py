"""Taking in files and giving them out. What a file is, its bytes say; names and claims of the sender are only cleaned."""

import datetime
import hashlib
import unicodedata
from typing import IO, Any

from django.db import transaction
from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import content_disposition_header

from practice import access, byte_ranges, file_kinds, file_store, rows, uploads
from practice.access import Actor
from practice.byte_ranges import NoSuchRange
from practice.models import Client, StoredFile
from practice.refusals import Invalid, TooLarge
from practice.rest import problems

LARGEST = uploads.LARGEST_FILE
LONGEST_NAME = 120
AT_ONCE = 64 * 1024
# Separators of every system, and what a shell or a file dialogue could stumble over.
ODD = frozenset('/\\:*?"<>|')


def keep(
    client: Client,
    *,
    name: str,
    content: bytes,
    commercial: bool | None = None,
    by: Actor,
    at: datetime.datetime,
) -> StoredFile:
    """Store one file of a client. `commercial`: it tells of fees, so only those who may see fees see it; by default
    what somebody keeps who may see them."""
    access.require(by, "file", "add")
    if len(content) > LARGEST:
        raise TooLarge("The file is larger than 10 MB.")
    sees_fees = access.may(by, "file", "see_fees")
    if commercial and not sees_fees:
        raise Invalid({"commercial": ["Only those who see fees keep such files."]})
    cleaned = clean_name(name)
    try:
        media_type = file_kinds.media_type(cleaned, content)
    except file_kinds.Unwanted as unwanted:
        raise Invalid({"content": [str(unwanted)]}) from unwanted
    # Asked before anything is put down, and again where it is written.
    access.get(by, Client, client.pk)
    stored_as = file_store.put(content)
    with transaction.atomic():
        client = access.get(by, Client, client.pk)
        stored = StoredFile(
            practice_id=client.practice_id,
            client=client,
            name=cleaned,
            media_type=media_type,
            size=len(content),
            sha256=hashlib.sha256(content).hexdigest(),
            commercial=sees_fees if commercial is None else commercial,
            stored_as=stored_as,
        )
        return rows.add(stored, by=by, at=at, kind="file.kept")


def clean_name(name: str) -> str:
    """The last part of a path, without what hides, breaks lines or turns the reading direction."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    kept = "".join(
        "-" if c in ODD else c
        for c in unicodedata.normalize("NFC", last)
        # Control, format (which turn or hide), surrogate, private and unassigned characters; line separators.
        if unicodedata.category(c)[0] != "C" and unicodedata.category(c) not in ("Zl", "Zp")
    )
    kept = " ".join(kept.split()).strip(". ")
    stem, dot, ending = kept.rpartition(".")
    if not dot:
        stem, ending = kept, ""
    stem = (stem.strip(". ") or "file")[:LONGEST_NAME].rstrip(". ")
    return f"{stem}.{ending[:10].lower()}" if ending else stem


def serve(request: Any, stored: StoredFile) -> HttpResponseBase:
    """The bytes, or the part of them that was asked for, to whoever may have them: asking that comes first.

    Always to be saved, never shown in our own pages: an opened file must not act in the name of this site.
    """
    if request.method == "HEAD":
        return _headed(HttpResponse(), stored, stored.size)
    try:
        part = byte_ranges.asked(request.headers, size=stored.size, etag=etag(stored))
    except NoSuchRange as none:
        answer: HttpResponseBase = problems.plain(none.status, none.code, none.sentence)
        answer["Content-Range"] = f"bytes */{stored.size}"
        return answer
    first, length = (part.first, part.length) if part else (0, stored.size)
    file = file_store.opened(stored)
    file.seek(first)
    if length <= AT_ONCE:
        with file:
            answer = HttpResponse(file.read(length))
    else:
        answer = StreamingHttpResponse(_Piece(file, length))
    if part:
        answer.status_code = 206
        answer["Content-Range"] = f"bytes {first}-{first + length - 1}/{stored.size}"
    return _headed(answer, stored, length)


def etag(stored: StoredFile) -> str:
    return f'"{stored.sha256}"'


def _headed(answer: HttpResponseBase, stored: StoredFile, length: int) -> HttpResponseBase:
    text = stored.media_type.startswith("text/")
    answer["Content-Type"] = f"{stored.media_type}{'; charset=utf-8' if text else ''}"
    answer["Content-Length"] = str(length)
    answer["Content-Disposition"] = content_disposition_header(True, stored.name) or "attachment"
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer["Cross-Origin-Resource-Policy"] = "same-origin"
    answer["Cache-Control"] = "private, no-store"
    answer["Accept-Ranges"] = "bytes"
    answer["ETag"] = etag(stored)
    return answer


class _Piece:
    """So many bytes of an open file from where it stands, a little at a time. Closed with the answer, read or not."""

    def __init__(self, file: IO[bytes], length: int) -> None:
        self.file, self.left = file, length

    def __iter__(self) -> "_Piece":
        return self

    def __next__(self) -> bytes:
        piece = self.file.read(min(self.left, AT_ONCE))
        if not piece:
            raise StopIteration
        self.left -= len(piece)
        return piece

    def close(self) -> None:
        self.file.close()
