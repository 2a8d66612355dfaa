"""Forms that feed verbs: they read what was typed and leave judging it to the verb and the database."""

import zoneinfo
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.dates import MONTHS
from unfold.widgets import INPUT_CLASSES, UnfoldAdminSelectWidget

from practice.refusals import Refusal


class VerbForm(forms.ModelForm):
    """`refusal` is what the verb said the first time; it is shown on the field it speaks of."""

    refusal: Refusal | None = None
    # Where the verb's name for a field is not the form's.
    shown_at: dict[str, str] = {}

    def _post_clean(self) -> None:
        """Neither fills the instance nor asks the database.

        A model form's own uniqueness checks look across practices, and would tell what is there.
        """
        if self.refusal is None:
            return
        errors = getattr(self.refusal, "errors", None) or {"": [self.refusal.sentence]}
        for field, sentences in errors.items():
            name = self.shown_at.get(field, field)
            shown_on = name if name in self.fields else None
            self.add_error(shown_on, ValidationError([str(sentence) for sentence in sentences]))

    def chosen(self, *, changed_only: bool) -> dict[str, Any]:
        names = self.changed_data if changed_only else self.cleaned_data
        return {name: self.cleaned_data[name] for name in names if name in self.cleaned_data}


class DayInput(forms.DateInput):
    """The browser's own: it speaks the person's language and works with keyboard, finger and screen reader."""

    input_type = "date"

    def __init__(self, attrs: Any = None) -> None:
        super().__init__({"class": " ".join(INPUT_CLASSES), **(attrs or {})}, format="%Y-%m-%d")


class MomentInput(forms.DateTimeInput):
    input_type = "datetime-local"

    def __init__(self, attrs: Any = None) -> None:
        super().__init__(
            {"class": " ".join(INPUT_CLASSES), **(attrs or {})}, format="%Y-%m-%dT%H:%M"
        )


def zone_field(field: forms.Field) -> forms.Field:
    """Nobody types "Europe/Berlin" from memory."""
    zones = [(zone, zone.replace("_", " ")) for zone in sorted(zoneinfo.available_timezones())]
    return forms.ChoiceField(
        choices=[("", "Select value"), *zones],
        label=field.label,
        help_text=field.help_text,
        required=field.required,
        initial=field.initial,
        widget=UnfoldAdminSelectWidget,
    )


def month_field(field: forms.Field) -> forms.Field:
    """People think of a fiscal year by its month's name, not its number."""
    return forms.TypedChoiceField(
        choices=list(MONTHS.items()),
        coerce=int,
        label="Fiscal year begins in",
        initial=field.initial,
        widget=UnfoldAdminSelectWidget,
    )
