"""`manage.py check` refuses a broken data file of the engagements, naming file and key."""

from typing import Any

from django.core.checks import Error, register

from engagements import handover, prices, spectrum


@register()
def the_spectrum_is_sound(app_configs: Any, **kwargs: Any) -> list[Error]:
    broken = list(spectrum.unsound())
    # What prices and handover name cannot be looked up in a spectrum that does not read.
    broken += [] if broken else [*prices.unsound(), *handover.unsound()]
    return [Error(str(bad), id="remit.E020") for bad in broken]
