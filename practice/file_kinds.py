"""Which kinds of files are taken, told by their bytes. Pure. What is inside office files: practice/office_files.py."""

import codecs
import re
from collections.abc import Callable

from practice import office_files


class Unwanted(Exception):
    """Why a file is not taken, as a sentence for the person who sent it."""


TAKEN = "PDF, PNG, JPG, WebP, TXT, MD, CSV, DOCX, XLSX, PPTX and EML"
NOT_THAT = "This is not what its name says: the content is no {}."
# What turns text into a page that acts. Looked for where a browser would look.
MARKUP = re.compile(
    rb"<\s*(?:!doctype|html|head|body|script|svg|iframe|object|embed|\?xml\b)", re.IGNORECASE
)
LOOKED_AT = 2_048
HEADER_LINE = re.compile(rb"[!-9;-~]+:[ \t]")
AFTER_HEAD = re.compile(rb"\r?\n\r?\n")
LONGEST_HEAD = 256 * 1024
AT_ONCE = 64 * 1024
# What text has no use for: control characters but for tab, line and form feed and carriage return, and DEL.
UNSHOWN = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f]")


def media_type(name: str, content: bytes) -> str:
    """The media type of a file we take; its name must agree with its bytes."""
    ending = name.rpartition(".")[2].lower() if "." in name else ""
    if ending not in KINDS:
        raise Unwanted(f"Files of this kind are not taken; what is: {TAKEN}.")
    if not content:
        raise Unwanted("The file is empty.")
    told, is_so = KINDS[ending]
    if not is_so(content):
        raise Unwanted(NOT_THAT.format(ending.upper()))
    return told


def _pdf(content: bytes) -> bool:
    return (
        content.startswith(b"%PDF-")
        and b"%%EOF" in content[-1_024:]
        and not MARKUP.search(content[:LOOKED_AT])
        and not _ends_as_zip(content)
    )


def _png(content: bytes) -> bool:
    return content.startswith(b"\x89PNG\r\n\x1a\n") and content.endswith(b"IEND\xaeB`\x82")


def _jpg(content: bytes) -> bool:
    return content.startswith(b"\xff\xd8\xff") and content.rstrip(b"\0\r\n").endswith(b"\xff\xd9")


def _webp(content: bytes) -> bool:
    told = int.from_bytes(content[4:8], "little") + 8
    # An odd length is padded by one byte, which some writers leave out.
    whole = told <= len(content) <= told + 1
    return content.startswith(b"RIFF") and content[8:12] == b"WEBP" and whole


def _text(content: bytes) -> bool:
    # A piece at a time: as one text, ten megabytes can take forty.
    decoder = codecs.getincrementaldecoder("utf-8-sig")()
    try:
        for at in range(0, len(content), AT_ONCE):
            end = at + AT_ONCE
            if UNSHOWN.search(decoder.decode(content[at:end], final=end >= len(content))):
                return False
    except UnicodeDecodeError:
        return False
    return not MARKUP.search(content[:LOOKED_AT])


def _eml(content: bytes) -> bool:
    """A message begins with header lines; whether it carries HTML is the reader's business, who saves it first."""
    end = AFTER_HEAD.search(content, 0, LONGEST_HEAD)
    head = content[: end.start() if end else LONGEST_HEAD].replace(b"\r\n", b"\n")
    lines = [line for line in head.split(b"\n") if not line.startswith((b" ", b"\t"))]
    named = {line.partition(b":")[0].lower() for line in lines}
    whole = bool(lines) and all(HEADER_LINE.match(line) for line in lines)
    return whole and b"\0" not in content and b"from" in named and b"date" in named


def _office(whole: str) -> Callable[[bytes], bool]:
    return lambda content: office_files.is_sound(content, whole)


def _ends_as_zip(content: bytes) -> bool:
    return b"PK\x05\x06" in content[-65_557:]


_OFFICE = "application/vnd.openxmlformats-officedocument."
KINDS: dict[str, tuple[str, Callable[[bytes], bool]]] = {
    "pdf": ("application/pdf", _pdf),
    "png": ("image/png", _png),
    "jpg": ("image/jpeg", _jpg),
    "jpeg": ("image/jpeg", _jpg),
    "webp": ("image/webp", _webp),
    "txt": ("text/plain", _text),
    "md": ("text/markdown", _text),
    "csv": ("text/csv", _text),
    "docx": (f"{_OFFICE}wordprocessingml.document", _office("word/document.xml")),
    "xlsx": (f"{_OFFICE}spreadsheetml.sheet", _office("xl/workbook.xml")),
    "pptx": (f"{_OFFICE}presentationml.presentation", _office("ppt/presentation.xml")),
    "eml": ("message/rfc822", _eml),
}
MEDIA_TYPES = sorted({told for told, _ in KINDS.values()})
