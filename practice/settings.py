"""Every setting of the installation, read once from the environment. No logic beyond choosing defaults."""

import ipaddress
import os
import secrets
from datetime import timedelta
from importlib.util import find_spec
from pathlib import Path

from csp.constants import NONCE, NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from environs import Env

from practice import logs, safety

BASE = Path(__file__).resolve().parent.parent

env = Env()
if (
    os.environ.get("REMIT_MODE") != "test"
):  # a developer's own settings are not what the suite tests
    env.read_env(str(BASE / ".env"), recurse=False)

# embedded: one machine, no services needed. production: refuses to start when unsafe. test: the suite.
MODE = env.str("REMIT_MODE", "embedded")
if MODE not in {"embedded", "production", "test"}:
    raise ImproperlyConfigured(
        f"REMIT_MODE is {MODE!r}; say embedded or production (test is for the suite)."
    )
PRODUCTION, TESTING = MODE == "production", MODE == "test"

VAR = Path(env.str("REMIT_VAR", str(BASE / "var")))
REDIS_URL = env.str("REDIS_URL", "")


def _embedded_secret() -> str:
    """One secret per installation, made on first use and kept beside the embedded database."""
    path = VAR / "secret_key"
    if not path.exists():
        VAR.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(48))
    return path.read_text()


DEBUG = env.bool("DEBUG", False)
SECRET_KEY = env.str("SECRET_KEY", "") or ("" if PRODUCTION else _embedded_secret())
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", [])
ALLOWED_HOSTS = env.list(
    "ALLOWED_HOSTS", [] if PRODUCTION else ["127.0.0.1", "localhost", "[::1]", "testserver"]
)
# Where people reach this installation: the base of every link that leaves it by mail.
REMIT_URL = env.str("REMIT_URL", "http://127.0.0.1:8000").rstrip("/")
HTTPS = REMIT_URL.startswith("https://")
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", [REMIT_URL] if HTTPS else [])
CSRF_FAILURE_VIEW = "practice.public.csrf_failure"
# Proxies in front of us whose X-Forwarded-For entry is to be believed; 0 believes nobody.
TRUSTED_PROXIES = env.int("TRUSTED_PROXIES", 0)

INSTALLED_APPS = [
    "practice",
    "assessments",
    "engagements",
    "deliverables",
    "unfold",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "csp",
    "django_prometheus",
]

MIDDLEWARE = [
    "practice.middleware.request_log",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "practice.middleware.actor",
]

ROOT_URLCONF = "practice.urls"
WSGI_APPLICATION = "practice.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "practice.brand.context",
                "practice.inbox.context",
            ]
        },
    }
]

# Data.

DATABASE_URL = env.str("DATABASE_URL", "")
DATABASES = {
    "default": env.dj_db_url("DATABASE_URL", f"sqlite:///{VAR / 'remit.sqlite3'}"),
}
POSTGRES = "postgresql" in DATABASES["default"]["ENGINE"]
if POSTGRES:
    DATABASES["default"].setdefault("OPTIONS", {})
    if not TESTING:
        # A pool survives a database restart with 2 failed answers where none lost 84 (docs/decisions).
        DATABASES["default"]["OPTIONS"]["pool"] = {
            "min_size": 1,
            "max_size": env.int("DATABASE_POOL", 10),
            "timeout": 10,
        }
else:
    # IMMEDIATE takes the write lock when a transaction begins: with Django's default (DEFERRED) two
    # writers upgrade their read locks at once and one dies with "database is locked".
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": (
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; "
            "PRAGMA foreign_keys=ON; PRAGMA recursive_triggers=ON;"
        ),
    }
    # A connection opened for each request would run those four statements each time.
    DATABASES["default"]["CONN_MAX_AGE"] = 0 if TESTING else None
