"""A program of its own: draws one page of a PDF from its input. It knows nothing of Remit, and may do next to nothing."""

import contextlib
import io
import json
import os
import resource
import sys
from typing import Any

MEMORY = 320 * 1024 * 1024
SECONDS = 2
# A sheet of A4 at 150 dots an inch; what is longer is drawn smaller.
WIDEST, TALLEST = 1_240, 2_480
LARGEST_ANSWER = 2 * 1024 * 1024


def main(number: int) -> None:
    """Page `number`, from 1; 0 only counts them. Answers with a line of JSON, and the picture after it."""
    # Libraries first: from then on no file and no connection can be opened, so that fonts are always the same, too.
    import pypdfium2
    import pypdfium2.raw as raw
    from PIL import Image, WebPImagePlugin  # noqa: F401

    Image.preinit()
    raw.FPDF_GetLastError()
    content = sys.stdin.buffer.read()
    narrow()
    pdf = pypdfium2.PdfDocument(content)
    pages = len(pdf)
    told: dict[str, Any] = {"pages": pages}
    picture = b""
    if 0 < number <= pages:
        made = _drawn(pdf[number - 1])
        told |= {"width": made.width, "height": made.height}
        picture = _packed(made)
    out = sys.stdout.buffer
    out.write(json.dumps(told).encode() + b"\n" + picture)
    out.flush()
    # Nothing is tidied up: a library that stumbles over its own leavings has answered all the same.
    os._exit(0)


def narrow() -> None:
    """From here on it may draw, and end: the system ends what draws for ever, and refuses what it reaches for."""
    for what, most in (
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_CPU, SECONDS),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NPROC, 0),
        (resource.RLIMIT_NOFILE, 0),
    ):
        # A system that knows no such limit has the others.
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(what, (most, most))


def _drawn(page: Any) -> Any:
    width, height = page.get_size()
    if not (0.5 <= width <= 1e7 and 0.5 <= height <= 1e7):
        raise ValueError("This is no size of a page.")
    scale = min(WIDEST / width, TALLEST / height)
    return page.render(scale=scale, draw_annots=True, may_draw_forms=False).to_pil().convert("RGB")


def _packed(picture: Any) -> bytes:
    for quality in (82, 40):
        answer = io.BytesIO()
        picture.save(answer, "WEBP", quality=quality, method=2)
        if answer.tell() <= LARGEST_ANSWER:
            return answer.getvalue()
    raise ValueError("The picture is too large.")


if __name__ == "__main__":
    main(int(sys.argv[1]))
