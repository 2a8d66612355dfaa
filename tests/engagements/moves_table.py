"""Every move there could be, with its kind or the code of its refusal, written out by hand from domain 4.3 and 4.4."""

# From ("" is the beginning) × to: the kind of the move, under other terms; or the refusal's code.
POINTS = """
from           ADVISORY          SPRINT            RETAINER          RETAINER_HIGH     FULL_TIME
-              begin             begin             begin             begin             move_not_allowed
ADVISORY       terms             up                up                up                move_not_allowed
SPRINT         down              terms             up                up                move_not_allowed
RETAINER       down              down              terms             up                up
RETAINER_HIGH  down              down              down              terms             up
FULL_TIME      move_not_allowed  move_not_allowed  move_not_allowed  move_not_allowed  move_not_allowed
"""

# The same, with nothing but the point other than now.
UNCHANGED = {
    "ADVISORY": "same_as_present",
    # A sprint ends by itself, so one more like it is a new order.
    "SPRINT": "terms",
    "RETAINER": "same_as_present",
    "RETAINER_HIGH": "same_as_present",
}

# Within a retainer, from phase × to phase: the kind, or the code; terms unchanged.
PHASES = """
from           first_90_days     months_4_12       year_2_on
first_90_days  same_as_present   phase             move_not_allowed
months_4_12    move_not_allowed  same_as_present   phase
year_2_on      move_not_allowed  move_not_allowed  same_as_present
"""


def cells(table: str) -> list[tuple[str, str, str]]:
    head, *rows = [line.split() for line in table.strip().splitlines()]
    return [
        ("" if row[0] == "-" else row[0], to, said)
        for row in rows
        for to, said in zip(head[1:], row[1:], strict=True)
    ]
