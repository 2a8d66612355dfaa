"""Production refuses to start when it would be unsafe, and says why and what to do."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured

from practice import safety
from tests.ops.serving import REPO, stranger

SECRET = "Wv8-kq3LxT_0mZsP5yRb7NcJ2aHdQe9UgFi4oXtK1wYl"  # gitleaks: only of this test
GOOD: dict[str, Any] = {
    "DEBUG": False,
    "SECRET_KEY": SECRET,
    "SECRET_KEY_FALLBACKS": [],
    "ALLOWED_HOSTS": ["remit.lantern.test"],
    "CSRF_TRUSTED_ORIGINS": ["https://remit.lantern.test"],
    "PASSWORD_HASHERS": ["django.contrib.auth.hashers.Argon2PasswordHasher"],
    "AUTH_PASSWORD_VALIDATORS": [{"NAME": "x"}],
    "SESSION_COOKIE_AGE": 28_800,
    "SESSION_COOKIE_SECURE": True,
    "SESSION_COOKIE_HTTPONLY": True,
    "CSRF_COOKIE_SECURE": True,
    "CACHES": {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache"}},
    "DATABASES": {"default": {"ENGINE": "django.db.backends.postgresql", "USER": "remit"}},
    "CELERY_BROKER_URL": "redis://127.0.0.1:6379/0",
    "REMIT_URL": "https://remit.lantern.test",
    "METRICS_TOKEN": "",
    "API_RATE_PER_MINUTE": 600,
    "FILES_FOLDER": "/srv/remit/files",
    "FILES_S3_BUCKET": "",
    "STATIC_ROOT": "/srv/remit/static",
    "STORAGES": {"files": {}},
    "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
}
ARGON = "django.contrib.auth.hashers.Argon2PasswordHasher"
HASHERS = "django.contrib.auth.hashers"

BAD: list[tuple[dict[str, Any], str]] = [
    ({"DEBUG": True}, "DEBUG is on"),
    ({"SECRET_KEY": ""}, "SECRET_KEY is missing"),
    ({"SECRET_KEY": "short"}, "SECRET_KEY is weak or a default"),
    ({"SECRET_KEY": "a" * 50}, "SECRET_KEY is weak or a default"),
    ({"SECRET_KEY": "django-insecure-" + SECRET}, "SECRET_KEY is weak or a default"),
    ({"WEBHOOK_HTTP": True}, "WEBHOOK_HTTP lets webhooks go out unencrypted"),
    ({"ALLOWED_HOSTS": []}, "ALLOWED_HOSTS is empty"),
    ({"ALLOWED_HOSTS": ["*"]}, "ALLOWED_HOSTS holds a wildcard"),
    ({"ALLOWED_HOSTS": ["remit.lantern.test", " * "]}, "ALLOWED_HOSTS holds a wildcard"),
    ({"ALLOWED_HOSTS": [".lantern.test"]}, "ALLOWED_HOSTS holds a wildcard"),
    ({"CSRF_TRUSTED_ORIGINS": ["https://*.test"]}, "CSRF_TRUSTED_ORIGINS holds a wildcard"),
    (
        {"PASSWORD_HASHERS": [ARGON, f"{HASHERS}.MD5PasswordHasher"]},
        "PASSWORD_HASHERS holds a weak hasher",
    ),
    (
        {"PASSWORD_HASHERS": [ARGON, f"{HASHERS}.UnsaltedSHA1PasswordHasher"]},
        "PASSWORD_HASHERS holds a weak hasher",
    ),
    (
        {"PASSWORD_HASHERS": [f"{HASHERS}.PBKDF2PasswordHasher"]},
        "new passwords would not be hashed with Argon2",
    ),
    ({"PASSWORD_HASHERS": []}, "new passwords would not be hashed with Argon2"),
    ({"AUTH_PASSWORD_VALIDATORS": []}, "there are no password validators"),
    ({"SESSION_COOKIE_AGE": 43_201}, "sessions last longer than 12 hours"),
    ({"SESSION_COOKIE_AGE": 0}, "SESSION_SECONDS is not a positive number"),
    (
        {"CACHES": {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}},
        "throttle counters would live in each process's memory",
    ),
    (
        {"CACHES": {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}},
        "throttle counters would live in each process's memory",
    ),
    (
        {"DATABASES": {"default": {"ENGINE": "django.db.backends.sqlite3"}}},
        "the database is SQLite",
    ),
    (
        {"DATABASES": {"default": {"ENGINE": "django.db.backends.postgresql", "USER": "postgres"}}},
        "the database role is the superuser postgres",
    ),
    ({"FILES_FOLDER": ""}, "nothing says where files of clients are kept"),
    ({"FILES_FOLDER": "files"}, "FILES_FOLDER depends on where a process was started"),
    ({"FILES_FOLDER": "/srv/remit/static/x/../files"}, "files of clients lie among those"),
    ({"STATIC_ROOT": "/srv/remit/files/static"}, "files of clients lie among those"),
    (
        {
            "FILES_S3_BUCKET": "b",
            "STORAGES": {"files": {"OPTIONS": {"access_key": "a", "secret_key": ""}}},
        },
        "FILES_S3_ACCESS_KEY comes without its secret",
    ),
    ({"CELERY_BROKER_URL": "filesystem://"}, "the broker is a folder on one machine"),
    ({"REMIT_URL": "http://remit.lantern.test"}, "REMIT_URL is not https"),
    ({"SESSION_COOKIE_SECURE": False}, "cookies are not marked secure"),
    ({"CSRF_COOKIE_SECURE": False}, "cookies are not marked secure"),
    ({"SESSION_COOKIE_HTTPONLY": False}, "scripts could read the session cookie"),
    ({"METRICS_TOKEN": "guess"}, "METRICS_TOKEN is guessable"),
    ({"API_RATE_PER_MINUTE": 0}, "API_RATE_PER_MINUTE would refuse every call"),
    (
        {"EMAIL_BACKEND": "django.core.mail.backends.filebased.EmailBackend"},
        "mail would never leave this machine",
    ),
    (
        {"EMAIL_BACKEND": "django.core.mail.backends.console.EmailBackend"},
        "mail would never leave this machine",
    ),
]
# What bin/serve's environment lacks and production needs.
ENVIRON = {
    "REMIT_MODE": "production",
    "SECRET_KEY": SECRET,
    "ALLOWED_HOSTS": "remit.lantern.test",
    "REMIT_URL": "https://remit.lantern.test",
    "DATABASE_URL": "postgres://remit:pw@127.0.0.1/remit",
    "REDIS_URL": "redis://127.0.0.1:6379/0",
    "EMAIL_URL": "smtp://127.0.0.1:25",
    "FILES_FOLDER": "/srv/remit/files",
}


def test_a_good_configuration_passes():
    assert safety.faults(GOOD) == []
    safety.refuse_unsafe(GOOD)


@pytest.mark.parametrize(("change", "reason"), BAD)
def test_each_bad_configuration_is_refused_with_its_reason_and_a_remedy(change, reason):
    (fault,) = safety.faults({**GOOD, **change})
    wrong, _, remedy = fault.partition(": ")
    assert wrong.startswith(reason)
    assert remedy.endswith(".")
    with pytest.raises(ImproperlyConfigured, match="will not start in production"):
        safety.refuse_unsafe({**GOOD, **change})


def test_every_reason_has_a_configuration_that_meets_it():
    met = {wrong for _, wrong in BAD}
    assert [w for _, w, _ in safety.FAULTS if not any(w.startswith(reason) for reason in met)] == []


def test_several_faults_are_told_at_once():
    found = safety.faults({**GOOD, "DEBUG": True, "ALLOWED_HOSTS": ["*"], "SECRET_KEY": ""})
    assert [fault.partition(":")[0] for fault in found] == [
        "DEBUG is on",
        "SECRET_KEY is missing",
        "ALLOWED_HOSTS holds a wildcard",
    ]


def start(folder: Path, environ: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """As gunicorn does, with a stranger's environment and nothing of a developer's .env."""
    code = "import practice.wsgi; print('started')"
    clean = stranger(REMIT_VAR=str(folder), **dict.fromkeys(ENVIRON, "") | environ)
    return subprocess.run(
        [sys.executable, "-c", code], cwd=REPO, env=clean, capture_output=True, text=True
    )


def test_production_without_a_secret_ends_with_one_clear_text(tmp_path):
    done = start(tmp_path, ENVIRON | {"SECRET_KEY": ""})
    assert (done.returncode, done.stdout) == (1, "")
    told = done.stderr.partition("ImproperlyConfigured: ")[2]
    assert told == (
        "Remit will not start in production like this:\n"
        "- SECRET_KEY is missing: set SECRET_KEY to at least 40 random characters.\n"
    )


def test_production_with_everything_set_starts(tmp_path):
    done = start(tmp_path, ENVIRON)
    assert (done.returncode, done.stdout) == (0, "started\n"), done.stderr


def test_an_unknown_mode_is_refused(tmp_path):
    done = start(tmp_path, ENVIRON | {"REMIT_MODE": "prodution"})
    assert done.returncode == 1
    assert "REMIT_MODE is 'prodution'; say embedded or production" in done.stderr
