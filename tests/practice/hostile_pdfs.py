"""PDFs that somebody might send who means no good, or whose program broke off. Made when asked for."""

import zlib
from collections.abc import Callable

Part = bytes | tuple[bytes, bytes]


def written(*parts: Part, more: bytes = b"") -> bytes:
    """A PDF of these objects, from 1; the first is its catalogue. A pair is a dictionary's inside and its stream."""
    out, places = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", []
    for number, part in enumerate(parts, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%b\nendobj\n" % (number, _told(part))
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(places) + 1
    told = b"trailer\n<< /Size %d /Root 1 0 R %b >>\nstartxref\n%d\n%%%%EOF\n"
    return (
        out + b"xref\n0 %d\n0000000000 65535 f \n%b" % (size, table) + told % (size, more, len(out))
    )


def _told(part: Part) -> bytes:
    if isinstance(part, bytes):
        return part
    inside, stream = part
    return b"<< %b /Length %d >>\nstream\n%b\nendstream" % (inside, len(stream), stream)


def paper(
    *words: str,
    box: bytes = b"0 0 595 842",
    catalogue: bytes = b"",
    content: bytes | None = None,
    resources: bytes = b"",
    extra: tuple[Part, ...] = (),
    more: bytes = b"",
) -> bytes:
    """A page for each of these lines, in a font that every reader has. Objects 1 to 3 are catalogue, pages, font."""
    kids, parts = [], []
    for line in words:
        number = 4 + len(parts)
        drawn = content if content is not None else f"BT /F 36 Tf 72 700 Td ({line}) Tj ET".encode()
        page = b"<< /Type /Page /Parent 2 0 R /MediaBox [%b] /Contents %d 0 R" % (box, number + 1)
        parts += [
            page + b" /Resources << /Font << /F 3 0 R >> %b >> >>" % resources,
            (b"", drawn),
        ]
        kids.append(b"%d 0 R" % number)
    return written(
        b"<< /Type /Catalog /Pages 2 0 R %b >>" % catalogue,
        b"<< /Type /Pages /Count %d /Kids [%b] >>" % (len(kids), b" ".join(kids)),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        *parts,
        *extra,
        more=more,
    )


def _packed(size: int) -> bytes:
    packing, piece = zlib.compressobj(9), bytes(1024 * 1024)
    return b"".join(packing.compress(piece) for _ in range(size)) + packing.flush()


def _picture(side: int, megabytes: int) -> bytes:
    """A picture whose head says that it is `side` points square."""
    told = b"/Type /XObject /Subtype /Image /Width %d /Height %d /BitsPerComponent 8" % (side, side)
    image = (told + b" /ColorSpace /DeviceRGB /Filter /FlateDecode", _packed(megabytes))
    return paper(
        "A picture",
        content=b"q 500 0 0 500 40 40 cm /I Do Q",
        resources=b"/XObject << /I 6 0 R >>",
        extra=(image,),
    )


def _calls_itself() -> bytes:
    form = b"/Type /XObject /Subtype /Form /BBox [0 0 600 900] /Resources << /XObject << /X 6 0 R >> >>"
    return paper(
        "Round",
        content=b"/X Do",
        resources=b"/XObject << /X 6 0 R >>",
        extra=((form, b"/X Do /X Do /X Do"),),
    )


def _doubling(depth: int) -> bytes:
    """Each form draws the next one ten times."""
    forms: list[Part] = []
    for n in range(depth):
        after = b"/XObject << /X %d 0 R >>" % (7 + n)
        told = b"/Type /XObject /Subtype /Form /BBox [0 0 600 900] /Resources << %b >>" % after
        forms.append((told, b"/X Do " * 10))
    forms.append((b"/Type /XObject /Subtype /Form /BBox [0 0 600 900]", b"0 0 m 9 9 l S " * 500))
    return paper("A", content=b"/X Do", resources=b"/XObject << /X 6 0 R >>", extra=tuple(forms))


def _pages_in_a_circle() -> bytes:
    return written(
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Count 9 /Kids [3 0 R] /Parent 3 0 R >>",
        b"<< /Type /Pages /Count 9 /Kids [2 0 R] /Parent 2 0 R >>",
    )


def _says_it_has(pages: int) -> bytes:
    return paper("One").replace(b"/Count 1 ", b"/Count %d " % pages)


ENCRYPTED = (
    b"/Encrypt << /Filter /Standard /V 1 /R 2 /P -4 /O <" + b"41" * 32 + b"> /U <" + b"42" * 32
) + b"> >> /ID [<00> <00>]"
SCRIPT = b"/OpenAction << /S /JavaScript /JS (while\\(true\\){app.alert\\(1\\)}) >>"
LAUNCH = b"/OpenAction << /S /Launch /F (/bin/sh) >>"
ADDRESS = b"/OpenAction << /S /URI /URI (http://127.0.0.1:9/) >>"
FETCHED = paper(
    "Elsewhere",
    content=b"q 99 0 0 99 0 0 cm /I Do Q",
    resources=b"/XObject << /I 6 0 R >>",
    extra=(
        (
            b"/Type /XObject /Subtype /Image /Width 9 /Height 9 /BitsPerComponent 8"
            b" /ColorSpace /DeviceGray /F << /FS /URL /F (http://127.0.0.1:9/) >>",
            b"",
        ),
    ),
)

# What has no preview: there is nothing in it, it cannot be opened, or it asks for more than it may have.
NOT_DRAWN: dict[str, Callable[[], bytes]] = {
    "nothing but its head and end": lambda: b"%PDF-1.7\n%%EOF\n",
    "without pages": lambda: written(b"<< /Type /Catalog >>"),
    "encrypted": lambda: paper("Secret", more=ENCRYPTED),
    "broken off": lambda: paper("One", "Two")[:300] + b"\n%%EOF\n",
    "pages in a circle": _pages_in_a_circle,
    "noise after its head": lambda: b"%PDF-1.7\n" + bytes(range(256)) * 4_000 + b"%%EOF",
    "a stream that unpacks to a gigabyte": lambda: written(
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Count 1 /Kids [3 0 R] >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R >>",
        (b"/Filter /FlateDecode", _packed(1_000)),
    ),
    "a form that draws itself": _calls_itself,
    "forms that draw forms a thousand million times": lambda: _doubling(9),
    "three million lines": lambda: paper(
        "Lines", content=b"0 0 m 600 900 l 0 900 m 600 0 l S\n" * 280_000
    ),
}
# What is drawn all the same, because all of it that does harm is left alone.
DRAWN: dict[str, Callable[[], bytes]] = {
    "plain": lambda: paper("One"),
    "a script when it is opened": lambda: paper("One", catalogue=SCRIPT),
    "a program when it is opened": lambda: paper("One", catalogue=LAUNCH),
    "an address when it is opened": lambda: paper("One", catalogue=ADDRESS),
    "a picture from elsewhere": lambda: FETCHED,
    "a sheet of a hundred kilometres": lambda: paper("One", box=b"0 0 9000000 9000000"),
    "a sheet without an end": lambda: paper("One", box=b"0 0 1e30 1e30"),
    "a picture of sixteen thousand million points": lambda: _picture(126_000, 8),
    "a strip": lambda: paper("One", box=b"0 0 2 9000000"),
    "lists in lists": lambda: paper("One", catalogue=b"/X " + b"[" * 50_000 + b"]" * 50_000),
    "five thousand pages": lambda: paper(*["Page"] * 5_000),
    "two thousand million pages that are not there": lambda: _says_it_has(2_147_483_647),
}
