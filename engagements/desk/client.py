"""What other pages gain: a client's page its engagements, an assessment with a recorded choice the way to draft one."""

from typing import Any

from django import forms
from django.http import HttpRequest

from assessments.desk.records import AssessmentAdmin
from engagements import lifecycle
from engagements.desk.dialogs import AskForm, Dialog, page
from engagements.desk.forms import day, members
from engagements.models import Engagement
from practice.desk.clients import ClientAdmin
from practice.desk.site import desk
from practice.sites import Section


class DraftForm(AskForm):
    name = forms.CharField(label="Name", max_length=120)
    starts_on = day("First day", required=False)

    def ask(self) -> None:
        lead = members(self.actor)
        lead.label = "Lead"
        lead.queryset = lead.queryset.filter(assignments__client=self.row.client_id).distinct()
        self.fields["lead"] = lead


def _proposed(request: HttpRequest, row: Any) -> dict[str, Any]:
    """As the choice has it, led by whoever drafts it."""
    hats = " and ".join(row.choice.hats) if hasattr(row, "choice") else ""
    return {"name": hats or "Engagement", "lead": request.here.place.pk}  # type: ignore[attr-defined]


DRAFT = Dialog(
    lifecycle.draft_from,
    "An engagement for {0.client} that does what you chose: its hats in equal shares, and its point for the first "
    "stage. All of it can be changed before the client sees it.",
    "The engagement is drafted.",
    "Draft it",
    DraftForm,
    target=lambda row: getattr(row, "choice", None),
    initial=_proposed,
    after=lambda row, result: desk.page_of(result),
)
AssessmentAdmin.pages = (
    *AssessmentAdmin.pages,
    page(
        "engage",
        "Draft an engagement",
        DRAFT,
        "engagement",
        action="add",
        when=lambda row: hasattr(row, "choice"),
    ),
)
ClientAdmin.sections = (
    *ClientAdmin.sections,
    Section(
        "Engagements",
        Engagement,
        on="client",
        columns=(
            ("Engagement", lambda row: row.name),
            ("Status", Engagement.get_status_display),
            ("Lead", lambda row: row.lead),
            ("Since", lambda row: row.starts_on),
        ),
        joined=("lead__user",),
        order=("-id",),
        longest=8,
        empty="None yet. Add one here, or draft it from the choice on an assessment.",
    ),
)
