"""What the demo tells of deliverables: pieces of every state at a client with two hats, a pack that is complete, and
what ended the first phases elsewhere. Told through the verbs."""

import datetime
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from deliverables import (
    accepting,
    commenting,
    opened,
    owed,
    packs,
    releasing,
    reviewing,
    writing,
)
from deliverables.bundled import Bundled
from deliverables.models import ACCEPTED, Deliverable, DeliverableVersion, Release
from engagements.models import Engagement
from practice import files, identity, pdf
from practice.demo.dates import ago
from practice.models import Client, Contact, Member, StoredFile
from practice.quarters import local_day

Moment = datetime.datetime
DAY = datetime.timedelta(days=1)
# How far each came, and how many days ago.
MARMALADE = {
    "DV-01": ("accepted", 214),
    "DV-05": ("accepted", 212),
    "DV-08": ("remarks", 70),
    "DV-09": ("accepted", 66),
    "DV-10": ("remarks", 61),
    "DV-11": ("remarks", 58),
    "DV-12": ("accepted", 50),
    "DV-13": ("remarks", 44),
    "DV-19": ("rejected", 31),
    "DV-17": ("changes", 20),
    "DV-18": ("voided", 9),
    "DV-27": ("in_progress", 6),
    "DV-16": ("released", 4),
    "DV-15": ("reviewed", 3),
    "DV-28": ("in_review", 2),
}
# The one that is a paper from another program.
HANDED_IN = "DV-16"
PAPER = Path(__file__).parent / "typst" / "demo.typ"
BEFORE = "It was there before we came."
DROPPED = {
    "Marmalade Insurance": {
        "DV-02": "The roadmap holds it.",
        "DV-03": "Nobody is hired before the policy system has moved.",
    },
    "Hollowreed Instruments": dict.fromkeys(("DV-15", "DV-16", "DV-27", "DV-28"), BEFORE),
}
REMARKS = {
    "remarks": "Fine with us. Please name the deputy in chapter three next time.",
    "changes": "Two of our vendors are missing; our purchasing has the list.",
    "rejected": "These savings are in our budget already. We do not take this as delivered.",
}
NOTE = b"Minutes (invented)\n\nThe sponsor went through it with us and accepted it.\n"


def delivered(engagement: Engagement, code: str, at: Moment) -> None:
    """What a phase ended with: written before, accepted at that moment."""
    Teller(engagement).tell(code, "accepted", at)


def tell(owner: Member, at: Moment) -> None:
    clients = Client.objects.filter(practice_id=owner.practice_id)
    engagements = {
        row.client.name: row
        for row in Engagement.objects.filter(client__in=clients).select_related("client")
        if row.client.name in ("Marmalade Insurance", *DROPPED)
    }
    for name, dropped in DROPPED.items():
        teller = Teller(engagements[name])
        for code, reason in dropped.items():
            owed.drop(teller.piece(code), reason=reason, by=teller.by, at=ago(at, 120))
    teller = Teller(engagements["Marmalade Insurance"])
    for code, (state, days) in sorted(MARMALADE.items(), key=lambda one: -one[1][1]):
        teller.tell(code, state, ago(at, days))
    governance = {"key": "governance", "by": teller.by, "at": ago(at, 30)}
    packs.open_of_catalogue(teller.engagement, **governance)
    teller.said(at)
    teller.twice(at)


