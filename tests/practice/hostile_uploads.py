"""What somebody might send who means no good: file name as it travels, and bytes. Made when asked for, because some of
them are large."""

import io
import struct
import zipfile
import zlib
from collections.abc import Callable

from tests.practice.test_files import (
    EML,
    HTML,
    JPG,
    PDF,
    PNG,
    SVG,
    UNWANTED,
    WEBP,
    declares,
)

MEGABYTE = 1024 * 1024
LOCAL, CENTRAL = b"PK\x03\x04", b"PK\x01\x02"
ENTITIES = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><x>&b;</x>'
Upload = tuple[bytes, bytes]


def packed(*parts: tuple[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name in ("[Content_Types].xml", "word/document.xml"):
            archive.writestr(name, "<x/>")
        for name, content in parts:
            archive.writestr(name, content)
    return out.getvalue()


def zeros(megabytes: int) -> bytes:
    """A thousandth of what it unpacks to."""
    packing, piece = zlib.compressobj(9, zlib.DEFLATED, -15), bytes(MEGABYTE)
    return b"".join(packing.compress(piece) for _ in range(megabytes)) + packing.flush()


def bomb(megabytes: int, *, declared: int, entries: int = 1) -> bytes:
    """Its directory says `declared` for each entry, whatever is in it."""
    body, out, listed = zeros(megabytes), [], []
    plain = [("[Content_Types].xml", b"<x/>"), ("word/document.xml", b"<x/>")]
    parts = [(n, zlib.compress(c)[2:-4], len(c), zlib.crc32(c)) for n, c in plain]
    crc = zlib.crc32(bytes(min(declared, MEGABYTE)))
    parts += [(f"word/media/{n}.png", body, declared, crc) for n in range(entries)]
    at = 0
    for name, held, size, crc in parts:
        told = struct.pack("<5H3I2H", 20, 0, 8, 0, 33, crc, len(held), size, len(name), 0)
        out.append(LOCAL + told + name.encode() + held)
        more = struct.pack("<3H2I", 0, 0, 0, 0, at)
        listed.append(CENTRAL + b"\x14\0" + told + more + name.encode())
        at += len(out[-1])
    told = b"".join(listed)
    end = struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, len(parts), len(parts), len(told), at, 0)
    return b"".join(out) + told + end


def overlapping() -> bytes:
    """A hundred names in the directory for one packed part."""
    content = packed(("word/media/00.png", bytes(MEGABYTE // 2)))
    at, end = content.rindex(CENTRAL), content.rindex(b"PK\x05\x06")
    entry, before = content[at:end], content[:end]
    more = b"".join(entry.replace(b"00.png", b"%02d.png" % n) for n in range(1, 100))
    count, size, offset = struct.unpack("<H2I", content[end + 10 : end + 20])
    told = struct.pack("<2H2IH", count + 99, count + 99, size + len(more), offset, 0)
    return before + more + b"PK\x05\x06\0\0\0\0" + told


def crc_changed() -> bytes:
    content = bytearray(packed())
    content[content.rindex(CENTRAL) + 16] ^= 1
    return bytes(content)


def packed_otherwise() -> bytes:
    return packed(("word/media/a.png", b"a" * 2_000), method=zipfile.ZIP_BZIP2)


BYTES: dict[str, tuple[bytes, Callable[[], bytes]]] = {
    # Pages and pictures that act, under names that look tame.
    "page after a picture's head": (b"a.png", lambda: PNG[:8] + HTML),
    "page in a picture's comment": (b"a.jpg", lambda: JPG[:-2] + HTML + b"\xff\xd9" + HTML),
    "page after a webp": (b"a.webp", lambda: WEBP + HTML),
    "gif with a script": (b"a.gif", lambda: b"GIF89a/*" + HTML + b"*/=1"),
    "bitmap": (b"a.bmp", lambda: b"BM" + bytes(60)),
    "svg with a script as png": (b"a.svg.png", lambda: SVG),
    "svg in capitals as text": (b"a.txt", lambda: b"<SVG/ONLOAD=alert(1)>"),
    "svg with a declaration as md": (b"a.md", lambda: b"<?xml version='1.0'?>" + SVG),
    "svg, compressed": (b"a.svgz", lambda: b"\x1f\x8b\x08" + bytes(20)),
    "page after a byte order mark": (b"a.csv", lambda: b"\xef\xbb\xbf \n" + HTML),
    "page in UTF-16 as text": (b"a.txt", lambda: HTML.decode().encode("utf-16")),
    "page in UTF-7 as text": (b"a.txt", lambda: b"+ADw-script+AD4-alert(1)+ADw-/script+AD4-\0"),
    "page as mht": (b"a.mht", lambda: EML),
    "xhtml": (b"a.xhtml", lambda: HTML),
    "style sheet": (b"a.css", lambda: b"body{}"),
    "script": (b"a.js", lambda: b"alert(1)"),
    "script as json": (b"a.json", lambda: b"{}"),
    "xml with a style sheet": (b"a.xml", lambda: b"<?xml-stylesheet href='x'?><a/>"),
    "flash": (b"a.swf", lambda: b"CWS" + bytes(20)),
    "java archive as pdf": (b"a.pdf", lambda: PDF + packed()),
    "pdf with a page first": (b"a.pdf", lambda: HTML + PDF),
    "xfa page in a pdf's head": (b"a.pdf", lambda: PDF[:9] + SVG + PDF[9:]),
    "rich text": (b"a.rtf", lambda: b"{\\rtf1 x}"),
    "old sheet": (b"a.xls", lambda: b"\xd0\xcf\x11\xe0" + bytes(512)),
    "sheet that runs": (b"a.slk", lambda: b"ID;P\nC;K1;ECALL"),
    "shortcut": (b"a.lnk", lambda: b"L\0\0\0" + bytes(60)),
    "address file": (b"a.url", lambda: b"[InternetShortcut]\nURL=file:///x"),
    "program for Linux as pdf": (b"a.pdf", lambda: b"\x7fELF" + bytes(60) + b"%%EOF"),
    "shell as text without text": (b"a.sh", lambda: b"#!/bin/sh\nrm -rf /"),
    "php in a picture": (b"a.php", lambda: PNG),
    "php before a picture's ending": (b"a.php.png", lambda: b"<?php system($_GET['c']);"),
    "template": (b"a.dotm", packed),
    "archive": (b"a.zip", packed),
    "archive in an archive": (b"a.tar.gz", lambda: b"\x1f\x8b" + bytes(60)),
    # Bombs.
    "docx of 200 MB by its word": (b"a.docx", lambda: bomb(1, declared=200 * MEGABYTE)),
    "docx of 4 GB by its word": (b"a.docx", lambda: declares(2**32 - 2)),
    "docx that says 1 MB and is 200": (b"a.docx", lambda: bomb(200, declared=MEGABYTE)),
    "docx that says 64 KB and is 100 MB": (b"a.docx", lambda: bomb(100, declared=65_536)),
    "docx of thirty times 4 MB": (b"a.docx", lambda: bomb(4, declared=4 * MEGABYTE, entries=30)),
    "docx with a hundred names for one part": (b"a.docx", overlapping),
    "docx with 3,000 parts": (
        b"a.docx",
        lambda: packed(*((f"word/{n}.xml", b"") for n in range(3_000))),
    ),
    "docx with entities": (b"a.docx", lambda: packed(("word/a.xml", ENTITIES))),
    "docx with entities in UTF-16": (
        b"a.docx",
        lambda: packed(("word/a.xml", ENTITIES.decode().encode("utf-16"))),
    ),
    "docx with entities far down": (
        b"a.docx",
        lambda: packed(("word/a.rels", b" " * 65_531 + ENTITIES)),
    ),
    "docx whose checksum is wrong": (b"a.docx", crc_changed),
    "docx packed in another way": (b"a.docx", packed_otherwise),
    # What else is in an archive.
    "docx with a script": (b"a.docx", lambda: packed(("word/a.vbs", b"x"))),
    "docx with a shortcut": (b"a.docx", lambda: packed(("word/a.LNK", b"x"))),
    "docx with controls": (b"a.docx", lambda: packed(("word/activeX/activeX1.bin", b"x"))),
    "docx with a sheet that has macros": (b"a.docx", lambda: packed(("word/e/a.xlsm", b"x"))),
    "docx that climbs by backslashes": (b"a.docx", lambda: packed(("..\\..\\a.xml", b"x"))),
    "docx with a drive": (b"a.docx", lambda: packed(("C:/a.xml", b"x"))),
    # Sizes.
    "nothing": (b"a.txt", lambda: b""),
    "a byte too many": (b"a.txt", lambda: b"a" * (10 * MEGABYTE + 1)),
    "twelve megabytes": (b"a.pdf", lambda: PDF + bytes(12 * MEGABYTE)),
    "ten megabytes of NUL": (b"a.txt", lambda: bytes(10 * MEGABYTE)),
    "ten megabytes of head": (b"a.eml", lambda: b"From: a\nDate: b\n" + b"x" * 10 * MEGABYTE),
}
# Names, with bytes that are what they say: taken, and kept under a name of ours.
NAMES: dict[str, bytes] = {
    "up": b"../../../../etc/cron.d/a.txt",
    "up, encoded": b"%2e%2e%2f%2e%2e%2fetc%2fa.txt",
    "up, by backslashes": b"..\\..\\windows\\system32\\a.txt",
    "up, twice": b"....//....//a.txt",
    "absolute": b"/etc/passwd.txt",
    "a drive": b"C:\\Users\\a.txt",
    "a share": b"\\\\host\\share\\a.txt",
    "a stream": b"a.txt:evil.exe.txt",
    "right to left": "a\u202etxt.exe.txt".encode(),
    "isolated": "\u2067a\u2069.txt".encode(),
    "invisible": "a\u200b\u200d\ufeff.txt".encode(),
    "line separator": "a\u2028b.txt".encode(),
    "tags of a flag": "a\U000e0061\U000e007f.txt".encode(),
    "header after a line break": b"a.txt\r\nContent-Type: text/html\r\nX: b.txt",
    "header after a bare line feed": b"a\nSet-Cookie: a=b\n.txt",
    "NUL": b"a.exe\0.txt",
    "NUL, encoded": b"a.exe%00.txt",
    "escape codes": b"\x1b]0;a\x07.txt",
    "quotes": b'a\\"; filename=\\"b.html\\"; x=\\".txt',
    "a tag": b"<img src=x onerror=alert(1)>.txt",
    "a formula": b"=cmd|' /C calc'!A0.txt",
    "a template": b"{{7*7}}${7*7}#{7*7}.txt",
    "a query": b"a.txt?x=.html#y.txt",
    "a command": b"$(reboot);`reboot`|a.txt",
    "many dots": b"." * 200 + b"a.txt",
    "two endings": b"a.html.txt",
    "endings that a server runs": b"a.php.phtml.txt",
    "long": b"a" * 400 + b".txt",
    "long, in four bytes each": "\U0001f600".encode() * 150 + b".txt",
    "combining": b"a" + "\u0301".encode() * 400 + b".txt",
    "a reserved name": b"CON.txt",
    "a dot file": b".htaccess.txt",
}
NO_NAMES: dict[str, bytes] = {
    "longer than a form's head may be": b"a" * 5_000 + b".txt",
    "not UTF-8": b"a\xff\xfe.txt",
    "only spaces": b"   .txt",
    "only what hides": "\u202e\u200b.txt".encode(),
    "no ending": b"contract",
}
WORDS = b"Plain words.\n"


def all_of_them() -> dict[str, tuple[bytes, Callable[[], bytes]]]:
    """Every case by its name: the name it travels under, and what makes its bytes."""
    known = {f"known: {w}": (n.encode(), lambda c=c: c) for w, (n, c) in UNWANTED.items()}
    names = {f"name: {what}": (name, lambda: WORDS) for what, name in NAMES.items()}
    bad_names = {f"no name: {what}": (name, lambda: WORDS) for what, name in NO_NAMES.items()}
    return {**known, **BYTES, **names, **bad_names}
