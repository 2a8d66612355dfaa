"""`manage.py check` refuses a broken lens or law table, naming file and key, and a published one that was changed."""

from typing import Any

from django.core.checks import Error, register

from assessments import (
    classification,
    conflicts,
    estate_book,
    gpai,
    guiding,
    law_faults,
    library,
    work_book,
)
from practice.book import BadBook


@register()
def every_lens_is_sound(app_configs: Any, **kwargs: Any) -> list[Error]:
    return [Error(str(bad), id="remit.E010") for bad in library.unsound()]


@register()
def every_conflict_is_sound(app_configs: Any, **kwargs: Any) -> list[Error]:
    broken_lenses = any(library.unsound())
    # They are told above, and what the conflicts name cannot be looked up among them.
    return [] if broken_lenses else [Error(str(b), id="remit.E011") for b in conflicts.unsound()]


@register()
def the_law_is_sound(app_configs: Any, **kwargs: Any) -> list[Error]:
    broken = [*law_faults.unsound(), *classification.unsound()]
    if not broken:
        # Its steps are held against the lens, which must be readable.
        broken = [*guiding.unsound()]
    return [Error(str(bad), id="remit.E012") for bad in broken]


@register()
def the_estate_is_sound(app_configs: Any, **kwargs: Any) -> list[Error]:
    try:
        estate_book.words()
        work_book.files()
        gpai.checklist()
    except BadBook as bad:
        return [Error(str(bad), id="remit.E013")]
    return []
