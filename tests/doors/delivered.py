"""What deliverables keep of a client: one accepted, one that waits for an answer, one released to somebody else alone,
and one of each state that a verb needs."""

import hashlib
import json
from typing import Any

from deliverables.models import (
    Comment,
    Deliverable,
    DeliverableVersion,
    InternalReview,
    OwnKind,
    Recipient,
    Release,
    SigningKey,
    Tick,
)
from engagements.models import Engagement
from practice import access, rows
from practice.models import Contact, Member
from tests import make

CRITERIA = ["It names one owner", "It says what it costs"]
DRAWN = (
    "deliverable draft version",
    "version to another",
    "release to another",
    "tick to another",
    "comment inside",
)


def rows_of_house(owner: Member) -> list[Any]:
    """A kind of the practice's own, one that is used no more, and a third so that lists of three can be asked for."""
    by = access.system(owner.practice_id)
    found = []
    for code, retired in (("OWN-1", None), ("OWN-2", make.NOW), ("OWN-3", None)):
        row = OwnKind(
            practice_id=owner.practice_id, code=code, title="T", hat="CTO", retired_at=retired
        )
        found.append(rows.add(row, by=by, at=make.NOW, kind="deliverable_kind.added"))
    return found[:2]


def rows_at(site: Any, main: Engagement) -> None:
    Delivering(site, main).all()


