"""What the desk's pages of an engagement ask for. Judging it is left to the verbs."""

from typing import Any

from django import forms
from unfold.widgets import UnfoldAdminFileFieldWidget

from engagements.desk.dialogs import AskForm, dress
from engagements.models import ContractVersion, HatShare, Move, OfferStatus
from engagements.models.base import TERMS
from engagements.models.course import BurstCause
from engagements.models.engagement import CurveTemplate
from engagements.spectrum import spectrum
from practice import access
from practice.models import Contact, Member
from practice.models.people import Hat
from practice.sites.forms import DayInput

SHARE = "share_"
FEW = forms.Textarea(attrs={"rows": 3})


def day(label: str, **more: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=DayInput, **more)


def words(label: str, *, longest: int = 2000, **more: Any) -> forms.CharField:
    return forms.CharField(
        label=label, max_length=longest, widget=forms.Textarea(attrs={"rows": 3}), **more
    )


def shares() -> dict[str, forms.IntegerField]:
    """A share for each hat; left empty, the hat is not worn here."""
    found = {
        f"{SHARE}{hat}": forms.IntegerField(
            label=f"{label}, per cent",
            min_value=0,
            max_value=100,
            required=False,
        )
        for hat, label in Hat.choices
    }
    for one in found.values():
        dress(one)
    return found


def shares_of(given: dict[str, Any]) -> dict[str, int]:
    """Takes them out of what a form was given."""
    found = {hat: given.pop(f"{SHARE}{hat}", None) for hat in Hat.values}
    return {hat: share for hat, share in found.items() if share is not None}


def members(actor: Any) -> forms.ModelChoiceField:
    rows = access.visible_to(actor, Member).filter(active=True).select_related("user")
    return forms.ModelChoiceField(rows.order_by("user__name", "id"), label="Who")


class ReasonForm(AskForm):
    reason = words("Why")


class WithdrawForm(AskForm):
    reason = words("Why")


class MayReasonForm(AskForm):
    reason = words("Why", required=False)


class PauseForm(AskForm):
    since_on = day("First day of the pause", help_text="Days of a pause count for nothing.")
    until_on = day(
        "Work goes on on", required=False, help_text="Left empty: until somebody resumes it."
    )
    reason = words("Why")


class ResumeForm(AskForm):
    on = day("Work goes on on")


class EndForm(AskForm):
    on = day("Over from", help_text="The first day on which nothing is owed any more.")
    reason = words("Why")


class ChangeForm(AskForm):
    name = forms.CharField(label="Name", max_length=120)
    starts_on = day("First day", required=False, help_text="Once it is active, it stays.")
    ai_in_scope = forms.BooleanField(label="AI is part of what is owed", required=False)
    eu_milestones = forms.BooleanField(
        label="The EU milestones of day 30, 60 and 90 apply", required=False
    )
    curve = forms.ChoiceField(
        label="Intensity planned by", choices=CurveTemplate.choices, required=False
    )
    po_number = forms.CharField(label="Purchase order", max_length=60, required=False)

    def ask(self) -> None:
        lead = members(self.actor)
        lead.label = "Lead"
        lead.queryset = lead.queryset.filter(assignments__client=self.row.client_id).distinct()
        self.fields["lead"] = lead
        self.order_fields(["name", "lead"])

    def chosen(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self.changed_data}


class HatsForm(AskForm):
    shown_at = {"hats": f"{SHARE}CTO"}

    def ask(self) -> None:
        self.fields.update(shares())

    def chosen(self) -> dict[str, Any]:
        return {"hats": shares_of(dict(self.cleaned_data))}


class WearForm(AskForm):
    hat = forms.ChoiceField(label="Hat")
    since_on = day("From")
    depth_evidence = words(
        "What shows depth with AI in production",
        longest=4000,
        required=False,
        help_text="Needed where one person is both CTO and CAIO (S2-D6).",
    )
    reason = words("Reason, if they serve a competitor", required=False)

    def ask(self) -> None:
        self.fields["hat"].choices = hats_of(self.row)
        self.fields["member"] = members(self.actor)
        self.order_fields(["hat", "member", "since_on"])


class LineForm(AskForm):
    hat = forms.ChoiceField(label="Hat")
    reports_to = forms.CharField(
        label="Answers to", max_length=80, help_text="A function at the client: CEO, CTO, board."
    )
    since_on = day("From")
    review_on = day("Looked at again on", required=False)

    def ask(self) -> None:
        self.fields["hat"].choices = hats_of(self.row)


class DeputyForm(AskForm):
    since_on = day("From")
    until_on = day("Until", help_text="The day on which the holder is back.")
    limit_per_decision = forms.DecimalField(
        label="May spend by one decision",
        required=False,
        min_value=0,
        help_text="Left empty: as the holder. Never more than the holder's own limit.",
    )
    reason = words("Reason, if they serve a competitor", required=False)

    def ask(self) -> None:
        self.fields["member"] = members(self.actor)
        others = self.fields["member"].queryset.exclude(pk=self.row.member_id)
        self.fields["member"].queryset = others
        self.order_fields(["member"])


