"""Named lists that upper apps contribute to at start-up (in their apps.py), so that nothing below calls up."""

from collections.abc import Iterator
from typing import Generic, TypeVar

E = TypeVar("E")


class Register(Generic[E]):
    """One list with one entry type, which its declaration documents."""

    def __init__(self, what: str) -> None:
        self.what = what
        self._entries: dict[str, E] = {}

    def add(self, key: str, entry: E) -> None:
        if key in self._entries:
            raise ValueError(f"{self.what}: {key!r} is contributed twice")
        self._entries[key] = entry

    def __getitem__(self, key: str) -> E:
        return self._entries[key]

    def __contains__(self, key: object) -> bool:
        return key in self._entries

    def __iter__(self) -> Iterator[str]:
        return iter(sorted(self._entries))