class Delivering:
    def __init__(self, site: Any, main: Engagement) -> None:
        self.site, self.main = site, main
        # The plan of the engagement is there already.
        self.number = Deliverable.objects.filter(engagement=main).count()
        self.everybody = list(Contact.objects.filter(client=site.client, user__isnull=False))
        self.another = Contact.objects.filter(client=site.client, user=None).order_by("id")[:1]

    def all(self) -> None:
        site = self.site
        site.spare["deliverable planned"] = self.owed("planned")
        site.spare["deliverable dropped"] = self.owed("dropped", dropped_reason="R")
        begun = self.owed("planned")
        site.spare["deliverable draft version"] = self.written(
            begun, "in_progress", "withheld", draft=True
        )
        in_review = self.owed("planned")
        self.asked(self.written(in_review, "in_review", "withheld"), "open")
        reviewed = self.owed("planned")
        self.asked(self.written(reviewed, "reviewed", "withheld"), "passed", by=site.other)
        site.spare["deliverable in review"] = in_review
        site.spare["deliverable reviewed"] = reviewed
        self.waiting()
        self.to_another()
        self.accepted()

    def waiting(self) -> None:
        """The client has it; nobody answered yet."""
        version = self.written(self.owed("planned"), "released", "")
        row = self.put(version, self.everybody, "open")
        tick = self.add(Tick, "release.ticked", release=row, number=2, contact=self.site.sponsor)
        self.site.keep(tick)
        self.site.spare["release open"] = row

    def to_another(self) -> None:
        """Who cannot sign in yet; to everybody else there it does not exist."""
        version = self.written(self.owed("planned"), "released", "withheld")
        row = self.put(version, list(self.another), "open", "withheld")
        tick = self.add(Tick, "release.ticked", release=row, number=1, contact=self.another[0])
        self.site.spare |= {
            "version to another": version,
            "release to another": row,
            "tick to another": tick,
        }

    def accepted(self) -> None:
        row = self.owed("planned")
        earlier = self.written(row, "in_progress", "withheld")
        review = self.asked(earlier, "returned", by=self.site.other)
        version = self.written(row, "released", "", number=2)
        key = SigningKey.objects.get(practice_id=row.practice_id, until_at=None)
        release = self.put(
            version,
            self.everybody,
            "accepted",
            answered_at=make.NOW,
            contact=self.site.sponsor,
            remarks=self.site.mark("release", "remarks"),
            receipt=self.receipt(version),
            signature="0" * 128,
            signed_with=key,
        )
        taken = {"status": "accepted", "accepted": version, "accepted_at": make.NOW}
        Deliverable.objects.filter(pk=row.pk).update(**taken)
        said = {"deliverable": row, "member": self.site.lead}
        mark = self.site.mark("comment", "body")
        shown = self.add(Comment, "deliverable.commented", body=mark, internal=False, **said)
        mark = self.site.mark("comment", "body", "withheld")
        inside = self.add(Comment, "deliverable.commented", body=mark, internal=True, **said)
        recipient = Recipient.objects.get(release=release, contact=self.site.sponsor)
        self.site.keep(row, version, review, release, recipient, shown)
        self.site.spare["comment inside"] = inside

    def receipt(self, version: DeliverableVersion) -> str:
        """In the form that is printed, with a mark in it."""
        told = {
            "release": "R",
            "deliverable": {"code": "DV-05", "title": "T", "hat": "CAIO"},
            "version": {
                "number": version.number,
                "sha256": version.sha256,
                "size": version.size,
                "media_type": version.media_type,
            },
            "answer": "accepted",
            "answered_at": "2026-03-02T09:00:00Z",
            "contact": {"id": "C", "name": "N"},
            "recorded_by": None,
            "by_silence": False,
            "criteria": ["A"],
            "ticked": [1],
            "remarks": self.site.mark("release", "receipt"),
            "log": None,
        }
        return json.dumps(told)

    def add(self, model: Any, event: str, /, **values: Any) -> Any:
        return self.site.add(model, self.main, event, **values)

    def owed(self, status: str, **more: Any) -> Deliverable:
        self.number += 1
        says = {"code": "DV-05", "catalogue": 1, "title": "T", "hat": "CAIO", "criteria": CRITERIA}
        return self.add(  # type: ignore[no-any-return]
            Deliverable,
            "deliverable.planned",
            number=self.number,
            status=status,
            **says | more,
        )

    def written(
        self, row: Deliverable, status: str, drawer: str, *, number: int = 1, draft: bool = False
    ) -> DeliverableVersion:
        """Submitted with its marks already in it, unless it is the draft that work goes on with."""
        text = self.site.mark("deliverableversion", "text", drawer)
        note = self.site.mark("deliverableversion", "note", drawer)
        submitted: dict[str, Any] = {"state": "submitted", "submitted_at": make.NOW}
        if status == "released":
            submitted["released_at"] = make.NOW
        version = self.add(
            DeliverableVersion,
            "deliverable_version.begun",
            deliverable=row,
            number=number,
            author=self.site.other,
            hat=row.hat,
            text=text,
            note=note,
            sha256=hashlib.sha256(text.encode()).hexdigest(),
            size=len(text),
            media_type="text/markdown",
            words=1,
            **({} if draft else submitted),
        )
        Deliverable.objects.filter(pk=row.pk).update(status=status, latest=version)
        row.refresh_from_db()
        return version  # type: ignore[no-any-return]

    def asked(
        self, version: DeliverableVersion, state: str, by: Member | None = None
    ) -> InternalReview:
        done = {
            "done_by": by,
            "done_at": make.NOW,
            "note": self.site.mark("internalreview", "note"),
        }
        return self.add(  # type: ignore[no-any-return]
            InternalReview,
            "deliverable.review_asked",
            deliverable=version.deliverable,
            pinned=version,
            asked_by=self.site.other,
            state=state,
            self_reason="R",
            **(done if by else {}),
        )

    def put(
        self,
        version: DeliverableVersion,
        to: list[Contact],
        state: str,
        drawer: str = "",
        **more: Any,
    ) -> Release:
        """Before these contacts."""
        row = version.deliverable
        marks = {name: self.site.mark("release", name, drawer) for name in ("title", "message")}
        made = self.add(
            Release,
            "release.made",
            deliverable=row,
            pinned=version,
            code=row.code,
            hat=row.hat,
            sha256=version.sha256,
            criteria=CRITERIA,
            released_by=self.site.lead,
            state=state,
            **marks | more,
        )
        said = {"release": made, "deliverable": row, "pinned": version}
        for contact in to:
            self.add(Recipient, "release.addressed", contact=contact, **said)
        return made  # type: ignore[no-any-return]
