"""How the tests of the law table describe a system, and what they are told of it."""

from datetime import date

from assessments import law, law_faults
from assessments.law import System

TODAY = date(2026, 11, 21)
# What concerns every system there is.
ALWAYS = {"force", "sandboxes", "penal"}


def described(tier, *words, placed_on=None):
    words = frozenset(words)
    return System(tier, words & set(law.ROLES), words - set(law.ROLES), placed_on)


def dated(table, system, on=TODAY):
    """State and day of each row, without those that concern every system."""
    rows = law.applying(table, system, on=on)
    return {row.key: f"{row.state} {row.when}" for row in rows if row.key not in ALWAYS}


def told():
    return [str(bad) for bad in law_faults.unsound()]
