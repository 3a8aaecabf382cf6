"""The settings, in sections. Environments differ by variables, not by files.

Every variable NAME may also be given as NAME_FILE, the path of a file that holds the value.
Without DATABASE_URL and CELERY_BROKER_URL the embedded servers of this checkout are used.
"""

import os
import secrets
import sys
from typing import Any
from urllib.parse import urlsplit

import environ
import structlog
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from kombu import Exchange, Queue
from structlog.typing import EventDict, Processor, WrappedLogger

from casemgmt import embedded

# Reading the environment

environment = environ.FileAwareEnv()


def text(name: str, *, default: str | None = None) -> str:
    """Return the variable's value; a secret's file may end in a newline."""
    try:
        value: str = environment.str(name, default="").strip()
    except OSError as error:
        raise ImproperlyConfigured(
            f"{name}_FILE cannot be read: {error.strerror} ({error.filename})."
        ) from None
    if value:
        return value
    if default is None:
        raise ImproperlyConfigured(f"{name} is not set; it has no default.")
    return default


def boolean(name: str, *, default: bool) -> bool:
    """Return True for "true" and False for "false"; nothing else is accepted."""
    value = text(name, default=str(default)).lower()
    if value not in ("true", "false"):
        raise ImproperlyConfigured(f"{name} is {value!r}; use true or false.")
    return value == "true"


def number(name: str, *, default: int) -> int:
    """Return a whole number from one."""
    value = text(name, default=str(default))
    if not value.isdecimal() or int(value) < 1:
        raise ImproperlyConfigured(f"{name} is {value!r}; use a whole number from 1.")
    return int(value)


def words(name: str, *, default: list[str]) -> list[str]:
    """Return the values between commas."""
    return [word.strip() for word in text(name, default=",".join(default)).split(",") if word]


def choice(name: str, *, among: list[str], default: str) -> str:
    value = text(name, default=default)
    if value not in among:
        raise ImproperlyConfigured(f"{name} is {value!r}; use one of {', '.join(among)}.")
    return value


def database(name: str, *, default: str) -> dict[str, Any]:
    """Return the parts of a PostgreSQL address. The message keeps its password to itself."""
    url = text(name, default=default)
    if urlsplit(url).scheme not in ("postgres", "postgresql"):
        raise ImproperlyConfigured(
            f"{name} is not a PostgreSQL address; use postgresql://user:password@host:5432/name."
        )
    parts: dict[str, Any] = environ.Env.db_url_config(url)
    return parts


def broker(name: str, *, default: str) -> str:
    """Return the address of a Redis or Valkey."""
    url = text(name, default=default)
    schemes = ("redis", "rediss", "redis+socket")
    if urlsplit(url).scheme not in schemes:
        raise ImproperlyConfigured(
            f"{name} is not a Redis address; it begins with one of {', '.join(schemes)}."
        )
    return url


def secret_key() -> str:
    """Return the secret key: given in production, made once for the embedded database."""
    if text("DATABASE_URL", default="") or text("DJANGO_SECRET_KEY", default=""):
        return text("DJANGO_SECRET_KEY")
    file = embedded.LOCAL / "secret_key"
    if not file.exists():
        file.parent.mkdir(exist_ok=True)
        # Written aside and linked, so that of two processes both read the same key.
        new = file.with_suffix(f".{os.getpid()}")
        new.touch(mode=0o600)
        new.write_text(secrets.token_urlsafe(50))
        try:
            file.hardlink_to(new)
        except FileExistsError:
            pass  # another process was first
        finally:
            new.unlink()
    return file.read_text()


# Security

