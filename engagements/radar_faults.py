"""`manage.py check` refuses a radar file that cannot be read, or that says other than what is contributed."""

from typing import Any

from django.core.checks import Error

from engagements import radar
from practice.book import BadBook


def the_radar_is_sound(app_configs: Any, **kwargs: Any) -> list[Error]:
    try:
        return [Error(sentence, id="remit.E030") for sentence in radar.unsound()]
    except BadBook as bad:
        return [Error(str(bad), id="remit.E030")]
