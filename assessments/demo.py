"""What the demo tells of assessments: a prospect for each of the six companies on whom the lenses disagree,
and the AI estates of two clients.

Every name is invented. All of it goes through the verbs, dated relative to the day of loading.
"""

import datetime
from dataclasses import dataclass, field
from typing import Any

from assessments import demo_estate, demo_told, demo_work, facts, known, links, reads, scoring
from assessments.models import FactSource
from practice import book, clients, contacts, demo, identity
from practice.models import Contact, Member

FIXTURES = facts.DATA / "fixtures.toml"


@dataclass(frozen=True)
class Prospect:
    sheet: str
    name: str
    industry: str
    country: str
    time_zone: str
    person: str
    since: int
    earlier: dict[str, Any] = field(default_factory=dict)
    """What was said at first and is otherwise now: gives a history, and two runs to compare."""
    choice: dict[str, Any] = field(default_factory=dict)
    asks: str = ""
    """Somebody who has a link open and has not answered yet."""


PROSPECTS = (
    Prospect(
        "A1",
        "Dandelion Parrot",
        "AI product, seed",
        "EE",
        "Europe/Tallinn",
        "Tiit Saucepan",
        18,
        asks="Tiit Saucepan",
    ),
    Prospect(
        "A2", "Gooseberry Notaries", "Legal services", "IE", "Europe/Dublin", "Nuala Inkpot", 26
    ),
    Prospect(
        "A3",
        "Brassfiddle Software",
        "Software, growing",
        "SE",
        "Europe/Stockholm",
        "Ebba Windowsill",
        40,
        earlier={"ai_workloads_in_production": 0, "cto_stretched": "no", "cto_bandwidth": "yes"},
        choice={
            "next_seat": "CAIO",
            "end_shape": "TWO_PEOPLE",
            "point": "RETAINER",
            "hats": ["CAIO"],
            "preferred_lens": "S4",
            "reason": "The technology lead is good and has no hour left. AI needs an owner of its own, a few days "
            "a month to begin with, and a written border between the two jobs before the first sprint.",
        },
    ),
    Prospect(
        "A4", "Clockwork Marmot", "Logistics software", "CH", "Europe/Zurich", "Urs Teaspoon", 33
    ),
    Prospect(
        "A5",
        "Velvet Anchor Bank",
        "Banking, regulated",
        "NL",
        "Europe/Amsterdam",
        "Mieke Candlestick",
        55,
        choice={
            "next_seat": "CAIO",
            "end_shape": "TWO_PEOPLE",
            "point": "FULL_TIME",
            "hats": ["CAIO"],
            "preferred_lens": "S5",
            "reason": "Board and supervisor ask for a name behind every model. We hold the seat at high intensity "
            "until a full-time officer is found, and take part in choosing that person.",
        },
    ),
    Prospect(
        "A6", "Puddlejump Mobility", "Mobility, series A", "ES", "Europe/Madrid", "Paz Umbrella", 12
    ),
)


def tell(owner: Member, team: dict[str, Member], at: datetime.datetime) -> None:
    sheets = book.read(FIXTURES)["sheets"]
    for prospect in PROSPECTS:
        _tell(prospect, sheets[prospect.sheet]["facts"], owner, team[demo.ANSEL], at)
    by = identity.actor(team[demo.ANSEL], "import")
    for estate in demo_told.estates():
        sponsor = Contact.objects.select_related("client").get(
            practice_id=owner.practice_id, client__name=estate.client, role="sponsor"
        )
        demo_estate.Teller(estate, sponsor, by, at).tell()
        demo_work.Teller(estate, sponsor, by, at).tell()


def _tell(
    prospect: Prospect, told: dict[str, Any], owner: Member, leader: Member, at: datetime.datetime
) -> None:
    met, by = at - datetime.timedelta(days=prospect.since), identity.actor(owner, "import")
    client = clients.add(
        by=by,
        at=met,
        responsible=leader,
        name=prospect.name,
        legal_name=f"{prospect.name} Ltd (invented)",
        industry=prospect.industry,
        country=prospect.country,
        time_zone=prospect.time_zone,
        currency=owner.practice.currency,
    )
    contacts.add(
        client, by=by, at=met, name=prospect.person, role="sponsor", title="Chief executive"
    )
    consultant = identity.actor(leader, "import")
    rounds = [{**told, **prospect.earlier}, told] if prospect.earlier else [told]
    for number, answers in enumerate(rounds):
        when = met + datetime.timedelta(days=2 + 7 * number)
        known.learn(
            client,
            facts=answers,
            said_by=prospect.person,
            said_on=when.date(),
            source=FactSource.TALK,
            by=consultant,
            at=when,
        )
        made = scoring.assess(client, answered_by=prospect.person, by=consultant, at=when)
    if prospect.choice:
        decided = when + datetime.timedelta(days=1)
        scoring.choose(made, by=consultant, at=decided, **prospect.choice)
        reads.issue(made, by=consultant, at=decided)
    if prospect.asks:
        links.open_for(client, person=prospect.asks, may_see_read=True, by=consultant, at=at)
