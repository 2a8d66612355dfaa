"""`manage.py check` refuses a broken file of time layouts, naming file and key."""

from typing import Any

from django.core.checks import Error

from engagements import time_files
from practice.book import BadBook


def the_layouts_are_sound(app_configs: Any, **kwargs: Any) -> list[Error]:
    try:
        layouts = time_files.layouts()
    except BadBook as bad:
        return [Error(str(bad), id="remit.E026")]
    # A heading is compared in lower case, so one written otherwise would never be found.
    return [
        Error(f"{time_files.FILE.name}: {key}: headings are in lower case", id="remit.E026")
        for key, layout in layouts.items()
        if any(name != name.casefold() for name in (*layout.known_by, *layout.lengths, layout.day))
    ]
