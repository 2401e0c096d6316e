"""Settings of jixi_assist 绩溪救助. One typed block reads the environment; all else follows from it."""

import os
from pathlib import Path
from typing import Any

from celery.schedules import crontab
from django.core.exceptions import ImproperlyConfigured

from foundation.addresses import broker_url, database_settings
from foundation.embedded import database_url, redis_url

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = Path(os.environ.get("JIXI_VAR_DIR", BASE_DIR / "var"))


def env_bool(name: str, *, default: bool) -> bool:
    value = os.environ.get(name, "1" if default else "0").lower()
    if value not in {"0", "1", "true", "false"}:
        raise ImproperlyConfigured(f"环境变量 {name} 只能是 1 或 0，现在是“{value}”。")
    return value in {"1", "true"}


def env_int(name: str, *, default: int) -> int:
    value = os.environ.get(name, str(default))
    try:
        return int(value)
    except ValueError as error:
        raise ImproperlyConfigured(f"环境变量 {name} 应为整数，现在是“{value}”。") from error


# --- The environment -----------------------------------------------------------------------------------------
PRODUCTION: bool = env_bool("JIXI_PRODUCTION", default=False)
DEBUG: bool = env_bool("JIXI_DEBUG", default=False)
KEY_FILE: Path = Path(os.environ.get("JIXI_KEY_FILE", VAR_DIR / "keys.json"))
SECRET_KEY_FILE: Path = Path(os.environ.get("JIXI_SECRET_KEY_FILE", VAR_DIR / "secret_key"))
ALLOWED_HOSTS: list[str] = os.environ.get(
    "JIXI_ALLOWED_HOSTS", "" if PRODUCTION else "localhost,127.0.0.1,[::1]"
).split(",")
CSRF_TRUSTED_ORIGINS: list[str] = [origin for origin in os.environ.get("JIXI_TRUSTED_ORIGINS", "").split(",") if origin]
PUBLIC_BASE_URL: str = os.environ.get("JIXI_PUBLIC_BASE_URL", "").rstrip("/")
APP_ROLE: str = os.environ.get("JIXI_APP_ROLE", "")
"""Database role of web, worker and beat, without rights on tables' structure; empty: whoever migrates runs them."""
UPLOAD_LIMIT_BYTES: int = env_int("JIXI_UPLOAD_LIMIT_MB", default=10) * 1024 * 1024
FOREIGN_LOOKUPS_PER_HOUR: int = env_int("JIXI_FOREIGN_LOOKUPS_PER_HOUR", default=20)
FULL_EXPORTS_PER_HOUR: int = env_int("JIXI_FULL_EXPORTS_PER_HOUR", default=6)
REVEALS_PER_HOUR: int = env_int("JIXI_REVEALS_PER_HOUR", default=100)
"""Numbers that one account may be shown in full within an hour; more are refused."""
REVEALS_WARNED_A_DAY: int = env_int("JIXI_REVEALS_WARNED_A_DAY", default=40)
"""From how many within a day the county's supervisors are told."""
SESSION_HOURS: int = env_int("JIXI_SESSION_HOURS", default=8)
LOCKOUT_FAILURES: int = env_int("JIXI_LOCKOUT_FAILURES", default=5)
LOCKOUT_MINUTES: int = env_int("JIXI_LOCKOUT_MINUTES", default=15)
NEW_KEY_MINUTES: int = env_int("JIXI_NEW_KEY_MINUTES", default=15)
"""How long a new second factor's key waits to be confirmed, in the session that made it."""
SECOND_FACTOR: str = os.environ.get("JIXI_SECOND_FACTOR", "required" if PRODUCTION else "optional")
"""``required``: roles of the county and administrators sign in with a second factor, too; others may."""
if SECOND_FACTOR not in {"required", "optional"}:
    raise ImproperlyConfigured(f"环境变量 JIXI_SECOND_FACTOR 只能是 required 或 optional，现在是“{SECOND_FACTOR}”。")

