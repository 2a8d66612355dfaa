"""Who and what the demo holds. Data; practice/demo tells it through the verbs."""

from dataclasses import dataclass, field
from typing import Any

LANTERN, GANTRY = "Lantern & Loom Partners", "North Gantry Advisory"
OWNER = "odile@lantern-loom.example"
# Address → name. One login each, whatever places it acts from.
PEOPLE = {
    OWNER: "Odile Marrowbone",
    "ansel@lantern-loom.example": "Ansel Quickthorn",
    "bettina@lantern-loom.example": "Bettina Larkspoon",
    "fintan@lantern-loom.example": "Fintan Pennywhistle",
    "petra@marmalade.example": "Petra Goosefeather",
    "magnus@marmalade.example": "Magnus Teakettle",
    "rowan@copperkettle.example": "Rowan Thimblewick",
    "vera@copperkettle.example": "Vera Snapdragon",
    "nell@north-gantry.example": "Nell Harbottlecap",
}
MEMBERS = {
    "ansel@lantern-loom.example": "consultant",
    "bettina@lantern-loom.example": "associate",
    "fintan@lantern-loom.example": "finance",
}


@dataclass(frozen=True)
class Person:
    """A contact; `email` of somebody in PEOPLE makes it one with a login."""

    name: str
    role: str
    title: str
    email: str = ""


@dataclass(frozen=True)
class Story:
    """One client: what it is, since when (days ago), and who is there."""

    name: str
    industry: str
    since: int
    country: str
    time_zone: str
    day_rate: str = ""
    active_since: int | None = None
    ended: int | None = None
    fiscal_year_start: int = 1
    people: tuple[Person, ...] = ()
    # (hat, status, holder, since days ago)
    seats: tuple[tuple[str, str, str, int], ...] = ()
    # (member's address, hat)
    team: tuple[tuple[str, str], ...] = ()
    details: dict[str, Any] = field(default_factory=dict)


