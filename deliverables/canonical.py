"""Canonical JSON (RFC 8785): the one text of a value, which is what gets hashed and signed."""

from typing import Any

import rfc8785


class NotCanonical(TypeError):
    """A value whose text others could write differently: fractions and moments are written as words first."""


def text(value: Any) -> str:
    _plain(value)
    try:
        return rfc8785.dumps(value).decode()
    except rfc8785.CanonicalizationError as wrong:
        raise NotCanonical(str(wrong)) from wrong


def _plain(value: Any) -> None:
    """The standard takes fractions; a log does not, because money is none and languages round differently."""
    if isinstance(value, dict):
        for name, inner in value.items():
            if type(name) is not str:
                raise NotCanonical(f"{name!r} is no name")
            _plain(inner)
    elif isinstance(value, list):
        for inner in value:
            _plain(inner)
    elif value is not None and type(value) not in (str, int, bool):
        raise NotCanonical(f"{type(value).__name__} is not written as it is; say it in words")