if PRODUCTION:
    for required in ("DATABASE_URL", "REDIS_URL", "JIXI_ALLOWED_HOSTS", "JIXI_KEY_FILE", "JIXI_SECRET_KEY_FILE"):
        if not os.environ.get(required):
            raise ImproperlyConfigured(f"生产环境必须设置 {required}：内嵌数据库和自动生成的密钥只供演示和测试。")
    if DEBUG:
        raise ImproperlyConfigured("生产环境不能打开 JIXI_DEBUG：出错页面会显示内部信息。请删去这一项或设为 0。")


def _secret_key() -> str:
    try:
        return SECRET_KEY_FILE.read_text().strip()
    except OSError as error:
        raise ImproperlyConfigured(
            f"找不到 {SECRET_KEY_FILE}。请先运行 make setup，或用 JIXI_SECRET_KEY_FILE 指明。"
        ) from error


SECRET_KEY = _secret_key()

# --- Applications, floor by floor ----------------------------------------------------------------------------
INSTALLED_APPS = [
    "foundation",
    "organizations",
    "households",
    "documents",
    "eligibility",
    "verification",
    "benefits",
    "applications",
    "care",
    "temporary_aid",
    "dynamic_review",
    "supervision",
    "one_window",
    "workbench",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "axes",
    "django_celery_beat",
    "django_fsm",
    "django_htmx",
    "guardian",
    "import_export",
    "pghistory",
    "pgtrigger",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "foundation.headers.content_security_middleware",
    "foundation.error_pages.wrong_method_middleware",
    "foundation.plain_addresses.plain_address_middleware",
    "foundation.display.display_middleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "foundation.sessions.session_middleware",  # puts the end off while a session is in use
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "workbench.middleware.counts_middleware",
    "foundation.trail.trail_middleware",
    "foundation.access.access_middleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "jixi_assist.urls"
WSGI_APPLICATION = "jixi_assist.wsgi.application"

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "workbench.queries.frame.frame_context",
            ],
            "builtins": ["foundation.templatetags.jixi", "foundation.templatetags.components"],
        },
    }
]

# --- Data ----------------------------------------------------------------------------------------------------
DATABASES = {
    "default": {
        **database_settings(database_url(VAR_DIR)),
        "ATOMIC_REQUESTS": False,
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
REDIS_URL = broker_url(redis_url(VAR_DIR))
CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}}
PRIVATE_ROOT = Path(os.environ.get("JIXI_PRIVATE_ROOT", VAR_DIR / "private"))
FIXTURES_ROOT = BASE_DIR / "fixtures"
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000

# --- Accounts ------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "organizations.Staff"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
    "guardian.backends.ObjectPermissionBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "foundation.passwords.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
ANONYMOUS_USER_NAME = None
GUARDIAN_MONKEY_PATCH_USER = False
LOGIN_URL = "organizations:login"
LOGIN_REDIRECT_URL = "workbench:home"
LOGOUT_REDIRECT_URL = "organizations:login"
SESSION_COOKIE_AGE = SESSION_HOURS * 3600
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
AXES_FAILURE_LIMIT = LOCKOUT_FAILURES
AXES_COOLOFF_TIME = LOCKOUT_MINUTES / 60
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_LOCKOUT_CALLABLE = "organizations.views.account.locked_out"
AXES_HTTP_RESPONSE_CODE = 429
AXES_USERNAME_FORM_FIELD = "username"  # the log-in form says username; by default axes looks for the model field
AXES_USERNAME_CALLABLE = "foundation.logins.kept_username"
AXES_RESET_ON_SUCCESS = True
AXES_VERBOSE = False

# --- Security ------------------------------------------------------------------------------------------------
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "SAMEORIGIN"
CLIENT_ADDRESS_HEADER = "HTTP_X_FORWARDED_FOR" if PRODUCTION else ""  # where the proxy says who asks
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "foundation.error_pages.csrf_failure"
if PRODUCTION:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_SSL_REDIRECT = True
    SECURE_HSTS_SECONDS = 31536000
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True

