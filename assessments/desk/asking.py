"""Questions as boxes on a page, and what was put into them: the runner asks for facts, a lens's own page for its answers."""

from collections.abc import Callable, Collection, Iterable
from typing import Any, Protocol

from django.http import QueryDict

from assessments import questionnaire
from assessments.answers import BadAnswers

Answers = dict[str, Any]


class Asked(Protocol):
    @property
    def name(self) -> str: ...
    @property
    def text(self) -> str: ...
    @property
    def help(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def options(self) -> tuple[tuple[str, str], ...]: ...


def answers(asked: Iterable[Asked], post: QueryDict) -> Answers:
    return {ask.name: questionnaire.typed(ask, post.getlist(ask.name)) for ask in asked}


def boxes(asked: Iterable[Asked], given: Answers, off: Collection[str]) -> list[dict[str, Any]]:
    return [{"ask": ask, "value": given.get(ask.name), "off": ask.name in off} for ask in asked]


def weighed(run: Callable[[Answers], Any], given: Answers) -> tuple[Any, Answers, dict[str, str]]:
    """What can be read is weighed; what cannot is named. The result, what it rests on, and the faults."""
    try:
        return run(given), given, {}
    except BadAnswers as bad:
        sound = {name: value for name, value in given.items() if name not in bad.errors}
        return run(sound), sound, bad.errors
