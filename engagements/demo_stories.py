"""Which engagements the demo holds, and in which weeks somebody worked for them. Data; demo.py tells it through the verbs."""

from dataclasses import dataclass, field
from typing import Any

from practice.demo.stories import ANSEL, BETTINA, OWNER


@dataclass(frozen=True)
class Work:
    """The same every week: (weekday, hat or joint, minutes, what), and a star for what was a fire."""

    who: str
    since: int
    until: int
    week: tuple[tuple[int, str, int, str], ...]


@dataclass(frozen=True)
class Leg:
    """A step along the spectrum: since how many days, and on which terms."""

    since: int
    point: str
    reason: str
    terms: dict[str, Any] = field(default_factory=dict)
    phase: str = ""


@dataclass(frozen=True)
class Tale:
    """One engagement of a client, told in days before the day of loading."""

    client: str
    name: str
    lead: str
    hats: dict[str, int]
    worn: dict[str, str]
    legs: tuple[Leg, ...]
    answers_to: dict[str, str] = field(default_factory=dict)
    # Phases that turned, or should have: (days ago, tests stated as met the day before).
    turns: tuple[tuple[int, tuple[str, ...]], ...] = ()
    work: tuple[Work, ...] = ()
    depth: str = ""
    charter: str = ""
    """How far its charter came: accepted, offered or not at all."""
    letter: bool = False
    """Its contract is on file here, too."""
    details: dict[str, Any] = field(default_factory=dict)


def monthly(amount: int, days: int, **more: Any) -> dict[str, Any]:
    return {
        "fee_model": "fixed_monthly",
        "fee_amount": amount,
        "hour_rate": 240,
        "currency": "EUR",
        "allowance": days,
        "allowance_unit": "days",
        "rollover_cap": 1,
        "rollover_months": 2,
        "notice_days": 60,
        **more,
    }


def sprint(amount: int, length: str) -> dict[str, Any]:
    return {
        "fee_model": "per_project",
        "fee_amount": amount,
        "currency": "EUR",
        "sprint": length,
    }


DAILY = {"fee_model": "per_day", "fee_amount": 1900, "currency": "EUR"}
# Days of handing over, as they come.
LAST_DAYS = {
    **DAILY,
    "fee_amount": 1750,
    "allowance": 0,
    "allowance_unit": "none",
    "rollover_cap": 0,
    "rollover_months": 0,
    "notice_days": 0,
}
STRATEGY = ("DV-06", "DV-07", "DV-14")

