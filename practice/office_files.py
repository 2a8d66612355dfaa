"""Whether a zip-based office file is what it says and harmless to open. Unpacked here a little at a time and thrown
away, because its directory may lie: a bomb declares little and inflates to much."""

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator

# Once unpacked: nobody's contract is larger, and most bombs are.
LARGEST_UNPACKED = 100 * 1024 * 1024
MOST_ENTRIES = 2_000
AT_ONCE = 64 * 1024
LOCAL = struct.Struct("<4s5H3I2H")
STORED, DEFLATED = 0, 8
# Declarations of entities, with which a few lines of XML become gigabytes; the format forbids them.
DECLARES = re.compile(rb"<!(?:doctype|entity)", re.IGNORECASE)
LONGEST_MARK = 16
XML = (".xml", ".rels", ".vml")
# What acts when it is opened: macros, programs, and files that have some.
ACTS = ("vbaproject.bin", "vbadata.xml", ".docm", ".xlsm", ".pptm", ".exe", ".dll", ".com", ".scr", ".msi", ".bat",
        ".cmd", ".ps1", ".vbs", ".vbe", ".js", ".jse", ".wsf", ".hta", ".jar", ".lnk", ".reg")  # fmt: skip


def is_sound(content: bytes, whole: str) -> bool:
    """`whole` is the part that makes it a text, a sheet or slides."""
    # Anything before the archive or behind it would be a second file in one.
    if not content.startswith(b"PK\x03\x04") or content[-22:-18] != b"PK\x05\x06":
        return False
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries, comment = archive.infolist(), archive.comment
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError):
        return False
    names = [entry.orig_filename for entry in entries]
    return (
        not comment
        and {"[Content_Types].xml", whole} <= set(names)
        and len(set(names)) == len(names) <= MOST_ENTRIES
        # By their own word first: nothing is unpacked of what admits to be too large.
        and sum(entry.file_size for entry in entries) <= LARGEST_UNPACKED
        and all(map(_harmless, names))
        and all(_as_declared(content, entry) for entry in entries)
    )


def _harmless(name: str) -> bool:
    """Stays inside the archive, and is no macro or program."""
    out = name.startswith("/") or "\\" in name or ":" in name or ".." in name.split("/")
    lower = name.lower()
    return not out and "\0" not in name and not lower.endswith(ACTS) and "/activex/" not in lower


def _as_declared(content: bytes, entry: zipfile.ZipInfo) -> bool:
    """Its bytes unpack to just the size and the checksum that the directory names, and declare nothing."""
    size, crc, tail = 0, 0, b""
    try:
        for piece in _unpacked(content, entry):
            size, crc = size + len(piece), zlib.crc32(piece, crc)
            if size > entry.file_size:
                return False
            if entry.orig_filename.lower().endswith(XML):
                # Without the zeros it reads the same in UTF-16.
                tail += piece.replace(b"\0", b"")
                if DECLARES.search(tail):
                    return False
                tail = tail[-LONGEST_MARK:]
    except (ValueError, struct.error, zlib.error):
        return False
    return (size, crc) == (entry.file_size, entry.CRC)


def _unpacked(content: bytes, entry: zipfile.ZipInfo) -> Iterator[bytes]:
    mark, _, flags, method, *_, name_length, more = LOCAL.unpack_from(content, entry.header_offset)
    name = content[(start := entry.header_offset + LOCAL.size) : start + name_length]
    if mark != b"PK\x03\x04" or (flags | entry.flag_bits) & 1 or method != entry.compress_type:
        raise ValueError("no such entry, encrypted, or packed otherwise than the directory says")
    # Else many entries could share one packed part, and unpack to many times what the file holds.
    if name.decode("utf-8" if flags & 0x800 else "cp437") != entry.orig_filename:
        raise ValueError("not the entry that the directory names")
    begin = start + name_length + more
    packed = memoryview(content)[begin : begin + entry.compress_size]
    if len(packed) != entry.compress_size or method not in (STORED, DEFLATED):
        raise ValueError("cut off, or packed in a way that office programs do not use")
    if method == STORED:
        yield from (bytes(packed[at : at + AT_ONCE]) for at in range(0, len(packed), AT_ONCE))
        return
    inflating = zlib.decompressobj(-zlib.MAX_WBITS)
    for at in range(0, len(packed), AT_ONCE):
        piece = inflating.decompress(packed[at : at + AT_ONCE], AT_ONCE)
        while piece:
            yield piece
            piece = inflating.decompress(inflating.unconsumed_tail, AT_ONCE)
    if not inflating.eof or inflating.unused_data:
        raise ValueError("longer or shorter than its own end says")
