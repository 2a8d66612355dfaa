"""Start-up wiring of the deliverables."""

from django.apps import AppConfig


class DeliverablesConfig(AppConfig):
    name = "deliverables"

    def ready(self) -> None:
        # It needs the models, and fills the lists of the rooms below.
        from deliverables import contributions  # noqa: F401