DEBUG = boolean("DJANGO_DEBUG", default=False)
SECRET_KEY = secret_key()
ALLOWED_HOSTS = words("DJANGO_ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = words("DJANGO_CSRF_TRUSTED_ORIGINS", default=[])

# Only for a service reached by plain http on the same machine, as `make serve` does.
INSECURE_COOKIES = boolean("DJANGO_INSECURE_COOKIES", default=False)
SESSION_COOKIE_SECURE = not INSECURE_COOKIES
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 8 * 60 * 60
CSRF_COOKIE_SECURE = not INSECURE_COOKIES
CSRF_COOKIE_HTTPONLY = True
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SILENCED_SYSTEM_CHECKS = [
    "security.W008",  # the proxy that ends TLS redirects http to https
    "security.W021",  # whether a domain is on the preload list is its owner's decision
]
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
# Set it only behind a proxy that removes the header from what it is sent.
SECURE_PROXY_SSL_HEADER = (
    ("HTTP_X_FORWARDED_PROTO", "https")
    if boolean("DJANGO_BEHIND_TLS_PROXY", default=False)
    else None
)

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "object-src": [NONE],
    }
}

PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
    "cases.hashers.ClientSecretHasher",  # see OAUTH2_PROVIDER; never the one for people
]
AUTHENTICATION_BACKENDS = ["cases.access.Permissions"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}", "OPTIONS": options}
    for name, options in {
        "UserAttributeSimilarityValidator": {},
        "MinimumLengthValidator": {"min_length": 12},
        "CommonPasswordValidator": {},
        "NumericPasswordValidator": {},
    }.items()
]


# Applications

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "rest_framework",
    "oauth2_provider",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "drf_standardized_errors",
    "django_filters",
    "django_countries",
    "django_structlog",
    "pgtrigger",
    "csp",
    "casemgmt",
    "screening",
    "cases",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_structlog.middlewares.RequestMiddleware",
]

ROOT_URLCONF = "casemgmt.urls"
WSGI_APPLICATION = "casemgmt.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

STATIC_URL = "/static/"
# Files are served from the packages they come in, so nothing has to be collected first.
WHITENOISE_USE_FINDERS = True


# Database

DATABASES = {
    "default": {
        **database("DATABASE_URL", default=embedded.database_url()),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }
}
# History triggers prepend statements of their own, which server-side binding refuses.
DATABASES["default"].setdefault("OPTIONS", {})["server_side_binding"] = False
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"


# Time and language

USE_TZ = True  # instants are stored in UTC
TIME_ZONE = "America/New_York"  # days are the office's days
LANGUAGE_CODE = "en-us"
USE_I18N = True


# Border encounters: two questions that the proclamations leave open; see docs/encounters.md

ENCOUNTER_READINGS = {
    "twenty_eight_days": choice(
        "ENCOUNTERS_TWENTY_EIGHT_DAYS", among=["averages", "data"], default="averages"
    ),
    "across_amendment": choice(
        "ENCOUNTERS_ACROSS_AMENDMENT", among=["recomputed", "carried"], default="recomputed"
    ),
}


# API

REST_FRAMEWORK = {
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "cases.api.http.ClientAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["cases.api.http.HasScope"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "cases.api.problems.handle",
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}

DRF_STANDARDIZED_ERRORS = {
    "EXCEPTION_FORMATTER_CLASS": "cases.api.problems.ProblemFormatter",
}

