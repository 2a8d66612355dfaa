"""Start-up wiring of the engagements."""

from django.apps import AppConfig


class EngagementsConfig(AppConfig):
    name = "engagements"

    def ready(self) -> None:
        # It needs the models, and fills the lists of the rooms below.
        from engagements import checks, contributions  # noqa: F401
