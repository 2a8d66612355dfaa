"""What the desk's pages of a decision ask for before they call their verb."""

from typing import Any

from django import forms
from unfold.widgets import UnfoldAdminFileFieldWidget

from deliverables import scorecards
from deliverables.models import Asked
from deliverables.models.decision_parts import LEAST, MOST
from engagements import charters
from engagements.desk.dialogs import AskForm
from engagements.desk.forms import day, members, words
from practice.models.people import Hat

SECOND = "second"


def hats_asked(row: Any, *, second: bool = True) -> list[tuple[str, str]]:
    """Whom it still waits for among the practice's own."""
    open_ = row.agreements.filter(given_at=None).exclude(asked=Asked.CLIENT)
    labels = dict(Hat.choices)
    return [
        (one.hat or SECOND, f"the {labels[one.hat]} hat" if one.hat else "a second person")
        for one in open_.order_by("asked", "hat")
        if one.hat or second
    ]


class UnderForm(AskForm):
    """One field for the hat that answers; none for a second person."""

    def ask(self) -> None:
        self.fields["hat"] = forms.ChoiceField(label="As", choices=hats_asked(self.row))
        self.order_fields(["hat"])

    def chosen(self) -> dict[str, Any]:
        given = dict(self.cleaned_data)
        return {**given, "hat": "" if given.get("hat") == SECOND else given.get("hat", "")}


class RejectForm(UnderForm):
    reason = words("Why not")

    def ask(self) -> None:
        if self.row.status == self.row.Status.AWAITING:
            super().ask()


class WhyForm(AskForm):
    reason = words("Why", required=False)


class ElsewhereForm(AskForm):
    note = words("Where and how it was decided")
    said_on = day("On", required=False, help_text="Left empty: today.")
    evidence = forms.FileField(
        label="Evidence",
        widget=UnfoldAdminFileFieldWidget,
        required=False,
        help_text="The minutes or the mail, up to 10 MB.",
    )

    def ask(self) -> None:
        decider = members(self.actor)
        decider.label, decider.required = "The deputy, where they decided", False
        decider.empty_label = "Who wears the hat"
        self.fields["decider"] = decider


class ReviewForm(AskForm):
    note = words("What came of it", longest=4000)
    review_on = day("Look again on", required=False, help_text="Left empty: not again.")


class ScoreForm(AskForm):
    """One hat's view of one option."""

    shown_at = {"code": "hat"}

    def ask(self) -> None:
        labels = dict(Hat.choices)
        hats = scorecards.scoring(charters.hats_of(self.row.engagement))
        options = enumerate(self.row.options, start=1)
        scale = [(n, str(n)) for n in range(LEAST, MOST + 1)]
        self.fields["hat"] = forms.ChoiceField(
            label="Under the hat", choices=[(hat, labels[hat]) for hat in hats]
        )
        self.fields["option"] = forms.TypedChoiceField(
            label="Option",
            coerce=int,
            choices=[(n, f"{n}. {one['label']}") for n, one in options],
            initial=self.row.chosen,
        )
        for name, label, ends in (
            ("impact", "Business impact", "1 hardly any, 5 decisive"),
            ("feasibility", "Technical feasibility", "1 doubtful, 5 proven here"),
        ):
            self.fields[name] = forms.TypedChoiceField(
                label=label, coerce=int, choices=scale, initial=3, help_text=ends
            )
        self.fields["note"] = forms.CharField(label="Note", max_length=400, required=False)