SPECTACULAR_SETTINGS = {
    "TITLE": "Case management API",
    "DESCRIPTION": (
        "Cases, their determinations with every reason, bulk reviews, and the reviews in which "
        "people decide. Screening proposes, a person decides: flagged means that a person may "
        "consider closing the case, nothing more. A client takes in requests, positions and "
        "orders; it never decides, signs or files. What stands in the way of a move is answered "
        "with 409, every reason in `errors`. "
        "A client sees the cases of its offices; what it may not see is not found. Errors are "
        "problem details (RFC 9457) with a stable `code`. Every POST takes an Idempotency-Key."
    ),
    "VERSION": "1.0.0",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "COMPONENT_SPLIT_REQUEST": True,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "ENUM_NAME_OVERRIDES": {
        "CaseStatus": "cases.models.Case.Status",
        "ReviewStatus": "cases.models.states.Review",
        "MotionStatus": "cases.models.states.Motion",
        "BatchStatus": "cases.models.states.Batch",
        "DeterminationKind": "cases.api.suspension.KINDS",
        "SuspensionStatus": "cases.api.suspension.STATUSES",
        "BatchItemStatus": "cases.models.BatchItem.Status",
        "ReviewOrigin": "cases.models.Review.Origin",
        "CourtOrderKind": "cases.models.CourtOrder.Kind",
        "AfterClosureEventKind": "cases.models.PostClosureEvent.Kind",
        "AfterClosureEventTrust": "cases.models.PostClosureEvent.Trust",
        "OnwardForm": "cases.models.OnwardFiling.Form",
        "RestartTool": "cases.models.RestartReview.Tool",
        "StandingEnum": "cases.models.Authority.Standing",
        "OptionStanding": "cases.options.STANDINGS",
        "ContactKind": "cases.models.ContactChange.Kind",
        "RestartReviewStatus": "cases.models.states.Restart",
        "OpenableOrigin": "cases.api.reviews.OPENABLE",
        "BulkReviewStatus": "screening.models.BulkReview.Status",
    },
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "cases.api.describe.summarise",
    ],
    "OAUTH2_FLOWS": ["clientCredentials"],
    "OAUTH2_TOKEN_URL": "/api/v1/token/",
}

OAUTH2_PROVIDER_APPLICATION_MODEL = "cases.ApiClient"
OAUTH2_PROVIDER = {
    "SCOPES_BACKEND_CLASS": "cases.access.ClientScopes",
    "CLIENT_SECRET_HASHER": "random_secret_pbkdf2_sha256",
    "OAUTH2_GRANT_TYPES_SUPPORTED": ["client_credentials"],
    "OAUTH2_RESPONSE_TYPES_SUPPORTED": [],
    "ACCESS_TOKEN_EXPIRE_SECONDS": 60 * 60,
    "ALLOWED_REDIRECT_URI_SCHEMES": ["https"],
    "REFRESH_TOKEN_REUSE_PROTECTION": True,
    # RFC 9700: no implicit or password grant, and no token stored in clear.
    "COMPLIANT_BCP_RFC9700_IMPLICIT_GRANT": True,
    "COMPLIANT_BCP_RFC9700_PASSWORD_GRANT": True,
    "COMPLIANT_BCP_RFC9700_PKCE_METHOD": True,
    "COMPLIANT_BCP_RFC9700_PKCE_REQUIRED": True,
    "COMPLIANT_BCP_RFC9700_ACCESS_TOKEN_TRANSPORT": True,
    "COMPLIANT_BCP_RFC9700_AUTHZ_RESPONSE_ISS": True,
    "COMPLIANT_BCP_RFC9700_TOKEN_STORAGE": True,
    "COMPLIANT_BCP_RFC9700_REFRESH_TOKEN": True,
    "COMPLIANT_BCP_RFC9700_REDIRECT_URI_SCHEME": True,
    "COMPLIANT_BCP_RFC9700_REDIRECT_URI_MATCHING": True,
}


# Celery

CELERY_BROKER_URL = broker("CELERY_BROKER_URL", default=embedded.broker_url())
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# A message not acknowledged within this time is given to another worker, even while it is worked
# on; so every task ends well before.
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 60 * 60}
CELERY_TASK_TIME_LIMIT = 15 * 60
CELERY_TASK_SOFT_TIME_LIMIT = 14 * 60

# A message is done when its work is done; a worker that dies leaves its work to the next.
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 20  # seconds; less than the orchestrator's grace
CELERY_WORKER_ENABLE_SOFT_SHUTDOWN_ON_IDLE = True

# Results and progress are rows of ours, not messages.
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]

