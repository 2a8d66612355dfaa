"""What a verb raises when it says no. The particular refusals stand beside their verbs; here are those all share."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any


class Refusal(Exception):
    """A no with a stable code, a sentence for people and the HTTP status that fits it."""

    status = 422
    code = "refused"
    sentence = "This cannot be done."

    def __init__(self, sentence: str = "", **facts: Any) -> None:
        super().__init__(sentence or self.sentence)
        self.sentence = sentence or self.sentence
        # Further members of the problem answer, such as what is missing.
        self.facts = facts
        # What stays on record though the verb itself is undone: that it was tried.
        self.leaves: Callable[[], None] | None = None


@contextmanager
def leaving() -> Iterator[None]:
    """Around a transaction: once it is undone, what its refusal leaves behind is written."""
    try:
        yield
    except Refusal as refusal:
        if refusal.leaves is not None:
            refusal.leaves()
        raise


class NotFound(Refusal):
    """Missing, or another's: the answer is the same to the byte, or it would tell which."""

    status, code, sentence = 404, "not_found", "There is no such thing here."


class NotAllowed(Refusal):
    status, code, sentence = 403, "not_allowed", "Your role does not allow this."


class Conflict(Refusal):
    status, code, sentence = 409, "conflict", "This does not fit the present state."


class Stale(Refusal):
    status, code, sentence = 412, "stale", "Somebody changed this in the meantime; read it again."


class Invalid(Refusal):
    """Input that cannot be accepted, field by field."""

    status, code, sentence = 400, "invalid", "Some of the input cannot be accepted."

    def __init__(self, errors: dict[str, list[str]]) -> None:
        super().__init__()
        self.errors = errors


class Taken(Conflict):
    code, sentence = "taken", "This is there already."

    def __init__(self, sentence: str = "", field: str = "") -> None:
        super().__init__(sentence)
        self.errors = {field: [self.sentence]} if field else {}


class TooLarge(Refusal):
    status, code, sentence = 413, "too_large", "The body is larger than 1 MB."
