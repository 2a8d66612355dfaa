"""UUIDv7: ids that sort by creation, so keyset pagination and indexes stay local."""

import datetime
import uuid

import uuid_utils

EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)


def new() -> uuid.UUID:
    # The standard library's class, because drivers and Django know that one.
    return uuid.UUID(int=uuid_utils.uuid7().int)


def many(count: int) -> list[uuid.UUID]:
    return [uuid.UUID(int=uuid_utils.uuid7().int) for _ in range(count)]


def floor(at: datetime.datetime) -> uuid.UUID:
    """The id before all ids made at that moment or later."""
    return uuid.UUID(int=(at - EPOCH) // datetime.timedelta(milliseconds=1) << 80)