@dataclass
class Teller:
    engagement: Engagement

    def __post_init__(self) -> None:
        self.author = identity.actor(self.engagement.lead, "import")
        self.by = self.author
        self.sponsor = Contact.objects.get(client=self.engagement.client, role="sponsor")

    def piece(self, code: str) -> Deliverable:
        return Deliverable.objects.get(engagement=self.engagement, code=code)

    def tell(self, code: str, state: str, at: Moment) -> None:
        """As far as `state`, which it reaches at that moment; what came before was done in the days before."""
        row = self.piece(code)
        version = self.written(row, at - 12 * DAY)
        if state == "in_progress":
            return
        writing.submit(version, by=self.by, at=at - 8 * DAY)
        if state == "in_review":
            return
        self.reviewed(row, at - 7 * DAY)
        if state == "reviewed":
            return
        sent = at if state in ("released", "voided") else at - 5 * DAY
        # The board reads along where something is open.
        to = [self.sponsor] if state in ACCEPTED else self.readers()
        released = {"to": to, "by": self.by, "at": sent}
        release = releasing.release(self.piece(code), **released)
        if state == "voided":
            writing.begin(row, note="With the list of July.", by=self.by, at=at + 2 * DAY)
        elif state != "released":
            self.answered(release, state, at)

    def written(self, row: Deliverable, at: Moment) -> DeliverableVersion:
        if row.code != HANDED_IN:
            return writing.begin(row, text=_text(row), by=self.by, at=at)
        content = pdf.render(PAPER, _told(row))
        return writing.upload(row, name=f"{row.title}.pdf", content=content, by=self.by, at=at)

    def reviewed(self, row: Deliverable, at: Moment) -> None:
        others = reviewing.others(row, {self.engagement.lead_id}).order_by("id")
        by = identity.actor(others[0], "import")
        reviewing.pass_on(row, note="Read it twice; good.", by=by, at=at)

    def readers(self) -> list[Contact]:
        board = Contact.objects.filter(client=self.engagement.client, role="board", active=True)
        return [self.sponsor, *board.order_by("id")[:1]]

    def answered(self, release: Release, answer: str, at: Moment) -> None:
        said: dict[str, Any] = {"answer": answer, "remarks": REMARKS.get(answer, "")}
        if not self.sponsor.user_id:
            accepting.answer_on_behalf(
                release,
                contact=self.sponsor,
                note="In the weekly call; see the minutes.",
                evidence=self.minutes(at),
                criteria=range(1, len(release.criteria) + 1) if answer == "accepted" else (),
                by=self.by,
                at=at,
                **said,
            )
            return
        by = identity.actor(self.sponsor, "import")
        opened.note(release, by=by, at=at - DAY)
        if answer == "accepted":
            for number in range(1, len(release.criteria) + 1):
                accepting.tick(release, number=number, by=by, at=at)
        accepting.answer(release, by=by, at=at, **said)

    def minutes(self, at: Moment) -> StoredFile:
        name = "Minutes of the weekly call.txt"
        there = StoredFile.objects.filter(client=self.engagement.client, name=name).first()
        return there or files.keep(
            self.engagement.client, name=name, content=NOTE, by=self.by, at=at
        )

    def said(self, at: Moment) -> None:
        """Among ourselves, and with the client."""
        waits, back = self.piece("DV-16"), self.piece("DV-17")
        commenting.comment(
            waits,
            body="If they ask for the audit trail: it is in the appendix, not in the text.",
            internal=True,
            by=self.by,
            at=ago(at, 4),
        )
        release = Release.objects.get(deliverable=waits, state="open")
        petra = identity.actor(self.sponsor, "import")
        opened.note(release, by=petra, at=ago(at, 3))
        commenting.reply(release, body="Who reads the log on Sundays?", by=petra, at=ago(at, 3))
        commenting.comment(
            waits,
            body="Whoever is on call; chapter four names them.",
            internal=False,
            by=self.by,
            at=ago(at, 2),
        )
        late = local_day(ago(at, 5), self.engagement.client.time_zone)
        owed.change(back, due_on=late, by=self.by, at=ago(at, 15))

    def twice(self, at: Moment) -> None:
        """One file for both hats, which was refused and is seen by the radar."""
        name, content = "Technology and AI, one paper.txt", b"Both halves in one (invented).\n"
        told = {"name": name, "content": content, "by": self.by, "at": ago(at, 10)}
        writing.upload(self.piece("DV-04"), **told)
        with suppress(Bundled):
            writing.upload(self.piece("DV-07"), **told)


def _told(row: Deliverable) -> dict[str, Any]:
    says = {"title": row.title, "hat": row.hat, "criteria": row.criteria}
    return says | {"client": row.client.name, "author": str(row.engagement.lead)}


def _text(row: Deliverable) -> str:
    """Enough to look at, and different for each."""
    lines = "\n".join(f"- {line}" for line in row.criteria)
    return (
        f"# {row.title}\n\nWhat holds for {row.engagement.client.name} today, under the {row.hat} hat "
        f"(all of it invented).\n\n## What it covers\n\n{lines}\n\n## What comes next\n\n"
        "| Step | Who | By |\n|---|---|---|\n| Read it | Sponsor | Two weeks |\n"
        "| Talk it through | Both | Next call |\n"
    )
