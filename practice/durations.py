"""Lengths of time as data files write them: 30d, 36h, 15m, 0s."""

import re
from datetime import timedelta

UNITS = {"d": "days", "h": "hours", "m": "minutes", "s": "seconds"}


def duration(text: object) -> timedelta:
    match = re.fullmatch(r"(\d{1,5})([dhms])", text) if isinstance(text, str) else None
    if not match:
        raise ValueError(f"{text!r} is not a length of time such as 30d, 36h, 15m or 0s")
    return timedelta(**{UNITS[match[2]]: int(match[1])})


def written(length: timedelta) -> str:
    """As the files write it, in the largest unit that fits."""
    for unit, name in UNITS.items():
        if length and not length % timedelta(**{name: 1}):
            return f"{length // timedelta(**{name: 1})}{unit}"
    return "0s"


def durations(text: str) -> list[timedelta]:
    """Several, as practice/reminder_times.py keeps them: 30d, 7d, 0s."""
    return [duration(word) for word in text.split(", ") if word]
