"""`manage.py check` refuses a broken data file of the deliverables, naming file and key."""

from typing import Any

from django.core.checks import Error

from deliverables import board_figures, board_template, catalogue, scorecards


def the_scorecard_is_sound(app_configs: Any, **kwargs: Any) -> list[Error]:
    return [Error(str(bad), id="remit.E030") for bad in scorecards.unsound()]


def the_catalogue_is_sound(app_configs: Any, **kwargs: Any) -> list[Error]:
    return [Error(str(bad), id="remit.E031") for bad in catalogue.unsound()]


def the_board_template_is_sound(app_configs: Any, **kwargs: Any) -> list[Error]:
    known = frozenset(board_figures.READINGS)
    return [Error(str(bad), id="remit.E032") for bad in board_template.unsound(known)]
