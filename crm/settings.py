"""Django's settings, made from `crm.configuration`; the environment is read nowhere else."""

from __future__ import annotations

from pathlib import Path

from django.conf.locale import LANG_INFO
from django.core.exceptions import ImproperlyConfigured

from crm.configuration import ROOT, ConfigurationError, settings
from crm.office.theme import UNFOLD  # noqa: F401 - a setting
from engine.languages.compiled import compile_changed

try:
    CONFIGURATION = settings()
except ConfigurationError as error:
    raise ImproperlyConfigured(str(error)) from None

SECRET_KEY = CONFIGURATION.secret_key.get_secret_value()
DEBUG = CONFIGURATION.debug
ALLOWED_HOSTS = CONFIGURATION.hosts
CSRF_TRUSTED_ORIGINS = [CONFIGURATION.public_url]

INSTALLED_APPS = [
    "crm.office.apps.OfficeConfig",  # first: its templates stand before the theme's
    "unfold.apps.BasicAppConfig",
    "unfold.contrib.filters",
    "unfold.contrib.forms",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "crm.people",
    "crm.catalogue",
    "crm.ledger",
    "crm.work",
    "crm.quality",
    "crm.production",
    "crm.documents",
    "crm.outbox",
    "crm.jobs",
    "crm.audit",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django_otp.plugins.otp_static",
    "crm.api",
    "crm.office.apps.OfficeAdminConfig",
]
MIDDLEWARE = [
    "crm.care.health.Health",  # first: it asks neither for TLS nor for a session
    "crm.office.body.Body",
    "crm.office.nul.Address",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "crm.office.door.Stay",
    "crm.office.second_factor.SecondFactor",
    "crm.office.first_admin.FirstPassword",
    "crm.office.language.OfficeLanguage",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "crm.office.nul.Typed",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
ROOT_URLCONF = "crm.urls"
WSGI_APPLICATION = "crm.wsgi.application"
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

DATABASES = {"default": CONFIGURATION.database}
if "sqlite3" in str(CONFIGURATION.database["ENGINE"]):
    Path(str(CONFIGURATION.database["NAME"])).parent.mkdir(parents=True, exist_ok=True)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_PASSWORD_VALIDATORS = [
    *(
        {"NAME": f"django.contrib.auth.password_validation.{name}"}
        for name in (
            "UserAttributeSimilarityValidator",
            "MinimumLengthValidator",
            "CommonPasswordValidator",
            "NumericPasswordValidator",
        )
    ),
    {"NAME": "crm.office.first_admin.AnotherOne"},
]
OTP_TOTP_ISSUER = "MeatBot"
LOGIN_URL = "admin:login"
LOGIN_REDIRECT_URL = "admin:index"

LANGUAGE_CODE = "ru"
LOCALE_PATHS = [ROOT / "locales"]
LANGUAGES = [  # adding one is adding a folder
    (folder.name, str(LANG_INFO.get(folder.name, {}).get("name_local", folder.name)))
    for folder in sorted(LOCALE_PATHS[0].iterdir(), key=lambda path: (path.name != "ru", path.name))
    if (folder / "LC_MESSAGES").is_dir()
]
TIME_ZONE = "Europe/Moscow"
USE_TZ = True
USE_I18N = True
compile_changed(LOCALE_PATHS[0])  # Django reads the compiled ones only
USE_THOUSAND_SEPARATOR = True
FORMAT_MODULE_PATH = ["crm.office.formats"]

STATIC_URL = "static/"
STATIC_ROOT = ROOT / "var" / "static"
STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # WhiteNoise warns of a folder that is not there
WHITENOISE_USE_FINDERS = True  # the office runs without collectstatic

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_EXPIRE_AT_BROWSER_CLOSE = True  # computers of an office are shared
SESSION_COOKIE_AGE = 12 * 3600  # a shift: crm/office/door.py ends a stay then
SESSION_COOKIE_SECURE = CONFIGURATION.secure
CSRF_COOKIE_SECURE = CONFIGURATION.secure
SECURE_SSL_REDIRECT = CONFIGURATION.secure
SECURE_HSTS_SECONDS = 31_536_000 if CONFIGURATION.secure else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = CONFIGURATION.secure
SECURE_HSTS_PRELOAD = CONFIGURATION.secure
SECURE_PROXY_SSL_HEADER = (
    ("HTTP_X_FORWARDED_PROTO", "https") if CONFIGURATION.proxy_header else None
)
X_FRAME_OPTIONS = "DENY"
# Scripts of our files alone; Alpine, by which the theme works, makes functions out of attributes.
# Pictures and files may come from the store, to which links lead.
_STORE = CONFIGURATION.store_url
_OURS = ["'self'", *([_STORE] if _STORE else [])]
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "script-src": ["'self'", "'unsafe-eval'"],
        "style-src": ["'self'", "'unsafe-inline'"],
        "img-src": [*_OURS, "data:"],
        "form-action": _OURS,
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
    }
}

_JOURNAL = {"formatter": CONFIGURATION.log_format}
_HANDLERS = {"console": {"class": "logging.StreamHandler", **_JOURNAL}}
if CONFIGURATION.log_file is not None:
    _PATH = CONFIGURATION.path(CONFIGURATION.log_file)
    _PATH.parent.mkdir(parents=True, exist_ok=True)
    _HANDLERS["file"] = {
        "class": "crm.care.log_file.SharedFile",
        "filename": str(_PATH),
        **_JOURNAL,
    }
if CONFIGURATION.error_url is not None:
    _HANDLERS["collector"] = {
        "class": "crm.care.collector.ToCollector",
        "url": CONFIGURATION.error_url.get_secret_value(),
    }
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "text": {"()": "crm.care.logs.Lines"},
        "json": {"()": "crm.care.logs.Json"},
    },
    "handlers": _HANDLERS,
    "root": {"handlers": list(_HANDLERS), "level": CONFIGURATION.log_level},
    "loggers": {name: {"level": level} for name, level in CONFIGURATION.levels.items()},
}
