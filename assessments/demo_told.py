"""The shapes of what the demo tells of an AI estate and its roadmap, as data/demo holds them: a file for each client.
Every `ago` counts days before the day of loading; below nothing it is a day ahead."""

from dataclasses import dataclass, field
from functools import cache
from typing import Any

from assessments import facts
from practice import book

FOLDER = facts.DATA / "demo"


@dataclass(frozen=True)
class Contract:
    name: str
    annual: int
    renews: int
    """In so many months, on the first."""
    notice_days: int
    auto_renew: bool = True
    data_processing: str = "agreed"


@dataclass(frozen=True)
class Seller:
    name: str
    country: str
    contract: Contract
    monthly: int
    """What the first month of the ledger cost."""
    growth: int = 0
    """A hundredth of so much comes to it each month."""
    currency: str = ""
    """The client's, unless it bills in another."""
    looked: int = 0
    """How many days ago it was last looked at anew; nothing: not yet."""
    look: str = ""
    asked: dict[str, str] = field(default_factory=dict)
    """Papers for a general-purpose model, and how far each has come."""


@dataclass(frozen=True)
class Step:
    to: str
    ago: int


@dataclass(frozen=True)
class Running:
    name: str
    kind: str
    ago: int
    purpose: str
    classes: tuple[str, ...]
    vendor: str = ""
    problem: str = ""
    outcome: str = ""
    model: str = ""
    fallback: str = ""
    how: str = "invoices"
    in_production: bool = False
    customers: bool = False
    critical: bool = False
    owned: bool = False
    """By the sponsor, as far as its risk goes."""
    steps: tuple[Step, ...] = ()
    classified: int = 0
    """How many days ago; nothing: nobody has looked."""
    answers: dict[str, Any] = field(default_factory=dict)
    """What it does under the EU AI Act, beyond "no"."""


@dataclass(frozen=True)
class Paper:
    title: str
    article: str
    ago: int
    valid_months: int
    system: str = ""


@dataclass(frozen=True)
class Found:
    title: str
    lever: str
    vendor: str
    ago: int
    identified: int
    agreed: int = 0
    realised: int = 0


@dataclass(frozen=True)
class Mishap:
    system: str
    title: str
    severity: str
    what_happened: str
    runbook: str
    ago: int
    lasted: int = 0
    """Days from its beginning until it was found."""
    serious: bool = False
    learned: str = ""
    """Without it, it is still open."""


@dataclass(frozen=True)
class Stop:
    title: str
    ago: int
    """As it was planned at first."""
    put_off: tuple[str, ...] = ()
    """Reasons, a month each."""
    words: str = ""
    reached: bool = False


@dataclass(frozen=True)
class Undertaking:
    title: str
    horizon: str
    ago: int
    problem: str = ""
    outcome: str = ""
    engineers: bool = False
    """Whether the sponsor answers for them."""
    hat: str = "CAIO"
    steps: tuple[Step, ...] = ()
    milestones: tuple[Stop, ...] = ()
    systems: tuple[str, ...] = ()


@dataclass(frozen=True)
class Measured:
    name: str
    kind: str
    definition: str
    unit: str
    target: str
    ago: int
    direction: str = "up"
    source: str = "Sample"
    values: dict[str, str] = field(default_factory=dict)
    """By days ago."""


@dataclass(frozen=True)
class Danger:
    title: str
    likelihood: int
    impact: int
    treatment: str
    ago: int
    plan: str = ""
    owned: bool = False
    system: str = ""
    looked: int = 0
    look: str = ""


@dataclass(frozen=True)
class Gone:
    """One time that the roadmap was gone through."""

    ago: int
    note: str


@dataclass(frozen=True)
class Estate:
    version: int
    client: str
    since: int
    """Since when it is kept here: the ledger's earlier months came then, in one file."""
    months: int
    vendors: tuple[Seller, ...]
    systems: tuple[Running, ...]
    evidence: tuple[Paper, ...]
    savings: tuple[Found, ...]
    incidents: tuple[Mishap, ...]
    initiatives: tuple[Undertaking, ...]
    metrics: tuple[Measured, ...]
    risks: tuple[Danger, ...]
    reviews: tuple[Gone, ...] = ()


@cache
def estates() -> tuple[Estate, ...]:
    files = sorted(FOLDER.glob("*.toml"))
    return tuple(book.build(Estate, book.read(file), file) for file in files)
