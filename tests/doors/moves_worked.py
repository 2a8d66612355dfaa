"""Valid calls for files, time, expenses, closed months, the radar, rates and capacity, billing."""

from django.core.files.uploadedfile import SimpleUploadedFile

from tests.doors.moving import Body, Form, Move, always, lead, nothing, of
from tests.doors.world import World

# One row of Toggl Track's detailed report.
CSV = "\n".join(
    [
        "User,Email,Client,Project,Task,Description,Billable,Start date,Start time,End date,End time,Duration,Tags,Amount ()",
        ",,,,,Read,Yes,2026-02-12,09:00:00,2026-02-12,10:00:00,01:00:00,CTO,",
    ]
)


def _new_file(world: World, place: str) -> Form:
    sent = SimpleUploadedFile("note.txt", b"Plain words", content_type="text/plain")
    return Form({"client": world.id(place, "client"), "content": sent})


def _new_time(world: World, place: str) -> Body:
    return {
        "engagement": world.id(place, "engagement"),
        "member": lead(world, place),
        "worked_on": "2026-02-11",
        "minutes": 30,
        "hat": "CTO",
    }


def _new_import(world: World, place: str) -> Body:
    return {
        "engagement": world.id(place, "engagement"),
        "member": lead(world, place),
        "content": CSV,
        "dates": "iso",
        "dry_run": False,
    }


def _new_expense(world: World, place: str) -> Body:
    return {
        "engagement": world.id(place, "engagement"),
        "member": lead(world, place),
        "spent_on": "2026-02-11",
        "amount": "12.00",
        "currency": "EUR",
        "what": "Train",
        "receipt": world.id(place, "storedfile"),
    }


def _new_capacity(world: World, place: str) -> Body:
    return {
        "member": world.id(place, "member"),
        "days_per_month": "8.0",
        "since_on": "2026-05-01",
    }


RATE = {"point": "SPRINT", "per": "project", "low": "1.00", "high": "2.00", "currency": "EUR"}
MOVES = {
    "POST files/": Move("storedfile", _new_file, ("file.kept",)),
    "POST files/{id}/link/": Move("storedfile", nothing, ()),
    "POST time-entries/": Move("timeentry", _new_time, ("time.noted",)),
    "POST time-entries/import/": Move("timeentry", _new_import, ("time.imported",)),
    "PATCH time-entries/{id}/": Move("timeentry", always(minutes=15), ("time.changed",)),
    "DELETE time-entries/{id}/": Move("timeentry", nothing, ("time.removed",)),
    "POST expenses/": Move("expense", _new_expense, ("expense.noted",)),
    "PATCH expenses/{id}/": Move("expense", always(what="Bus"), ("expense.changed",)),
    "DELETE expenses/{id}/": Move("expense", nothing, ("expense.removed",)),
    "POST periods/": Move("period", of("engagement", month="2026-02-01"), ("period.locked",)),
    "POST periods/{id}/unlock/": Move(
        "period",
        always(reason="Late"),
        ("period.unlocked", "period.unlocked", "engagement.month_opened"),
    ),
    "POST radar-findings/{id}/acknowledge/": Move(
        "finding", always(reason="Known"), ("finding.acknowledged",)
    ),
    "POST radar-findings/{id}/unacknowledge/": Move(
        "finding", nothing, ("finding.reopened",), at="finding acknowledged"
    ),
    "POST rates/": Move("rate", always(since_on="2026-05-01", **RATE), ("rate.stated",)),
    "POST capacities/": Move("capacity", _new_capacity, ("capacity.stated",)),
    "POST billing-batches/": Move(
        "billingbatch",
        of("client", from_on="2026-03-01", until_on="2026-04-01"),
        ("billing.batch_created",),
    ),
    "POST billing-batches/{id}/discard/": Move("billingbatch", nothing, ("billing.discarded",)),
    "POST billing-batches/{id}/export/": Move("billingbatch", nothing, ("billing.exported",)),
    "POST billing-batches/{id}/settle/": Move(
        "billingbatch",
        always(external_number="I-1", external_on="2026-04-01"),
        ("billing.settled",),
        at="batch exported",
    ),
}