# Each with an exchange and a key of its own: sharing one, a message would reach both.
CELERY_TASK_QUEUES = [
    Queue(name, Exchange(name), routing_key=name) for name in ("interactive", "bulk")
]
CLOSURE_BATCH_CHUNK_ITEMS = number("CLOSURE_BATCH_CHUNK_ITEMS", default=2_000)
CELERY_TASK_DEFAULT_QUEUE = "interactive"
CELERY_TASK_CREATE_MISSING_QUEUES = False  # a misspelt queue is an error, not a new queue

# Beat skips what it missed by hours, so schedules are rows with a due time; it fires only the tick,
# the canaries, the rates by group and the statistics, of which the next say the same.
CELERY_BEAT_SCHEDULE = {
    "every minute": {
        "task": "screening.tasks.tick",
        "schedule": 60.0,
        "options": {"expires": 55},
    },
    "every minute, closure batches": {
        "task": "cases.tasks.tick",
        "schedule": 60.0,
        "options": {"expires": 55},
    },
    "every hour, reviews": {
        "task": "screening.tasks.sweep_reviews",
        "schedule": 3600.0,
        "options": {"expires": 3500},
    },
    "every hour": {
        "task": "screening.tasks.run_canaries",
        "schedule": 3600.0,
        "options": {"expires": 3500},
    },
    "every hour, urgency": {
        "task": "screening.tasks.say_what_is_urgent",
        "schedule": 3600.0,
        "options": {"expires": 3500},
    },
    "every six hours": {
        "task": "screening.tasks.refresh_disparity",
        "schedule": 6 * 3600.0,
        "options": {"expires": 3600},
    },
    "every six hours, statistics": {
        "task": "cases.tasks.refresh_statistics",
        "schedule": 6 * 3600.0,
        "options": {"expires": 3600},
    },
    "every day, closed cases": {
        "task": "screening.tasks.monitor_closed_cases",
        "schedule": 86400.0,
        "options": {"expires": 80000},
    },
    "every day, API": {
        "task": "cases.tasks.tidy_api",
        "schedule": 86400.0,
        "options": {"expires": 80000},
    },
}
CELERY_BEAT_SCHEDULE_FILENAME = text(
    "CELERY_BEAT_SCHEDULE_FILENAME", default=str(embedded.LOCAL / "beat-schedule")
)
CELERY_TIMEZONE = TIME_ZONE
CELERY_WORKER_HIJACK_ROOT_LOGGER = False


# Logging

LOG_LEVEL = choice("DJANGO_LOG_LEVEL", among=["DEBUG", "INFO", "WARNING", "ERROR"], default="INFO")
DJANGO_STRUCTLOG_IP_LOGGING_ENABLED = False
DJANGO_STRUCTLOG_USER_ID_FIELD = "pk"
DJANGO_STRUCTLOG_CELERY_ENABLED = True


def without_query(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Cut the query from logged requests: what staff search for is a name or an A-number."""
    if isinstance(request := event.get("request"), str):
        event["request"] = request.partition("?")[0]
    return event


LOG_PROCESSORS: list[Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    without_query,
]
# No local variables in tracebacks: they hold people.
LOG_RENDERERS: list[Processor] = (
    [structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)]
    if sys.stderr.isatty()
    else [
        structlog.processors.ExceptionRenderer(
            structlog.tracebacks.ExceptionDictTransformer(show_locals=False)
        ),
        structlog.processors.JSONRenderer(),
    ]
)

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "structured": {
            "()": structlog.stdlib.ProcessorFormatter,
            "foreign_pre_chain": LOG_PROCESSORS,
            "processors": [
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                *LOG_RENDERERS,
            ],
        },
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "structured"}},
    "root": {"handlers": ["stderr"], "level": LOG_LEVEL},
    "loggers": {
        "django.server": {"handlers": ["stderr"], "propagate": False},
        "weasyprint.progress": {"level": "WARNING"},  # every step of every document
    },
}

structlog.configure(
    processors=[
        structlog.stdlib.filter_by_level,
        *LOG_PROCESSORS,
        structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
    ],
    logger_factory=structlog.stdlib.LoggerFactory(),
    cache_logger_on_first_use=True,
)
