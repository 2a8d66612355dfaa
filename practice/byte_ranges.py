"""Which part of some bytes a request asks for (RFC 9110, section 14). One part only; several are answered with all."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from practice.refusals import Refusal

# Nineteen digits are more than any size, and no work to read.
ONE = re.compile(r"bytes=([0-9]{0,19})-([0-9]{0,19})", re.IGNORECASE)


class NoSuchRange(Refusal):
    status, code, sentence = 416, "no_such_range", "The file has no such part."


@dataclass(frozen=True)
class Part:
    first: int
    length: int


def asked(headers: Mapping[str, str], *, size: int, etag: str) -> Part | None:
    """The part that is wanted, or None for the whole: also where the question is none, or is about other bytes."""
    found = ONE.fullmatch(headers.get("Range", "").strip())
    # We tell no dates, so only our own tag says that what somebody has begun to save is this.
    if found is None or headers.get("If-Range", etag).strip() != etag:
        return None
    first, last = found.groups()
    if not first and not last:
        return None
    if not first:
        return _of(max(size - int(last), 0), size, size)
    if last and int(last) < int(first):
        return None
    return _of(int(first), min(int(last) + 1, size) if last else size, size)


def _of(first: int, end: int, size: int) -> Part:
    if first >= size:
        raise NoSuchRange
    return Part(first, end - first)