# --- Language, time, files ---------------------------------------------------------------------------------
LANGUAGE_CODE = "zh-hans"
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
USE_I18N = True
STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "foundation.files.EncryptedStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if PRODUCTION
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = not PRODUCTION
if not PRODUCTION:
    STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # stays empty here, but whitenoise warns where it is missing
os.environ.setdefault("FONTCONFIG_FILE", str(VAR_DIR / "fonts" / "fonts.conf"))

# --- History, tasks, logs ------------------------------------------------------------------------------------
PGHISTORY_APPEND_ONLY = True
PGHISTORY_INSTALL_CONTEXT_FUNC_ON_MIGRATE = True
MIGRATION_MODULES: dict[str, str] = {}
CELERY_BROKER_URL = REDIS_URL
CELERY_TASK_IGNORE_RESULT = True  # nobody asks; what a task found stays in the database
CELERY_TIMEZONE = TIME_ZONE
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_MAX_MEMORY_PER_CHILD = 400_000  # kB; whoever put hundreds of papers together gives the memory back
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BEAT_SCHEDULER = "foundation.beat:WatchedScheduler"
CELERY_BEAT_SCHEDULE = {
    "archive-missing": {"task": "documents.tasks.archive_missing", "schedule": crontab(minute=35)},
    "sync-grants": {"task": "organizations.tasks.sync_grants", "schedule": crontab(hour=0, minute=5)},
    "plan-reviews": {"task": "dynamic_review.tasks.plan_reviews", "schedule": crontab(hour=0, minute=40)},
    "send-up-stranded": {"task": "applications.tasks.send_up_stranded", "schedule": crontab(hour=0, minute=15)},
    "recompute-provisional": {
        "task": "applications.tasks.recompute_provisional",
        "schedule": crontab(hour=0, minute=20),
    },
    "drop-job-files": {"task": "organizations.tasks.drop_job_files", "schedule": crontab(hour=0, minute=40)},
    "sweep-jobs": {"task": "organizations.tasks.sweep_jobs", "schedule": crontab()},
    "follow-phase-outs": {
        "task": "dynamic_review.tasks.follow_phase_outs",
        "schedule": crontab(hour=0, minute=40),
    },
    "tell-of-deaths": {"task": "dynamic_review.tasks.tell_of_deaths", "schedule": crontab(hour=0, minute=50)},
    "watch-reserves": {"task": "temporary_aid.tasks.watch_reserves", "schedule": crontab(hour=0, minute=55)},
    "seal-history": {"task": "foundation.tasks.seal_history", "schedule": crontab(minute=45)},
}
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
DEFAULT_EXCEPTION_REPORTER_FILTER = "foundation.fault_reports.NothingOfTheRequest"
IMPORT_EXPORT_SKIP_ADMIN_LOG = True
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": "foundation.logs.MaskingFormatter",
            "format": "{asctime} {levelname} {name} {message}",
            "style": "{",
        },
        "django.server": {"()": "foundation.logs.MaskingFormatter", "format": "{asctime} {message}", "style": "{"},
    },
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": "line"},
        "django.server": {"class": "logging.StreamHandler", "formatter": "django.server", "level": "INFO"},
    },
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "axes": {"level": "ERROR"},
        "django": {"handlers": [], "level": "INFO"},  # by the root alone: reports by mail would carry requests
        "django.server": {"handlers": ["django.server"], "level": "INFO", "propagate": False},
        "fontTools": {"level": "ERROR"},
        "weasyprint": {"level": "ERROR"},
    },
}
SILENCED_SYSTEM_CHECKS: list[str] = [
    "security.W005",  # whether other names below the county's domain speak https is not ours to say
    "security.W019",  # papers are shown in frames of our own pages; nobody else may frame us
    "security.W021",  # a host of the government's extranet has no place in browsers' preload list
]
