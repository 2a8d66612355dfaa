"""Runs a shipped lens, or the panel, over answers on standard input: one JSON object a line in, one a line out.

Opens no database. Standard output carries results only, in the order of the input."""

import sys
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Any

import orjson
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from assessments import evaluation, library, panel
from assessments.answers import BadAnswers


class Command(BaseCommand):
    help = __doc__
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("lens", help=f"panel, or one of {', '.join(library.newest())}")

    def handle(self, *, lens: str, **options: Any) -> None:
        run = _runner(lens)
        out = sys.stdout.buffer
        for line in _lines(sys.stdin.buffer):
            out.write(orjson.dumps(_answered(run, line), option=orjson.OPT_UTC_Z) + b"\n")
        out.flush()


def _lines(stream: Iterable[bytes]) -> Iterator[bytes]:
    """Blank lines too, so that answers keep their places; only those at the very end are nobody's."""
    blank = 0
    for line in stream:
        if line.strip():
            yield from [b""] * blank
            blank = 0
            yield line
        else:
            blank += 1


def _runner(lens: str) -> Callable[[Any], dict[str, Any]]:
    if lens == "panel":
        return panel.evaluate
    found = library.newest().get(lens)
    if found is None:
        raise CommandError(f"No lens {lens!r}; there are {', '.join(library.newest())} and panel.")
    return partial(evaluation.evaluate, found)


def _answered(run: Callable[[Any], dict[str, Any]], line: bytes) -> dict[str, Any]:
    try:
        return {**run(orjson.loads(line)), "evaluated_at": timezone.now()}
    except orjson.JSONDecodeError as wrong:
        return {"error": f"not JSON: {wrong}"}
    except BadAnswers as bad:
        return {"error": str(bad), "errors": bad.errors}