ANSEL, BETTINA = "ansel@lantern-loom.example", "bettina@lantern-loom.example"
NELL = "nell@north-gantry.example"
STORIES = {
    LANTERN: (
        Story(
            "Quillfeather Foods",
            "Food, first talks",
            21,
            "PT",
            "Europe/Lisbon",
            people=(
                Person("Duarte Plumduff", "sponsor", "Founder", "duarte@quillfeather.example"),
            ),
            seats=(("CTO", "none", "", 21),),
        ),
        Story(
            "Thistledown Mutual",
            "Insurance, advisory",
            120,
            "NL",
            "Europe/Amsterdam",
            "1600.00",
            active_since=100,
            people=(
                Person(
                    "Saskia Buttonhook", "sponsor", "Chief executive", "saskia@thistledown.example"
                ),
            ),
            seats=(("CIO", "partial", "Interim, two days a week", 300),),
            team=((ANSEL, "CIO"),),
        ),
        Story(
            "Tidewhistle Clinics",
            "Health care, sprint",
            60,
            "IE",
            "Europe/Dublin",
            "1900.00",
            active_since=30,
            people=(
                Person(
                    "Oisin Candlewax", "sponsor", "Managing director", "oisin@tidewhistle.example"
                ),
            ),
            seats=(("CDO", "none", "", 60), ("CIO", "filled", "Maeve Inkwell", 900)),
            team=((ANSEL, "CDO"), (BETTINA, "")),
        ),
        Story(
            "Marmalade Insurance",
            "Insurance, retainer",
            400,
            "DE",
            "Europe/Berlin",
            "1850.00",
            active_since=330,
            fiscal_year_start=4,
            people=(
                Person(
                    "Petra Goosefeather", "sponsor", "Chief executive", "petra@marmalade.example"
                ),
                Person(
                    "Magnus Teakettle", "board", "Chair of the board", "magnus@marmalade.example"
                ),
                Person("Ilse Doorhandle", "viewer", "Company secretary"),
            ),
            seats=(
                ("CAIO", "none", "", 400),
                ("CAIO", "partial", "Ansel Quickthorn, fractional", 330),
                ("CTO", "filled", "Gregor Umbrellastand", 1500),
                ("CTO", "partial", "Ansel Quickthorn, fractional", 300),
            ),
            team=((ANSEL, "CAIO"), (ANSEL, "CTO"), (BETTINA, "")),
            details={"po_number": "PO-4711"},
        ),
        Story(
            "Copperkettle Robotics",
            "Robotics, high intensity",
            220,
            "AT",
            "Europe/Vienna",
            "2100.00",
            active_since=180,
            people=(
                Person("Vera Snapdragon", "sponsor", "Founder", "vera@copperkettle.example"),
                Person(
                    "Rowan Thimblewick",
                    "reviewer",
                    "Head of platform",
                    "rowan@copperkettle.example",
                ),
                Person("Nell Harbottlecap", "viewer", "Adviser to the board", NELL),
            ),
            seats=(
                ("CTO", "filled", "Barnaby Wheelnut", 1200),
                ("CTO", "partial", "Odile Marrowbone, fractional", 170),
                ("CAIO", "none", "", 220),
            ),
            team=((ANSEL, "AI_CTO"),),
        ),
        Story(
            "Saltmoth Energy",
            "Energy, handover to a full-time officer",
            700,
            "DK",
            "Europe/Copenhagen",
            "1750.00",
            active_since=650,
            fiscal_year_start=7,
            people=(
                Person("Linnea Paperclip", "sponsor", "Chief executive", "linnea@saltmoth.example"),
            ),
            seats=(
                ("CTO", "none", "", 700),
                ("CTO", "partial", "Ansel Quickthorn, fractional", 650),
                ("CTO", "filled", "Torsten Lampshade", 25),
            ),
            team=((ANSEL, "CTO"),),
        ),
        Story(
            "Oldmill Paper",
            "Paper, ended",
            900,
            "FI",
            "Europe/Helsinki",
            "1500.00",
            people=(
                Person("Aino Bookbinder", "sponsor", "Managing director", "aino@oldmill.example"),
            ),
            seats=(("CIO", "filled", "Eero Foolscap", 210),),
        ),
        Story(
            "Inkwater Publishing",
            "Publishing, first ninety days",
            130,
            "BE",
            "Europe/Brussels",
            "1700.00",
            people=(
                Person("Ottilie Gluepot", "sponsor", "Publisher", "ottilie@inkwater.example"),
                Person("Cornelis Dustjacket", "board", "Chair of the board"),
            ),
            seats=(
                ("CTO", "partial", "Odile Marrowbone, fractional", 97),
                ("CAIO", "partial", "Ansel Quickthorn, fractional", 90),
            ),
            team=((ANSEL, "CAIO"), (OWNER, "CTO")),
        ),
        Story(
            "Hollowreed Instruments",
            "Musical instruments, second year",
            480,
            "CZ",
            "Europe/Prague",
            "1650.00",
            people=(
                Person(
                    "Bohumil Reedcap", "sponsor", "Chief executive", "bohumil@hollowreed.example"
                ),
            ),
            seats=(
                ("CTO", "none", "", 75),
                ("CAIO", "partial", "Ansel Quickthorn, fractional", 470),
            ),
            team=((ANSEL, "CAIO"), (BETTINA, "")),
        ),
        Story(
            "Bramblefork Dairy",
            "Dairy, paused",
            70,
            "FR",
            "Europe/Paris",
            "1550.00",
            people=(
                Person(
                    "Eglantine Churn", "sponsor", "Chief executive", "eglantine@bramblefork.example"
                ),
            ),
            seats=(("CDO", "none", "", 70),),
            team=((ANSEL, "CDO"),),
        ),
    ),
    GANTRY: (
        Story(
            "Pebblejack Logistics",
            "Logistics, retainer",
            150,
            "GB",
            "Europe/London",
            "1400.00",
            active_since=120,
            people=(
                Person("Hugh Cobblestone", "sponsor", "Chief executive", "hugh@pebblejack.example"),
            ),
            seats=(("CDO", "partial", "Nell Harbottlecap, fractional", 120),),
        ),
    ),
}