if TESTING and POSTGRES:
    # Only databases of such names are ever made and dropped by tests; bin/test gives each run its own.
    DATABASES["default"]["TEST"] = {"NAME": "remit_test_local"}
    # What a crash would lose of a test's database nobody misses; proofs of durability start servers of their own.
    DATABASES["default"]["OPTIONS"]["options"] = "-c synchronous_commit=off"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CACHES = {
    "default": (
        {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}
        if REDIS_URL
        else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
    )
}
CACHES["default"]["KEY_PREFIX"] = env.str("CACHE_PREFIX", "remit")
# Pages of PDFs as they were drawn. In the memory of a process only so many.
CACHES["pictures"] = {
    **CACHES["default"],
    "KEY_PREFIX": f"{CACHES['default']['KEY_PREFIX']}-pictures",
    **({} if REDIS_URL else {"LOCATION": "pictures", "OPTIONS": {"MAX_ENTRIES": 60}}),
}

# People.

AUTH_USER_MODEL = "practice.User"
AUTHENTICATION_BACKENDS = ["practice.sign_in.Backend"]
PASSWORD_HASHERS = (
    ["django.contrib.auth.hashers.MD5PasswordHasher"]  # the suite signs in hundreds of times
    if TESTING
    else ["django.contrib.auth.hashers.Argon2PasswordHasher"]
)
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "practice.sign_in.Adapter"
ACCOUNT_FORMS = {"signup": "practice.sign_in.PracticeSignUp"}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory" if PRODUCTION else "optional"
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if HTTPS else "http"
# May strangers found a practice here? A firm running Remit for itself says no.
SIGNUP_OPEN = env.bool("SIGNUP_OPEN", not PRODUCTION)
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Remit"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS
SESSION_ENGINE = "django.contrib.sessions.backends.cached_db" if REDIS_URL else "practice.sessions"
SESSION_COOKIE_AGE = env.int("SESSION_SECONDS", int(timedelta(hours=8).total_seconds()))
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = True
INVITATION_DAYS = env.int("INVITATION_DAYS", 14)

# Web.

SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", HTTPS)
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^metrics$"]
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXIES else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_048_576
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        # The nonce is for one line: the practice's accent colour (templates/page.html).
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
STATIC_URL = "static/"
# Collected in production only; elsewhere files are served from where they lie.
STATIC_ROOT = env.str("STATIC_ROOT", str(BASE / "staticfiles")) if PRODUCTION else None
WHITENOISE_USE_FINDERS = MODE == "embedded"
# Files of clients (decision 0020): a folder that nothing serves, or a bucket. Machines that work together need one
# folder that all of them see, or the bucket.
FILES_FOLDER = env.str("FILES_FOLDER", "" if PRODUCTION else str(VAR / "files"))
FILES_S3_BUCKET = env.str("FILES_S3_BUCKET", "")
_bucket = {
    "bucket_name": FILES_S3_BUCKET,
    "endpoint_url": env.str("FILES_S3_ENDPOINT", "") or None,
    "region_name": env.str("FILES_S3_REGION", "") or None,
}
if FILES_S3_BUCKET and find_spec("storages") is None:
    raise ImproperlyConfigured("FILES_S3_BUCKET needs the packages of requirements-ops.txt.")
if env.str("FILES_S3_ACCESS_KEY", ""):
    _bucket |= {
        "access_key": env.str("FILES_S3_ACCESS_KEY"),
        "secret_key": env.str("FILES_S3_SECRET_KEY", ""),
    }
