"""What is asked to log a decision. Judging it is left to the verbs."""

from decimal import Decimal
from typing import Any
from uuid import UUID

from django import forms

from deliverables.links import LINKS
from deliverables.models import Decision, Horizon
from engagements import charters
from engagements.desk.dialogs import dress
from engagements.models import Engagement, Right, Wearing
from practice.access import Actor
from practice.models.base import currency_code
from practice.models.people import Hat
from practice.sites.forms import DayInput

FEWEST_ROWS, MOST_ROWS = 3, 12
RATE = ("rate", "rate_on", "rate_source")
# Where the verb's word for something is another than the form's, and the field that a refusal speaks of.
SHOWN_AT = {"options": "chosen"}
REFUSED_AT = {
    "right_not_held": "hat",
    "hat_not_worn": "hat",
    "not_the_holder": "hat",
    "scores_missing": "code",
}


def words(label: str, rows: int, longest: int, **more: Any) -> forms.CharField:
    box = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, max_length=longest, widget=box, **more)


class CheckForm(forms.Form):
    """What the charter is asked with, while the rest is still being written."""

    code = forms.ChoiceField(label="Right used")
    hat = forms.ChoiceField(label="Hat worn")
    amount = forms.DecimalField(
        label="Amount",
        max_digits=14,
        decimal_places=2,
        min_value=0,
        required=False,
        help_text="What it commits the client to spend. Left empty, it costs nothing.",
    )
    currency = forms.CharField(label="Currency", required=False, max_length=3)
    rate = forms.DecimalField(
        label="Rate", max_digits=18, decimal_places=8, min_value=0, required=False
    )

    def __init__(self, *args: Any, engagement: Engagement, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, label_suffix="", **kwargs)
        self.engagement, self.actor = engagement, actor
        self.charter = charters.in_force(engagement)
        rights = Right.objects.filter(charter=self.charter).order_by("position", "code")
        labels, hats = dict(Hat.choices), charters.hats_of(engagement)
        self._of("code").choices = [("", "Choose the right")] + [
            (one.code, f"{one.code} {one.label}") for one in rights
        ]
        self._of("hat").choices = [(hat, labels[hat]) for hat in hats]
        self.ask()
        for one in self.fields.values():
            dress(one)
            one.widget.attrs.setdefault("autocomplete", "off")
        for field in (self.fields["amount"], self.fields["rate"]):
            field.widget = forms.TextInput(attrs={**field.widget.attrs, "inputmode": "decimal"})

    def ask(self) -> None:
        """More fields."""

    def clean_currency(self) -> str:
        typed: str = self.cleaned_data["currency"].upper()
        if typed:
            currency_code(typed)
        return typed

    def asked(self) -> dict[str, Any]:
        """What preview and verb are both called with."""
        given = self.cleaned_data
        amount: Decimal | None = given.get("amount")
        # The client's currency stands there from the beginning; without an amount it says nothing.
        return {
            "code": given["code"],
            "hat": given["hat"],
            "amount": amount,
            "currency": given.get("currency", "") if amount is not None else "",
            "rate": given.get("rate"),
        }

    def _of(self, name: str) -> Any:
        return self.fields[name]


class LogForm(CheckForm):
    question = forms.CharField(label="Question", max_length=200)
    context = words("Context", 4, 8000, required=False)
    reason = words("Reason", 3, 8000)
    rate_on = forms.DateField(label="Rate of", required=False, widget=DayInput)
    rate_source = forms.CharField(
        label="Rate from", required=False, max_length=200, help_text="Such as ECB."
    )
    spend_on = forms.DateField(label="Spending begins on", required=False, widget=DayInput)
    horizon = forms.ChoiceField(
        label="Horizon", required=False, choices=[("", "Not said"), *Horizon.choices]
    )
    review_on = forms.DateField(
        label="Look at it again on",
        required=False,
        widget=DayInput,
        help_text="Goes on the agenda of who decides.",
    )
    client_sees = forms.BooleanField(
        label="The client's people may read it",
        required=False,
        help_text="As soon as it is put forward. If the sponsor is asked to agree, they always do.",
    )
    chosen = forms.IntegerField(required=False, widget=forms.HiddenInput)
    links = forms.MultipleChoiceField(
        label="It is about", required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, decision: Decision | None = None, **kwargs: Any) -> None:
        self.decision = decision
        super().__init__(*args, **kwargs)

    def ask(self) -> None:
        self.fields["currency"].initial = self.engagement.client.currency
        worn = Wearing.objects.filter(
            engagement=self.engagement, member_id=self.actor.id, until_on=None
        )
        self.fields["hat"].initial = worn.order_by("hat").values_list("hat", flat=True).first()
        there = {(one.kind, str(one.target_id)): one.title for one in self._linked()}
        for kind in LINKS:
            for id, title in LINKS[kind].offers(self.actor, self.engagement):
                there[kind, str(id)] = title
        choices = [
            (f"{kind}:{id}", f"{LINKS[kind].label if kind in LINKS else kind}: {title}")
            for (kind, id), title in there.items()
        ]
        if choices:
            self._of("links").choices = choices
        else:
            del self.fields["links"]

    def rows(self) -> list[dict[str, Any]]:
        """The options as they stand on the page, and some empty ones below."""
        if self.is_bound:
            found = self._typed()
            chosen = self.data.get("chosen", "1")
        else:
            found = list(self.initial.get("options", []))
            chosen = str(self.initial.get("chosen", 1))
        fewest = len(found) + 1 if "more" in self.data else FEWEST_ROWS
        found += [{"label": "", "note": ""}] * (min(fewest, MOST_ROWS) - len(found))
        return [
            {**one, "number": number, "chosen": str(number) == chosen}
            for number, one in enumerate(found, start=1)
        ]

    def chosen_words(self) -> dict[str, Any]:
        """Empty rows are left out, so the chosen one may move up."""
        typed = self._typed()
        kept = [n for n, one in enumerate(typed, start=1) if one["label"] or one["note"]]
        chosen = self.cleaned_data.get("chosen") or 0
        return {
            "options": [typed[n - 1] for n in kept],
            "chosen": kept.index(chosen) + 1 if chosen in kept else 0,
        }

    def said(self) -> dict[str, Any]:
        """As the verbs take it."""
        given = dict(self.cleaned_data)
        links = given.pop("links", [])
        told = {**given, **self.asked(), **self.chosen_words()}
        pairs = [one.split(":", 1) for one in links]
        told["links"] = [{"kind": kind, "id": UUID(id)} for kind, id in pairs]
        return told

    def _typed(self) -> list[dict[str, str]]:
        data: Any = self.data
        # Past the fields, which refuse it: PostgreSQL knows no NUL in a text.
        labels, notes = (
            [typed.replace("\x00", "") for typed in data.getlist(name)]
            for name in ("option_label", "option_note")
        )
        notes += [""] * (len(labels) - len(notes))
        return [
            {"label": label.strip()[:200], "note": note.strip()[:2000]}
            for label, note in zip(labels, notes, strict=False)
        ][:MOST_ROWS]

    def _linked(self) -> Any:
        return self.decision.links.all() if self.decision is not None else []


def of(decision: Decision) -> dict[str, Any]:
    """A decision as the form's beginning."""
    names = (*LogForm.base_fields, "options")
    told = {name: getattr(decision, name) for name in names if name != "links"}
    told["currency"] = decision.currency or decision.client.currency
    told["links"] = [f"{one.kind}:{one.target_id}" for one in decision.links.all()]
    return told
