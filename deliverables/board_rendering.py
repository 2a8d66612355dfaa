"""The paper of a board report: its content as it is now, under the hash by which it is known; asked for and given out."""

import datetime
import hashlib
from uuid import UUID

from django.utils.text import slugify

from deliverables import board_content, board_paper, canonical
from deliverables.models import BoardReport
from practice import access, rendering
from practice.access import Actor
from practice.models import Rendering, StoredFile
from practice.refusals import Conflict, NotAllowed
from practice.rendering import Paper

KIND = "board_report"


def paper(by: Actor, id: UUID) -> Paper:
    """For whoever sees the report and, because it speaks of money, fees; of what is not issued a draft."""
    report = access.get(by, BoardReport, id)
    if not access.may(by, "board_report", "see_fees"):
        raise NotAllowed
    content = board_content.of(report, at=report.as_of)
    seal = None
    if report.sha256 and report.issued_at is not None:
        head = f"{report.log_length}:{report.log_head}" if report.log_head else ""
        seal = {
            "hash": report.sha256,
            "log_head": head,
            "issued_at": report.issued_at.isoformat(),
        }
    told = slugify(f"{report.client.name} {report.title}")[:80] or "board-report"
    return Paper(
        client_id=report.client_id,
        template=board_paper.TEMPLATE,
        data=lambda: board_paper.data(content, seal=seal),
        sha256=report.sha256 or hashlib.sha256(canonical.text(content).encode()).hexdigest(),
        name=f"{told}{'' if seal else ' draft'}.pdf",
    )


class NotSet(Conflict):
    code, sentence = "paper_not_set", "It is not on paper as it stands now. Have it set, or wait."


def have_set(report: BoardReport, *, by: Actor, at: datetime.datetime) -> BoardReport:
    """Have the paper made as the report stands; one that was given up is tried again."""
    found = rendering.standing(KIND, report.pk, by=by)
    if found is not None and found.status == Rendering.Status.FAILED:
        rendering.retry(found, by=by, at=at)
    else:
        rendering.ask(KIND, report.pk, by=by, at=at)
    return report


def given_up(report: BoardReport) -> bool:
    asked = Rendering.objects.filter(kind=KIND, subject_id=report.pk, sha256=report.sha256)
    return asked.filter(status=Rendering.Status.FAILED).exists()


def given(report: BoardReport, *, by: Actor) -> StoredFile:
    found = rendering.file(KIND, report.pk, by=by)
    if found is None:
        raise NotSet
    return found
