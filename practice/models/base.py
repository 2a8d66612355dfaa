"""What every row of ours has. Rules live in verbs, never here."""

import re
import zoneinfo
from functools import cache

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models

from practice import ids


class Row(models.Model):
    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    # Grows by one with each change: the ETag that If-Match is compared with.
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(editable=False)

    class Meta:
        abstract = True


class TenantRow(Row):
    practice = models.ForeignKey("practice.Practice", on_delete=models.PROTECT, related_name="+")

    class Meta:
        abstract = True


@cache
def zones() -> frozenset[str]:
    """Read once: it looks into six hundred files."""
    return frozenset(zoneinfo.available_timezones())


def known_zone(name: str) -> None:
    if name not in zones():
        raise ValidationError("Not a time zone of the IANA list, such as Europe/Berlin.")


hex_colour = RegexValidator(re.compile(r"\A#[0-9a-f]{6}\Z"), "A colour such as #1d4ed8.")
currency_code = RegexValidator(re.compile(r"\A[A-Z]{3}\Z"), "Three capital letters, such as EUR.")
country_code = RegexValidator(re.compile(r"\A[A-Z]{2}\Z"), "Two capital letters, such as DE.")


class ZoneField(models.CharField):
    """An IANA time zone name."""

    default_validators = [known_zone]

    def __init__(self, **kwargs):
        super().__init__(**{"max_length": 64, "default": "UTC", **kwargs})


class CurrencyField(models.CharField):
    default_validators = [currency_code]

    def __init__(self, **kwargs):
        super().__init__(**{"max_length": 3, "default": "EUR", **kwargs})


class CountryField(models.CharField):
    default_validators = [country_code]

    def __init__(self, **kwargs):
        super().__init__(**{"max_length": 2, "default": "", "blank": True, **kwargs})


def one_of(field: str, choices: type[models.TextChoices], name: str) -> models.CheckConstraint:
    """The database, too, knows which words are allowed."""
    return models.CheckConstraint(condition=models.Q(**{f"{field}__in": choices.values}), name=name)