TALES = (
    Tale(
        "Thistledown Mutual",
        "Advice on internal systems",
        ANSEL,
        {"CIO": 100},
        {"CIO": ANSEL},
        (Leg(98, "ADVISORY", "One vendor to judge, and a board that asks about it.", DAILY),),
        work=(
            Work(ANSEL, 90, 60, ((1, "CIO", 240, "Read the vendor's contract"),)),
            Work(ANSEL, 55, 6, ((2, "CIO", 180, "Call on the claims system"),)),
        ),
    ),
    Tale(
        "Tidewhistle Clinics",
        "Data strategy",
        ANSEL,
        {"CDO": 100},
        {"CDO": ANSEL},
        (
            Leg(
                25,
                "SPRINT",
                "Six weeks to a strategy with its investment plan.",
                sprint(38000, "6w"),
            ),
        ),
        work=(
            Work(
                ANSEL,
                25,
                0,
                ((0, "CDO", 420, "Interviews in the clinics"), (3, "CDO", 300, "Strategy, draft")),
            ),
        ),
        details={"eu_milestones": True},
    ),
    Tale(
        "Marmalade Insurance",
        "Technology and AI",
        ANSEL,
        {"CTO": 50, "CAIO": 50},
        {"CTO": ANSEL, "CAIO": ANSEL},
        (
            Leg(
                300,
                "RETAINER",
                "Models are in claims handling, and nobody owns them.",
                monthly(14500, 4, client_sees_hats=True, overage="billed"),
            ),
        ),
        answers_to={"CTO": "CEO", "CAIO": "CEO"},
        turns=((209, STRATEGY),),
        work=(
            Work(
                ANSEL,
                298,
                90,
                (
                    (0, "CTO", 210, "Architecture review"),
                    (2, "CAIO", 200, "Model inventory"),
                    (4, "joint", 60, "Week with the sponsor"),
                ),
            ),
            Work(
                ANSEL,
                89,
                0,
                (
                    (0, "CTO", 240, "Release that would not build*"),
                    (1, "CTO", 150, "Outage of the policy system*"),
                    (3, "CTO", 120, "Hiring of a platform lead"),
                    (4, "CAIO", 75, "Vendor call on the claims model"),
                ),
            ),
        ),
        depth="Led two models from pilot to production at an insurer; on call for both for three years.",
        charter="accepted",
        details={"eu_milestones": True, "curve": "midmarket_days", "po_number": "PO-4711"},
        letter=True,
    ),
    Tale(
        "Copperkettle Robotics",
        "AI and technology, one seat",
        ANSEL,
        {"AI_CTO": 100},
        {"AI_CTO": ANSEL},
        (
            Leg(178, "SPRINT", "Choose the model platform for the arm.", sprint(64000, "8w")),
            Leg(
                120,
                "RETAINER",
                "The platform stands; somebody has to own what it became.",
                monthly(19500, 5),
            ),
            Leg(
                60,
                "RETAINER_HIGH",
                "Vision goes in front of customers this year.",
                monthly(28000, 7, planned_end_on=300),
            ),
        ),
        answers_to={"AI_CTO": "CEO"},
        turns=((29, STRATEGY),),
        work=(
            Work(
                ANSEL,
                176,
                121,
                ((1, "AI_CTO", 400, "Platform trials"), (3, "AI_CTO", 380, "Trials")),
            ),
            Work(ANSEL, 118, 62, ((1, "AI_CTO", 300, "Roadmap"), (4, "AI_CTO", 240, "Team"))),
            Work(
                ANSEL,
                59,
                0,
                ((1, "AI_CTO", 420, "Vision release"), (2, "AI_CTO", 300, "Evaluation set")),
            ),
        ),
        charter="offered",
        letter=True,
    ),
    Tale(
        "Saltmoth Energy",
        "Technology, until the hire",
        ANSEL,
        {"CTO": 100},
        {"CTO": ANSEL},
        (
            # Under way before it came here.
            Leg(
                645,
                "RETAINER",
                "No technology lead since spring.",
                monthly(13000, 4),
                phase="months_4_12",
            ),
            Leg(
                25,
                "FULL_TIME",
                "Torsten Lampshade has started; the seat is handed over.",
                LAST_DAYS,
            ),
        ),
        answers_to={"CTO": "CEO"},
        turns=((279, ("sustainable",)),),
        work=(
            Work(ANSEL, 260, 130, ((2, "CTO", 450, "Grid data platform"),)),
            Work(ANSEL, 129, 26, ((2, "CTO", 330, "Handover to Torsten"),)),
        ),
        details={"ai_in_scope": False},
        letter=True,
    ),
    Tale(
        "Inkwater Publishing",
        "Technology and AI, two people",
        OWNER,
        {"CTO": 50, "CAIO": 50},
        {"CTO": OWNER, "CAIO": ANSEL},
        (
            Leg(
                96,
                "RETAINER",
                "Rights and translation run on models that nobody has counted.",
                monthly(16000, 5, client_sees_hats=True),
            ),
        ),
        answers_to={"CTO": "Publisher"},
        turns=((4, ("DV-14",)),),
        work=(
            Work(OWNER, 95, 0, ((1, "CTO", 180, "Publishing platform"),)),
            Work(ANSEL, 95, 0, ((3, "CAIO", 170, "Inventory of models in rights"),)),
        ),
    ),
    Tale(
        "Hollowreed Instruments",
        "AI in tuning and service",
        ANSEL,
        {"CAIO": 70, "CDO": 30},
        {"CAIO": ANSEL, "CDO": BETTINA},
        (
            Leg(
                465,
                "RETAINER",
                "A tuning model in production, and customers who ask how it decides.",
                monthly(11500, 3, planned_end_on=45, auto_renew=True),
                phase="months_4_12",
            ),
        ),
        answers_to={"CAIO": "CEO", "CDO": "CFO"},
        turns=((99, ("sustainable",)),),
        work=(
            Work(
                ANSEL,
                200,
                0,
                ((2, "CAIO", 210, "Tuning model, evaluation"),),
            ),
            Work(BETTINA, 200, 0, ((4, "CDO", 90, "Quality of service data"),)),
        ),
        charter="accepted",
        details={"eu_milestones": True},
        letter=True,
    ),
    Tale(
        "Bramblefork Dairy",
        "Data of the farms",
        ANSEL,
        {"CDO": 100},
        {"CDO": ANSEL},
        (
            Leg(
                52,
                "RETAINER",
                "Milk data from four hundred farms, owned by nobody.",
                monthly(9000, 3),
            ),
        ),
        answers_to={"CDO": "CEO"},
        work=(Work(ANSEL, 51, 13, ((1, "CDO", 300, "Farm data, first look"),)),),
        details={"ai_in_scope": False},
    ),
    Tale(
        "Oldmill Paper",
        "Internal systems",
        OWNER,
        {"CIO": 100},
        {"CIO": OWNER},
        (
            Leg(
                845,
                "RETAINER",
                "Systems of three mills to bring together.",
                monthly(10500, 3),
                phase="year_2_on",
            ),
        ),
        answers_to={"CIO": "Managing director"},
        details={"ai_in_scope": False},
    ),
)

RATES = (
    ("ADVISORY", "day", 1500, 2200),
    ("SPRINT", "project", 25000, 70000),
    ("RETAINER", "month", 9000, 20000),
    ("RETAINER_HIGH", "month", 20000, 32000),
)
CAPACITY = ((ANSEL, 22), (OWNER, 6), (BETTINA, 8))
LETTER = (
    b"Engagement letter (invented)\n\nServices, fees and notice are as agreed in the terms on record. "
    b"Either side may end it with sixty days' notice.\n"
)
