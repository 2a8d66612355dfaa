"""The contract register at the desk: a version drafted, offered, answered. One at a time."""

from typing import Any

from django.contrib.admin import register
from unfold.decorators import display

from engagements import contracts, discarding
from engagements.desk.dialogs import Dialog, page
from engagements.desk.forms import ContractForm, MayReasonForm, OnBehalfForm
from engagements.models import ContractVersion, Engagement
from practice.desk import show
from practice.desk.site import desk
from practice.sites import Act, ScopedAdmin

Status = ContractVersion.Status
DRAFT = Dialog(
    contracts.draft,
    "The contract of “{0}”, or the next amendment of it. It stays a draft until it is offered.",
    "Drafted.",
    "Save the draft",
    ContractForm,
    after=lambda row, result: desk.page_of(result),
)
DRAFT_PAGE = page(
    "contract",
    "New contract version",
    DRAFT,
    "contract",
    action="add",
    when=lambda row: row.status != Engagement.Status.ENDED,
    offered=False,
)
CHANGE = Dialog(
    contracts.change,
    "Title, summary and document, while it is a draft.",
    "Changed.",
    "Save",
    ContractForm,
    initial=lambda request, row: {"title": row.title, "summary": row.summary},
)
ON_BEHALF = Dialog(
    contracts.accept_on_behalf,
    "The sponsor accepted “{0.title}” elsewhere: on paper, in a meeting. Say how, and keep what shows it.",
    "The acceptance is recorded.",
    "Record the acceptance",
    OnBehalfForm,
)
DISCARD = Dialog(
    discarding.contract,
    "“{0.title}” is thrown away. It was never offered; the record of what happened stays.",
    "The draft is gone.",
    "Discard the draft",
    after=lambda row, result: desk.page_of(row.engagement if result is None else row),
    danger=True,
)
WITHDRAW = Dialog(
    contracts.withdraw,
    "“{0.title}” is taken back and is not answered any more.",
    "Withdrawn.",
    "Withdraw it",
    MayReasonForm,
    danger=True,
)


def _is(*states: str) -> Any:
    return lambda row: row.status in states


@register(ContractVersion, site=desk)
class ContractAdmin(ScopedAdmin):
    intro = "Contracts and their amendments, each offered to the sponsor and accepted, here or elsewhere."
    empty = "No contracts yet. Open an engagement and draft its first version."
    list_display = ("title", "number", "engagement", "client", "stands", "offered_at")
    list_filter = ("status", "client")
    list_select_related = ("client", "engagement", "accepted_by", "recorded_by__user")
    search_fields = ("title", "client__name", "engagement__name")
    ordering = ("-id",)
    readonly_fields = ("stands", "answer", "document")
    fieldsets = (
        (
            None,
            {
                "fields": [
                    "engagement",
                    "client",
                    "number",
                    "title",
                    "stands",
                    "summary",
                    "document",
                    "offered_at",
                    "answer",
                ]
            },
        ),
    )
    pages = (
        page("edit", "Change", CHANGE, "contract", when=_is(Status.DRAFT)),
        page("on-behalf", "Accepted elsewhere", ON_BEHALF, "contract", when=_is(Status.OFFERED)),
        page("discard", "Discard the draft", DISCARD, "contract", when=_is(Status.DRAFT)),
        page("withdraw", "Withdraw", WITHDRAW, "contract", when=_is(Status.DRAFT, Status.OFFERED)),
    )
    acts = (
        Act(
            "offer",
            "Offer it",
            contracts.offer,
            explain="“{0.title}” goes to the sponsor as it is. From then on it cannot be changed.",
            done="The contract is before the sponsor.",
            when=_is(Status.DRAFT),
        ),
    )

    @display(
        description="State",
        ordering="status",
        label={
            "draft": "default",
            "offered": "info",
            "accepted": "success",
            "declined": "danger",
            "withdrawn": "default",
            "superseded": "default",
            "ended": "default",
        },
    )
    def stands(self, row: ContractVersion) -> show.Badge:
        return show.Badge(row.status, row.get_status_display())

    @display(description="Answer")
    def answer(self, row: ContractVersion) -> str:
        if row.accepted_by is None:
            return row.answered_reason or "–"
        said = f"Accepted by {row.accepted_by}, {row.accepted_at:%-d %B %Y}"
        if row.recorded_by:
            said += f"; put down by {row.recorded_by}: {row.evidence_note}"
        return said

    @display(description="Document")
    def document(self, row: ContractVersion) -> str:
        return str(row.file) if row.file_id else "–"
