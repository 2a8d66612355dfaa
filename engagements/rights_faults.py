"""`manage.py check` refuses a broken catalogue of decision rights, naming file and key."""

from typing import Any

from django.core.checks import Error

from engagements import rights


def the_rights_are_sound(app_configs: Any, **kwargs: Any) -> list[Error]:
    return [Error(str(bad), id="remit.E020") for bad in rights.unsound()]
