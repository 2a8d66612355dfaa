"""When a delivery is tried again, and for how long a receiver is left alone. Pure."""

import datetime
import email.utils
import hashlib

S, M, H = (datetime.timedelta(seconds=n) for n in (1, 60, 3600))
# Ten attempts in about 75 hours, as Standard Webhooks recommends.
WAITS = (5 * S, 5 * M, 30 * M, 2 * H, 5 * H, 10 * H, 14 * H, 20 * H, 24 * H)
ATTEMPTS = len(WAITS) + 1
# At most a tenth is added, so that a receiver that comes back is not met by everything at once.
SPREAD = 0.1
LONGEST_ASKED = 24 * H
LONGEST_PAUSE = 5 * M
# Longer than one delivery's ten attempts: then nobody is repairing it.
GIVEN_UP_AFTER = datetime.timedelta(days=5)


def wait(attempt: int, delivery: str) -> datetime.timedelta | None:
    """After the attempt of this number has failed; None: that was the last."""
    if attempt >= ATTEMPTS:
        return None
    seed = hashlib.sha256(f"{delivery}:{attempt}".encode()).digest()
    spread: float = 1 + SPREAD * int.from_bytes(seed[:4]) / 2**32
    return WAITS[attempt - 1] * spread


def pause(failures: int) -> datetime.timedelta:
    """The whole receiver rests after so many failures in a row: its backlog is not thrown at it."""
    doubled: int = 2 ** min(failures - 1, 20)
    return min(5 * S * doubled, LONGEST_PAUSE)


def asked(retry_after: str, now: datetime.datetime) -> datetime.timedelta | None:
    """What the receiver asks for: seconds or a date; nonsense asks for nothing, and nobody for more than a day."""
    text = retry_after.strip()
    if text.isascii() and text.isdigit():
        # Nine digits are thirty years; more would not fit a duration.
        wanted = datetime.timedelta(seconds=int(text[:9]))
    else:
        try:
            wanted = email.utils.parsedate_to_datetime(text) - now
        except (ValueError, TypeError):
            return None
    return max(min(wanted, LONGEST_ASKED), 0 * S)
