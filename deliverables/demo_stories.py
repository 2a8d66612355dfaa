"""Which decisions the demo's log holds. Data; demo.py tells it through the verbs."""

from dataclasses import dataclass, field

from practice.demo.stories import ANSEL, BETTINA

Options = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Told:
    """One decision, told in days before the day of loading."""

    client: str
    engagement: str
    ago: int
    code: str
    hat: str
    question: str
    reason: str
    options: Options
    context: str = ""
    chosen: int = 1
    by: str = ANSEL
    amount: int = 0
    currency: str = "EUR"
    rate: str = ""
    spent_after: int = 0
    horizon: str = ""
    review_after: int = 0
    shown: bool = False
    instead_of: str = ""
    """The question of the decision whose place it takes."""
    taken: bool = True
    agreed: tuple[str, ...] = ()
    client_agrees: bool = False
    refused: str = ""
    """Why the sponsor said no."""
    scores: dict[str, tuple[int, int]] = field(default_factory=dict)
    reviewed: tuple[int, str] | None = None


MARMALADE = ("Marmalade Insurance", "Technology and AI")
HOLLOWREED = ("Hollowreed Instruments", "AI in tuning and service")
# By the answer to which question, which risk was accepted, and how many days ago.
ACCEPTED = ("Who answers for the claims model?", "A claim is turned down on a wrong reading", 58)
LOG = (
    Told(
        *MARMALADE,
        280,
        "DR-12",
        "CTO",
        "Which system takes over the policies?",
        "The old one loses its support next year, and two of the three vendors have no open interface.",
        (
            ("Stay, and pay for longer support", "Two years at most."),
            ("Move to a standard product", "Eighteen months."),
        ),
        chosen=2,
        horizon="months_18",
        review_after=365,
        shown=True,
    ),
    Told(
        *MARMALADE,
        260,
        "DR-02",
        "CAIO",
        "Who answers for the claims model?",
        "A model that rejects claims needs one name under it, and the head of claims has the last word today.",
        (("The head of claims", ""), ("The CAIO", "Until the team has a lead of its own.")),
        chosen=2,
        horizon="two_quarters",
        client_agrees=True,
        review_after=180,
        reviewed=(78, "Still right: the team has no lead yet."),
    ),
    Told(
        *MARMALADE,
        200,
        "DR-09",
        "CAIO",
        "Which model reads the letters of claimants?",
        "Quality on our own letters was the same; only one of them runs in the region.",
        (("The large one", "Runs abroad."), ("The small one", "Runs in the region.")),
        chosen=2,
        amount=9000,
        horizon="quarter",
        agreed=("CTO",),
        review_after=150,
        shown=True,
    ),
    Told(
        *MARMALADE,
        120,
        "DR-10",
        "CAIO",
        "Which assistant do the developers use?",
        "Impact is alike; the second fits what is installed already.",
        (("An assistant of its own", ""), ("The one in the editor", "Nothing to install.")),
        chosen=2,
        amount=4800,
        scores={"CAIO": (4, 4), "CTO": (3, 5)},
        agreed=("CTO",),
        review_after=180,
    ),
    Told(
        *MARMALADE,
        100,
        "DR-26",
        "CTO",
        "Where do the engineers for both teams come from?",
        "Three posts have been open since summer.",
        (("An agency", "Fast and dear."), ("Wait", "")),
        agreed=("CAIO",),
        horizon="two_quarters",
    ),
    Told(
        *MARMALADE,
        60,
        "DR-09",
        "CAIO",
        "Which model reads the letters, now that prices fell?",
        "The large one runs in the region since autumn, at half the price.",
        (("The large one", ""), ("The small one", "As before.")),
        amount=7000,
        instead_of="Which model reads the letters of claimants?",
        agreed=("CTO",),
        horizon="quarter",
        review_after=90,
        shown=True,
    ),
    Told(
        *MARMALADE,
        40,
        "DR-26",
        "CAIO",
        "Who trains the people we need for AI?",
        "The university next door offers a joint course; an agency finds nobody with insurance in mind.",
        (("The university", "From spring."), ("An agency", "")),
        agreed=("CTO",),
        horizon="years_3_5",
    ),
    Told(
        *MARMALADE,
        30,
        "DR-11",
        "CAIO",
        "Do we renew the contract for document search?",
        "Nobody has used it since August.",
        (("Renew for a year", "At the old price."), ("Let it run out", "")),
        amount=12000,
        refused="Talk to the brokers first: they search in it every day.",
    ),
    Told(
        *MARMALADE,
        12,
        "DR-05",
        "CTO",
        "What replaces the servers of the policy system?",
        "They fail every second week, and the new system is a year away.",
        (("Rent machines until then", ""), ("Repair what is there", "Parts are hard to find.")),
        amount=22000,
        spent_after=5,
        horizon="quarter",
    ),
    Told(
        *MARMALADE,
        6,
        "DR-05",
        "CAIO",
        "Which licences does the evaluation need?",
        "The free ones may not be used for claims.",
        (("Buy ten seats", ""), ("Do without", "")),
        amount=3000,
        currency="USD",
        rate="0.92",
        spent_after=20,
    ),
    Told(
        *MARMALADE,
        2,
        "DR-06",
        "CTO",
        "Do we build the interface to the brokers ourselves?",
        "Both vendors want a year for it.",
        (("Build it", "Two people, three months."), ("Wait for the vendor", "")),
        taken=False,
    ),
    Told(
        *HOLLOWREED,
        150,
        "DR-15",
        "CDO",
        "Which service data may the tuning model learn from?",
        "Half of the records have no instrument number, and what cannot be traced teaches nothing.",
        (("All of it", ""), ("What names its instrument", "About half.")),
        chosen=2,
        by=BETTINA,
        horizon="months_18",
        shown=True,
    ),
    Told(
        *HOLLOWREED,
        20,
        "DR-22",
        "CAIO",
        "How is the tuning model classified?",
        "It advises; a person tunes.",
        (("Limited risk", ""), ("High risk", "If it ever tunes on its own.")),
        horizon="months_18",
        review_after=120,
        shown=True,
    ),
)
