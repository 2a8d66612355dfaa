"""The people of every test, and the two practices they live in."""

from dataclasses import dataclass

from practice.models import Client, Contact, Member, Practice
from tests import make


@dataclass(frozen=True)
class Cast:
    """Ada (consultant, two hats at Orchard), Ben (associate, assigned to nothing), Olu (owner), Fin (finance), Priya
    (sponsor at Orchard), Marta (board at Orchard), Ravi (sponsor at Quarry), Zoe (owner of another practice)."""

    practice: Practice
    other_practice: Practice
    orchard: Client
    quarry: Client
    zoes_client: Client
    ada: Member
    ben: Member
    olu: Member
    fin: Member
    priya: Contact
    marta: Contact
    ravi: Contact
    zoe: Member
    zoes_contact: Contact
    bot: str
    """Text of a key with read scope over the whole practice."""


def build() -> Cast:
    olu = make.practice(
        "Lantern Partners", make.user("olu@lantern.test", "Olu"), time_zone="Europe/Berlin"
    )
    zoe = make.practice("Northlight Advisory", make.user("zoe@northlight.test", "Zoe"))
    home = olu.practice
    ada = make.member(home, make.user("ada@lantern.test", "Ada"), "consultant")
    ben = make.member(home, make.user("ben@lantern.test", "Ben"), "associate")
    fin = make.member(home, make.user("fin@lantern.test", "Fin"), "finance")
    orchard = make.client(
        olu, "Orchard", time_zone="Europe/Lisbon", day_rate="1800.00", po_number="PO-ORCHARD"
    )
    quarry = make.client(olu, "Quarry", day_rate="2100.00", po_number="PO-QUARRY")
    zoes_client = make.client(zoe, "Harbour", day_rate="999.00", po_number="PO-HARBOUR")
    make.assignment(ada, orchard, "CTO")
    make.assignment(ada, orchard, "CAIO")
    return Cast(
        practice=home,
        other_practice=zoe.practice,
        orchard=orchard,
        quarry=quarry,
        zoes_client=zoes_client,
        ada=ada,
        ben=ben,
        olu=olu,
        fin=fin,
        priya=make.contact(
            orchard,
            "Priya",
            "sponsor",
            make.user("priya@orchard.test", "Priya"),
            email="priya@orchard.test",
        ),
        marta=make.contact(
            orchard,
            "Marta",
            "board",
            make.user("marta@orchard.test", "Marta"),
            email="marta@orchard.test",
        ),
        ravi=make.contact(
            quarry,
            "Ravi",
            "sponsor",
            make.user("ravi@quarry.test", "Ravi"),
            email="ravi@quarry.test",
        ),
        zoe=zoe,
        zoes_contact=make.contact(
            zoes_client,
            "Hana",
            "sponsor",
            make.user("hana@harbour.test", "Hana"),
            email="hana@harbour.test",
        ),
        bot=make.key(home),
    )
