"""Reasons why an installation must not start in production, each with its remedy. Pure: reads settings, no Django."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured

Settings = Mapping[str, Any]
WEAK_HASHERS = ("MD5", "SHA1", "Unsalted", "Crypt")
LONGEST_SESSION = timedelta(hours=12).total_seconds()


def _weak_secret(s: Settings) -> bool:
    secret = s["SECRET_KEY"]
    return len(secret) < 40 or len(set(secret)) < 8 or secret.startswith("django-insecure")


def _memory_cache(s: Settings) -> bool:
    backend = s["CACHES"]["default"]["BACKEND"].lower()
    return "locmem" in backend or "dummy" in backend


def _superuser_role(s: Settings) -> bool:
    db = s["DATABASES"]["default"]
    return "postgresql" in db["ENGINE"] and db.get("USER") == "postgres"


def _no_store(s: Settings) -> bool:
    return not s["FILES_S3_BUCKET"] and not s["FILES_FOLDER"]


def _served_folder(s: Settings) -> bool:
    """Whether files of clients and the files that anybody may fetch lie in one another."""
    if s["FILES_S3_BUCKET"] or not s["FILES_FOLDER"] or not s["STATIC_ROOT"]:
        return False
    kept, served = Path(s["FILES_FOLDER"]).resolve(), Path(s["STATIC_ROOT"]).resolve()
    return kept.is_relative_to(served) or served.is_relative_to(kept)


def _half_a_key(s: Settings) -> bool:
    given = s["STORAGES"]["files"].get("OPTIONS", {})
    return "access_key" in given and not given["secret_key"]


# (is it so?, what is wrong, what to do)
FAULTS: list[tuple[Callable[[Settings], bool], str, str]] = [
    (lambda s: bool(s["DEBUG"]), "DEBUG is on", "remove DEBUG from the environment"),
    (
        lambda s: not s["SECRET_KEY"],
        "SECRET_KEY is missing",
        "set SECRET_KEY to at least 40 random characters",
    ),
    (
        lambda s: bool(s["SECRET_KEY"]) and _weak_secret(s),
        "SECRET_KEY is weak or a default",
        "set SECRET_KEY to at least 40 random characters",
    ),
    (
        lambda s: bool(s.get("WEBHOOK_HTTP")),
        "WEBHOOK_HTTP lets webhooks go out unencrypted",
        "remove WEBHOOK_HTTP from the environment",
    ),
    (
        lambda s: not s["ALLOWED_HOSTS"],
        "ALLOWED_HOSTS is empty",
        "set ALLOWED_HOSTS to the names this installation is reached by",
    ),
    (
        lambda s: any(h.strip() == "*" or h.startswith(".") for h in s["ALLOWED_HOSTS"]),
        "ALLOWED_HOSTS holds a wildcard",
        "name each host in ALLOWED_HOSTS",
    ),
    (
        lambda s: any(o.split("//")[-1].startswith("*") for o in s["CSRF_TRUSTED_ORIGINS"]),
        "CSRF_TRUSTED_ORIGINS holds a wildcard",
        "name each origin in CSRF_TRUSTED_ORIGINS",
    ),
    (
        lambda s: any(weak in h for h in s["PASSWORD_HASHERS"] for weak in WEAK_HASHERS),
        "PASSWORD_HASHERS holds a weak hasher",
        "keep Argon2 alone in PASSWORD_HASHERS",
    ),
    (
        lambda s: not s["PASSWORD_HASHERS"] or "Argon2" not in s["PASSWORD_HASHERS"][0],
        "new passwords would not be hashed with Argon2",
        "put Argon2PasswordHasher first in PASSWORD_HASHERS",
    ),
    (
        lambda s: not s["AUTH_PASSWORD_VALIDATORS"],
        "there are no password validators",
        "restore AUTH_PASSWORD_VALIDATORS",
    ),
    (
        lambda s: s["SESSION_COOKIE_AGE"] > LONGEST_SESSION,
        "sessions last longer than 12 hours",
        "set SESSION_SECONDS to 43200 or less",
    ),
    (
        lambda s: s["SESSION_COOKIE_AGE"] <= 0,
        "SESSION_SECONDS is not a positive number",
        "set SESSION_SECONDS to 43200 or less",
    ),
    (
        _memory_cache,
        "throttle counters would live in each process's memory",
        "set REDIS_URL, so that all web processes count together",
    ),
    (
        lambda s: "sqlite" in s["DATABASES"]["default"]["ENGINE"],
        "the database is SQLite",
        "set DATABASE_URL to a PostgreSQL database",
    ),
    (
        _superuser_role,
        "the database role is the superuser postgres",
        "give Remit a role of its own in DATABASE_URL",
    ),
    (
        _no_store,
        "nothing says where files of clients are kept",
        "set FILES_FOLDER to a folder that all machines share, or FILES_S3_BUCKET",
    ),
    (
        lambda s: not _no_store(s) and not s["FILES_S3_BUCKET"] and s["FILES_FOLDER"][0] != "/",
        "FILES_FOLDER depends on where a process was started",
        "set FILES_FOLDER to an absolute path",
    ),
    (
        _served_folder,
        "files of clients lie among those that anybody may fetch",
        "set FILES_FOLDER to a folder of its own, away from STATIC_ROOT",
    ),
    (
        _half_a_key,
        "FILES_S3_ACCESS_KEY comes without its secret",
        "set FILES_S3_SECRET_KEY, or neither where the machine has a role of its own",
    ),
    (
        lambda s: s["CELERY_BROKER_URL"].startswith("filesystem"),
        "the broker is a folder on one machine",
        "set REDIS_URL",
    ),
    (
        lambda s: not s["REMIT_URL"].startswith("https://"),
        "REMIT_URL is not https, so cookies would travel in the clear",
        "set REMIT_URL to the https address people use",
    ),
    (
        lambda s: not (s["SESSION_COOKIE_SECURE"] and s["CSRF_COOKIE_SECURE"]),
        "cookies are not marked secure",
        "set REMIT_URL to the https address people use",
    ),
    (
        lambda s: not s["SESSION_COOKIE_HTTPONLY"],
        "scripts could read the session cookie",
        "restore SESSION_COOKIE_HTTPONLY",
    ),
    (
        lambda s: bool(s["METRICS_TOKEN"]) and len(s["METRICS_TOKEN"]) < 16,
        "METRICS_TOKEN is guessable",
        "set METRICS_TOKEN to at least 16 random characters, or leave it out",
    ),
    (
        lambda s: s["API_RATE_PER_MINUTE"] <= 0,
        "API_RATE_PER_MINUTE would refuse every call",
        "set API_RATE_PER_MINUTE to 600 or so",
    ),
    (
        lambda s: (
            s["EMAIL_BACKEND"].rpartition(".")[0].rpartition(".")[2]
            in {"filebased", "console", "locmem", "dummy"}
        ),
        "mail would never leave this machine",
        "set EMAIL_URL to an SMTP server",
    ),
]


def faults(settings: Settings) -> list[str]:
    return [f"{wrong}: {remedy}." for is_so, wrong, remedy in FAULTS if is_so(settings)]


def refuse_unsafe(settings: Settings) -> None:
    found = faults(settings)
    if found:
        raise ImproperlyConfigured(
            "Remit will not start in production like this:\n- " + "\n- ".join(found)
        )
