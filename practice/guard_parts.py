"""What the guards of both engines are made of: a statement each, its name, and how what is settled is compared."""

import hashlib
from dataclasses import dataclass


@dataclass(frozen=True)
class Guard:
    table: str
    name: str
    create: str
    drop: str


def named(*parts: str) -> str:
    """A readable name that fits PostgreSQL's 63 characters."""
    whole = "_".join(parts)
    return (
        whole
        if len(whole) <= 60
        else whole[:50] + "_" + hashlib.sha256(whole.encode()).hexdigest()[:8]
    )


def words_of(words: tuple[str, ...]) -> str:
    return "(" + ", ".join(f"'{word}'" for word in words) + ")"


def changed(column: str, erased: str, differs: str) -> str:
    differ = f'NEW."{column}" {differs} OLD."{column}"'
    return (
        f"({differ} AND CAST(NEW.\"{column}\" AS text) {differs} '{erased}')" if erased else differ
    )
