"""How log lines look: JSON for machines or aligned text for people. What they hold is decided where they are written."""

from typing import Any

import structlog
from django.core.exceptions import ImproperlyConfigured

SHARED: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]


def config(style: str, level: str) -> dict[str, Any]:
    renderer = (
        structlog.processors.JSONRenderer()
        if style == "json"
        # Its own tracebacks show every local variable, which is content, and take half a second to draw.
        else structlog.dev.ConsoleRenderer(
            colors=False, exception_formatter=structlog.dev.plain_traceback
        )
    )
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *SHARED,
            structlog.processors.format_exc_info,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    processors = [structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer]
    if style == "json":
        processors.insert(0, structlog.processors.format_exc_info)
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "line": {
                "()": structlog.stdlib.ProcessorFormatter,
                "processors": processors,
                "foreign_pre_chain": SHARED,
            }
        },
        "handlers": {"stream": {"class": "logging.StreamHandler", "formatter": "line"}},
        "root": {"handlers": ["stream"], "level": level},
        "loggers": {
            # Its lines carry the requested path, and paths can carry tokens: our own line replaces it.
            "django.request": {"level": "CRITICAL"},
            "django.server": {"level": "CRITICAL"},
            # Two lines for every tick and nudge say nothing; failures still speak.
            "celery.app.trace": {"level": "WARNING"},
            "celery.worker.strategy": {"level": "WARNING"},
            "celery.beat": {"level": "WARNING"},
        },
    }


def report_to(dsn: str) -> None:
    """Send faults to Sentry: where in the code, never whose data."""
    try:
        import sentry_sdk  # of requirements-ops.txt, which most installations do without
    except ImportError as missing:
        raise ImproperlyConfigured(
            "SENTRY_DSN is set: install requirements-ops.txt, or unset it."
        ) from missing
    sentry_sdk.init(
        dsn, send_default_pii=False, max_request_body_size="never", include_local_variables=False
    )


def bind(**facts: Any) -> None:
    """Put ids (never content) on every further log line of this request or task."""
    structlog.contextvars.bind_contextvars(**{name: str(value) for name, value in facts.items()})