# Before a byte of a larger body is read, at every door.
FILE_UPLOAD_HANDLERS = [
    "practice.uploads.Bounded",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
STORAGES = {
    # Nobody's default: what keeps files says where.
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "files": (
        {"BACKEND": "practice.file_bucket.Bucket", "OPTIONS": _bucket}
        if FILES_S3_BUCKET
        else {"BACKEND": "practice.file_disk.Disk", "OPTIONS": {"location": FILES_FOLDER}}
    ),
    "staticfiles": {
        "BACKEND": (
            "whitenoise.storage.CompressedManifestStaticFilesStorage"
            if PRODUCTION
            else "django.contrib.staticfiles.storage.StaticFilesStorage"
        )
    },
}
LANGUAGE_CODE = "en"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"
FORMAT_MODULE_PATH = "practice.formats"

REST_FRAMEWORK = {
    "NUM_PROXIES": TRUSTED_PROXIES,
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "practice.rest.sign_in.KeyAuthentication",
        "practice.rest.sign_in.PageSessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["practice.rest.sign_in.ActorOnly"],
    "DEFAULT_THROTTLE_CLASSES": ["practice.rest.throttle.Throttle"],
    "DEFAULT_RENDERER_CLASSES": ["practice.rest.render.Json"],
    "DEFAULT_PARSER_CLASSES": ["practice.rest.render.StrictJson"],
    "EXCEPTION_HANDLER": "practice.rest.problems.handler",
    "DEFAULT_SCHEMA_CLASS": "practice.rest.schema.Schema",
    "UNAUTHENTICATED_USER": None,
    # ?format= is a parameter like any other that nobody declared.
    "URL_FORMAT_OVERRIDE": None,
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
API_RATE_PER_MINUTE = env.int("API_RATE_PER_MINUTE", 600)
SPECTACULAR_SETTINGS = {
    "TITLE": "Remit API",
    "VERSION": "1",
    "DESCRIPTION": "The working record of a fractional-executive practice. See docs/api.md.",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": [],
    "SERVE_AUTHENTICATION": [],
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "SCHEMA_PATH_PREFIX": r"/api/v1",
    "COMPONENT_SPLIT_REQUEST": True,
    "POSTPROCESSING_HOOKS": [],
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
}

# Worker.

TICK_SECONDS = env.float("TICK_SECONDS", 60.0)
NOTICE_LEASE_SECONDS = env.float("NOTICE_LEASE_SECONDS", 60.0)
CELERY_BROKER_URL = env.str("CELERY_BROKER_URL", REDIS_URL or "filesystem://")
QUEUE_FOLDER = VAR / "queue"

# Webhooks reach the public internet over https. For development: plain http, and networks of one's own such as
# 127.0.0.0/8; a firm whose receivers stand in its own network names that network.
WEBHOOK_HTTP = env.bool("WEBHOOK_HTTP", False)
WEBHOOK_NETWORKS = [ipaddress.ip_network(text) for text in env.list("WEBHOOK_NETWORKS", [])]

# Mail.

EMAIL_FILE_PATH = str(VAR / "mail")
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", "Remit <remit@localhost>")
if env.str("EMAIL_URL", ""):
    _mail = env.dj_email_url("EMAIL_URL")
    if "EMAIL_BACKEND" not in _mail:
        raise ImproperlyConfigured("EMAIL_URL begins with submission://, smtps:// or smtp://.")
    EMAIL_BACKEND, EMAIL_HOST, EMAIL_PORT = (
        _mail["EMAIL_BACKEND"],
        _mail["EMAIL_HOST"],
        _mail["EMAIL_PORT"],
    )
    EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = _mail["EMAIL_HOST_USER"], _mail["EMAIL_HOST_PASSWORD"]
    EMAIL_USE_TLS, EMAIL_USE_SSL = _mail["EMAIL_USE_TLS"], _mail["EMAIL_USE_SSL"]
else:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_TIMEOUT = 15

# Seeing it.

# /metrics answers only to this bearer token; empty means the page does not exist.
METRICS_TOKEN = env.str("METRICS_TOKEN", "")
LOG_FORMAT = env.str("LOG_FORMAT", "json" if PRODUCTION else "console")
LOGGING = logs.config(LOG_FORMAT, env.str("LOG_LEVEL", "INFO"))
SENTRY_DSN = env.str("SENTRY_DSN", "")
if SENTRY_DSN:
    logs.report_to(SENTRY_DSN)
SILENCED_SYSTEM_CHECKS: list[str] = []

UNFOLD = {
    "SITE_TITLE": "Remit",
    "SITE_HEADER": "Remit",
    "SHOW_HISTORY": False,
    "SHOW_VIEW_ON_SITE": False,
    "BORDER_RADIUS": "6px",
    "STYLES": ["practice.brand.stylesheet"],
    "SITE_URL": "/",
}

if PRODUCTION:
    safety.refuse_unsafe(globals())
