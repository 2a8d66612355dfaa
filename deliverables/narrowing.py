"""The decision log narrowed by what a person asks for: the same question at the desk, in files and in the portal."""

from typing import Any

from django import forms
from django.db.models import Q, QuerySet

from deliverables.models import Decision, DecisionStatus
from engagements import days
from practice.models import Client
from practice.models.people import Hat
from practice.sites.forms import DayInput

SEARCHED = ("question", "context", "reason", "closed_reason", "review_note", "code")


class Narrow(forms.Form):
    """Everything may be left out. What cannot be read narrows nothing, and says so."""

    hat = forms.ChoiceField(label="Hat", required=False)
    code = forms.ChoiceField(label="Right", required=False)
    status = forms.ChoiceField(
        label="State", required=False, choices=[("", "Any"), *DecisionStatus.choices]
    )
    from_on = forms.DateField(label="Decided from", required=False, widget=DayInput)
    until_on = forms.DateField(label="Decided until", required=False, widget=DayInput)
    amount_from = forms.DecimalField(label="Amount from", required=False, min_value=0)
    amount_until = forms.DecimalField(label="Amount up to", required=False, min_value=0)
    q = forms.CharField(label="Words", required=False, max_length=200)

    def __init__(self, given: Any, *, client: Client, rows: QuerySet[Decision]) -> None:
        super().__init__(given, label_suffix="")
        self.client, self.all = client, rows
        there = list(rows.order_by().values_list("hat", "code", "right__label").distinct())
        labels = dict(Hat.choices)
        hats = [(hat, labels[hat]) for hat in Hat.values if hat in {row[0] for row in there}]
        codes = sorted({code: f"{code} {label}" for _, code, label in there}.items())
        self._choice("hat").choices = [("", "Any"), *hats]
        self._choice("code").choices = [("", "Any"), *codes]

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        for name in ("from_on", "until_on"):
            day = given.get(name)
            if day is not None and not days.EARLIEST <= day <= days.LATEST:
                self.add_error(name, f"A day from {days.EARLIEST} to {days.LATEST}.")
        return given

    @property
    def narrows(self) -> bool:
        return self.is_valid() and any(value not in (None, "") for value in self.said.values())

    @property
    def said(self) -> dict[str, Any]:
        return self.cleaned_data if self.is_valid() else {}

    def rows(self) -> QuerySet[Decision]:
        given = {name: value for name, value in self.said.items() if value not in (None, "")}
        found = self.all.filter(
            **{name: given[name] for name in ("hat", "code", "status") if name in given}
        )
        zone = self.client.time_zone
        if "from_on" in given:
            found = found.filter(decided_at__gte=days.start_of_day(given["from_on"], zone))
        if "until_on" in given:
            after = days.start_of_day(given["until_on"] + days.ONE, zone)
            found = found.filter(decided_at__lt=after)
        if "amount_from" in given:
            found = found.filter(amount__gte=given["amount_from"])
        if "amount_until" in given:
            found = found.filter(amount__lte=given["amount_until"])
        for word in given.get("q", "").split():
            about = Q()
            for name in SEARCHED:
                about |= Q(**{f"{name}__icontains": word})
            found = found.filter(about)
        return found

    def _choice(self, name: str) -> Any:
        return self.fields[name]
