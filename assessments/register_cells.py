"""What one cell of a file means: days, months, money, yes and no, words of a list. Pure; a ValueError says what is wrong."""

import datetime
import re
from collections.abc import Iterable
from decimal import Decimal
from typing import NoReturn

DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})\Z", re.ASCII)
MONTH = re.compile(r"(\d{4})-(\d{2})(?:-01)?\Z", re.ASCII)
MONEY = re.compile(r"[+-]?\d{1,12}(?:\.\d{1,2}0*)?\Z", re.ASCII)
WHOLE = re.compile(r"\d{1,4}\Z", re.ASCII)
YES, NO = {"yes", "true", "1", "y"}, {"no", "false", "0", "n"}


def day(text: str) -> datetime.date:
    match = DAY.match(text)
    return _date(match[1], match[2], match[3]) if match else _no("A day such as 2025-03-31.")


def month(text: str) -> datetime.date:
    match = MONTH.match(text)
    return _date(match[1], match[2], "01") if match else _no("A month such as 2025-03.")


def money(text: str, *, decimal_comma: bool) -> Decimal:
    """No separators of thousands: 1.234 is one and a bit here and a thousand there."""
    plain = text.replace(",", ".") if decimal_comma and "." not in text else text
    if not MONEY.match(plain):
        _no("An amount such as 1234.50: at most two decimals, nothing between the thousands.")
    return Decimal(plain).quantize(Decimal("0.01"))


def flag(text: str) -> bool:
    word_ = text.casefold()
    if word_ not in YES | NO:
        _no("Yes or no.")
    return word_ in YES


def whole(text: str) -> int:
    if not WHOLE.match(text):
        _no("A whole number.")
    return int(text)


def word(text: str, choices: Iterable[tuple[str, str]]) -> str:
    """By its key or as people are shown it."""
    known = list(choices)
    meant = {said.casefold(): key for key, label in known for said in (key, str(label))}
    found = meant.get(text.casefold())
    return found if found is not None else _no(f"One of: {', '.join(key for key, _ in known)}.")


def words(text: str, choices: Iterable[tuple[str, str]]) -> list[str]:
    """Several of them, between commas, semicolons or bars."""
    known = list(choices)
    return [word(part.strip(), known) for part in re.split(r"[,;|]", text) if part.strip()]


def _date(year: str, month_: str, day_: str) -> datetime.date:
    try:
        return datetime.date(int(year), int(month_), int(day_))
    except ValueError:
        _no("There is no such day.")


def _no(why: str) -> NoReturn:
    raise ValueError(why)