class OnBehalfForm(AskForm):
    """What a sponsor said elsewhere."""

    note = words(
        "Where and how was it said?", help_text="A meeting, a letter, a mail of which day."
    )
    said_on = day("On", required=False, help_text="Left empty: today.")
    evidence = forms.FileField(
        label="Evidence",
        widget=UnfoldAdminFileFieldWidget,
        required=False,
        help_text="The mail or the signed page, up to 10 MB.",
    )

    def ask(self) -> None:
        sponsors = access.visible_to(self.actor, Contact).filter(
            client=self.row.client_id, role=Contact.Role.SPONSOR, active=True
        )
        self.fields["contact"] = forms.ModelChoiceField(
            sponsors.order_by("name", "id"), label="Whose word", initial=sponsors.first()
        )
        self.order_fields(["contact"])


class ContractForm(AskForm):
    title = forms.CharField(label="Title", max_length=160)
    summary = words("What it says", longest=8000, required=False)
    file = forms.FileField(
        label="The document",
        widget=UnfoldAdminFileFieldWidget,
        required=False,
        help_text="Up to 10 MB.",
    )

    def chosen(self) -> dict[str, Any]:
        given = super().chosen()
        # No file named leaves the one that is there.
        return given if given["file"] else {n: v for n, v in given.items() if n != "file"}


class BurstForm(AskForm):
    since_on = day("From")
    until_on = day("Until", help_text="The day from which the usual intensity holds again.")
    cause = forms.ChoiceField(label="Cause", choices=BurstCause.choices)
    extra = forms.DecimalField(
        label="On top, a month", min_value=0, help_text="In the unit of the allowance."
    )
    note = words("Note", required=False)


class TermsForm(AskForm):
    """Day and reason of a move, and the terms it brings."""

    effective_on = day("In effect from", help_text="The first day of the new stage, at the client.")
    reason = words("Why", longest=4000, help_text="The sponsor reads this.")
    evidence_text = words("What shows it", longest=4000, required=False)
    sprint = forms.ChoiceField(label="Length of the sprint", required=False)

    def ask(self) -> None:
        lengths = [(key, sprint.label) for key, sprint in spectrum().sprints.items()]
        self.fields["sprint"].choices = [("", "–"), *lengths]
        if self.to_point != "SPRINT":
            del self.fields["sprint"]
        for name in TERMS:
            self.fields[name] = _term(name)
        versions = access.visible_to(self.actor, ContractVersion).filter(
            engagement=self.row.pk, status__in=[OfferStatus.ACCEPTED, OfferStatus.OFFERED]
        )
        self.fields["contract"] = forms.ModelChoiceField(
            versions, label="Under contract", required=False, empty_label="The one in force"
        )

    @property
    def to_point(self) -> str:
        return str(self.initial.get("to_point", ""))

    @property
    def said(self) -> list[Any]:
        return [self[name] for name in self.fields if name not in (*TERMS, "contract")]

    @property
    def terms(self) -> list[Any]:
        return [self[name] for name in (*TERMS, "contract")]

    def chosen(self) -> dict[str, Any]:
        given = super().chosen()
        if given.get("contract") is None:
            given.pop("contract")
        given["to_point"] = self.to_point
        return given


LABELS = {
    "fee_model": "Paid",
    "fee_amount": "Amount",
    "hour_rate": "An hour above it",
    "cap_amount": "Cap",
    "currency": "Currency",
    "allowance": "Allowance a month",
    "allowance_unit": "Counted in",
    "day_minutes": "Minutes of a day",
    "rollover_cap": "Moves on, at most",
    "rollover_months": "For how many months",
    "overage": "Above the allowance",
    "auto_renew": "Renews by itself",
    "notice_days": "Notice, in days",
    "planned_end_on": "Planned end",
    "client_sees_balance": "The client sees the balance",
    "client_sees_hats": "The client sees the hat balance",
    "silence_accepts": "No answer to a deliverable counts as accepted",
}


def _term(name: str) -> forms.Field:
    column: Any = Move._meta.get_field(name)
    more = {"widget": DayInput} if name == "planned_end_on" else {}
    one: forms.Field = column.formfield(label=LABELS.get(name, column.verbose_name), **more)
    one.widget.attrs.pop("class", None)
    if isinstance(one.widget, forms.Textarea):
        one.widget = FEW
    return one


def hats_of(engagement: Any) -> list[tuple[str, str]]:
    rows = HatShare.objects.filter(engagement=engagement).order_by("hat")
    return [(row.hat, row.get_hat_display()) for row in rows]
