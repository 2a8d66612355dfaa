"""Start-up wiring of the ground floor."""

import structlog
from django.apps import AppConfig
from django.core.signals import got_request_exception
from django.db import connections
from django.db.models.signals import post_migrate, pre_migrate
from django.http import HttpRequest

from practice import guards


def _lift(using: str, **kwargs: object) -> None:
    # Only SQLite re-makes tables, and only it would trip over triggers that name the one being re-made.
    if connections[using].vendor == "sqlite":
        guards.lift(connections[using])


def _install(using: str, **kwargs: object) -> None:
    guards.install(connections[using])


def _log_fault(request: HttpRequest, **kwargs: object) -> None:
    # Django's own line about it would carry the path, and paths carry tokens.
    structlog.get_logger("remit.web").exception("request_failed", method=request.method)


class PracticeConfig(AppConfig):
    name = "practice"

    def ready(self) -> None:
        # Needs the models: the checks, the Celery app that nudges go through, and our own contributions.
        from practice import celery, checks, contributions  # noqa: F401

        got_request_exception.connect(_log_fault, dispatch_uid="log faults")
        pre_migrate.connect(_lift, sender=self, dispatch_uid="lift guards")
        post_migrate.connect(_install, sender=self, dispatch_uid="install guards")
