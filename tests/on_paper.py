"""What a PDF says and how it is set, as other programs read it."""

import io
import re
import shutil
import subprocess
import unicodedata

import pypdf
from pypdf.generic import ContentStream, TextStringObject

from tests import proofs


def pages(made: bytes) -> list[str]:
    """What a reader in Python finds on each page, with single spaces."""
    return [
        " ".join(page.extract_text().split()) for page in pypdf.PdfReader(io.BytesIO(made)).pages
    ]


def by_poppler(made: bytes) -> str:
    program = shutil.which("pdftotext")
    if program is None:
        raise proofs.Missing("pdftotext (poppler-utils) is not on this machine")
    done = subprocess.run(
        [program, "-layout", "-", "-"], input=made, capture_output=True, check=True
    )
    return done.stdout.decode()


def text(made: bytes) -> str:
    """By whichever reader is there: poppler takes a tenth of the time."""
    return by_poppler(made) if shutil.which("pdftotext") else " ".join(pages(made))


def close(words: str) -> str:
    """Without what a line break adds and what writes the same letter in another way."""
    return re.sub(r"[\s\u200b\u202a-\u202c]", "", unicodedata.normalize("NFKC", words))


def boxes(made: bytes) -> list[int]:
    """How many letters of each page no face had: they are set as the glyph 0 of whatever face."""
    reader = pypdf.PdfReader(io.BytesIO(made))
    return [_of_nothing(ContentStream(page.get_contents(), reader)) for page in reader.pages]


def _of_nothing(drawn: ContentStream) -> int:
    shown = [
        part
        for operands, operator in drawn.operations
        if operator in (b"Tj", b"TJ")
        for part in (operands[0] if operator == b"TJ" else operands)
    ]
    codes = [
        part.original_bytes if isinstance(part, TextStringObject) else part
        for part in shown
        if isinstance(part, str | bytes)
    ]
    # Every face is embedded with codes of two bytes, which are its glyphs.
    return sum(raw[at : at + 2] == b"\0\0" for raw in codes for at in range(0, len(raw), 2))
