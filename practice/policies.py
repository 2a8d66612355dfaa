"""A practice's own choices, by key of data/policies.toml."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from practice import book
from practice.models import Practice
from practice.refusals import Invalid

FILE = Path(__file__).parent / "data" / "policies.toml"
# Files of the same form that upper apps add at start-up, each with its own keys.
CONTRIBUTED: list[Path] = []


@dataclass(frozen=True)
class Policy:
    label: str
    kind: str
    default: str
    values: tuple[str, ...]
    """The words allowed, or for a number its least and greatest."""

    def refuses(self, value: Any) -> str | None:
        if self.kind == "number":
            least, greatest = int(self.values[0]), int(self.values[1])
            is_whole = isinstance(value, int) and not isinstance(value, bool)
            return (
                None
                if is_whole and least <= value <= greatest
                else f"A whole number from {least} to {greatest}."
            )
        return None if value in self.values else f"One of: {', '.join(self.values)}."


@cache
def policies() -> dict[str, Policy]:
    return book.tables(Policy, FILE, *CONTRIBUTED)


def of(practice: Practice, key: str) -> Any:
    policy = policies()[key]
    value = practice.policy.get(key, policy.default)
    return int(value) if policy.kind == "number" else value


def check_policy(chosen: Any) -> None:
    if not isinstance(chosen, dict):
        raise Invalid({"policy": ["An object of policy keys is expected."]})
    wrong = {
        f"policy.{key}": [policies()[key].refuses(value) or ""]
        if key in policies()
        else ["No such policy."]
        for key, value in chosen.items()
        if key not in policies() or policies()[key].refuses(value)
    }
    if wrong:
        raise Invalid(wrong)
