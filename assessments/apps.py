"""Start-up wiring of the assessments."""

from django.apps import AppConfig


class AssessmentsConfig(AppConfig):
    name = "assessments"

    def ready(self) -> None:
        # They need the models. The pages join the two sites in practice/urls.py: a command needs none of them.
        from assessments import checks, contributions  # noqa: F401
