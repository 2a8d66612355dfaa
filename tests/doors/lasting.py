"""The marked world for all tests of one module: building it takes seconds, and each test's own work is undone anyway.

A test that wants the plain cast instead has it taken away first. No test of such a module may be a transactional one:
those empty the tables, and other connections see nothing of this.
"""

import contextlib
from collections.abc import Iterator
from typing import Any

from django.db import transaction

from tests.doors import world as worlds


class Lasting:
    def __init__(self, blocker: Any) -> None:
        self.blocker, self.around = blocker, contextlib.ExitStack()
        self.built: worlds.World | None = None

    def world(self) -> worlds.World:
        if self.built is None:
            self.built = self.around.enter_context(_around(self.blocker))
        return self.built

    def close(self) -> None:
        self.around.close()
        self.built = None


@contextlib.contextmanager
def _around(blocker: Any) -> Iterator[worlds.World]:
    """Around the tests' own transactions, which become savepoints in this one."""
    with blocker.unblock(), transaction.atomic():
        world = worlds.build()
        with blocker.block():
            yield world
        transaction.set_rollback(True)
