"""What a fixture wrote through the verbs, written again for the next test statement by statement.

The verbs run in full the first time. What they said to the database is kept, with what they returned; since every id of
ours is made on this side, saying the same once more leaves the same rows, past the same guards, at a tenth of the cost.
"""

import pickle
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from django.db import connection

R = TypeVar("R")

WRITES = ("INSERT ", "UPDATE ", "DELETE ")
# Kept per database: a worker has one, and another database has none of these rows.
_kept: dict[tuple[str, Any], "Kept"] = {}


@dataclass
class Kept:
    statements: list[tuple[str, Any]] = field(default_factory=list)
    returned: bytes = b""
    whole: bool = True
    """Something was taken back meanwhile, or went another way: saying it again would say too much."""

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.startswith(WRITES):
            self.statements.append((sql, params))
            self.whole &= not many
        elif sql.startswith("ROLLBACK"):
            self.whole = False
        return execute(sql, params, many, context)

    def say(self) -> Any:
        with connection.cursor() as cursor:
            for sql, params in self.statements:
                cursor.execute(sql, params)
        return pickle.loads(self.returned)  # noqa: S301 (pickled below, by this process)


def built(name: str, build: Callable[[], R]) -> R:
    """`build()` the first time; afterwards its rows written again, and copies of what it returned.

    Outside a test's transaction it is always built: what else happens on commit is part of it there.
    """
    if not connection.in_atomic_block:
        return build()
    key = (str(connection.settings_dict["NAME"]), name)
    if key in _kept:
        return _kept[key].say()  # type: ignore[no-any-return]
    kept = Kept()
    with connection.execute_wrapper(kept):
        result = build()
    kept.returned = pickle.dumps(result)
    if kept.whole:
        _kept[key] = kept
    return result
