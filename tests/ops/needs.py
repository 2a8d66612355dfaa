"""What a test needs from the machine, and what happens where it is missing."""

import contextlib
import os
from collections.abc import Iterator

import pytest

from tests import proofs


@contextlib.contextmanager
def needed() -> Iterator[None]:
    """A missing server program skips the test, except where REQUIRE_SERVICES=1 promises that it is there."""
    try:
        yield
    except proofs.Missing as missing:
        if os.environ.get("REQUIRE_SERVICES") == "1":
            raise
        pytest.skip(str(missing))
