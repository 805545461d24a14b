"""The one settings file. Everything an office sets comes from the environment; docs/operations.md lists it."""

import os
import secrets
from datetime import timedelta
from pathlib import Path

import dj_database_url

from banshi.config.mail import mail_server

VERSION = "0.1.0"
PACKAGE = Path(__file__).resolve().parent.parent
HOME = Path(os.environ.get("BANSHI_HOME", ".banshi")).resolve()
HOME.mkdir(parents=True, exist_ok=True)
DATA = PACKAGE / "data" if (PACKAGE / "data").exists() else PACKAGE.parent.parent / "data"
ACCESS_ROLES = Path(os.environ.get("BANSHI_ACCESS_ROLES", DATA / "access" / "roles.toml"))
ADJUSTMENT_POLICY = Path(os.environ.get("BANSHI_ADJUSTMENT_POLICY", DATA / "adjustments" / "policy.toml"))
WORKFLOWS = Path(os.environ.get("BANSHI_WORKFLOWS", DATA / "workflows"))
DEMO = os.environ.get("BANSHI_DEMO") == "1"
DEBUG = os.environ.get("BANSHI_DEBUG") == "1"
CITY_NAME = os.environ.get("BANSHI_CITY", "示例市" if DEMO else "")
SITE_URL = os.environ.get("BANSHI_URL", "http://127.0.0.1:8000").rstrip("/")
SECURE = SITE_URL.startswith("https://")


def _secret() -> str:
    """`BANSHI_SECRET`, or one made at first start and kept in BANSHI_HOME readable by its owner only."""
    if given := os.environ.get("BANSHI_SECRET"):
        return given
    kept = HOME / "secret"
    if not kept.exists():
        try:
            with os.fdopen(os.open(kept, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as file:
                file.write(secrets.token_urlsafe(48))
        except FileExistsError:
            pass
    return kept.read_text()


SECRET_KEY = _secret()
ALLOWED_HOSTS = [h for h in os.environ.get("BANSHI_HOSTS", "127.0.0.1,localhost,[::1]").split(",") if h]
CSRF_TRUSTED_ORIGINS = [SITE_URL]

INSTALLED_APPS = [
    "banshi.core",
    "banshi.ledger",
    "banshi.calendar",
    "banshi.jobs",
    "banshi.workflow",
    "banshi.documents",
    "banshi.people",
    "banshi.outbox",
    "banshi.law",
    "banshi.catalog",
    "banshi.spreadsheets",
    "banshi.registers",
    "banshi.rulebook",
    "banshi.analysis",
    "banshi.search",
    "banshi.campaigns",
    "banshi.adjustments",
    "banshi.connectors",
    "banshi.sites.kit",
    "banshi.sites.portal",
    "banshi.sites.workbench",
    "banshi.sites.console",
    "banshi.sites.signin",
    "banshi.sites.api",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "axes",
    "csp",
    "django_htmx",
    "django_tasks",
    "django_tasks_db",
    "ninja",
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
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "banshi.sites.signin.middleware.SignInLimits",
    "banshi.sites.signin.middleware.StaffReadiness",
    "axes.middleware.AxesMiddleware",
    "banshi.sites.kit.errors.ErrorPages",
]

ROOT_URLCONF = "banshi.config.urls"
WSGI_APPLICATION = "banshi.config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "OPTIONS": {
            "loaders": [("django.template.loaders.cached.Loader", ["banshi.sites.kit.loaders.Loader"])],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "banshi.sites.kit.context.page",
            ],
        },
    }
]


def _database() -> dict[str, object]:
    url = os.environ.get("DATABASE_URL", "")
    if url:
        return _ours(dict(dj_database_url.parse(url, conn_max_age=600, conn_health_checks=True)))
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": HOME / "banshi.sqlite3",
        "CONN_MAX_AGE": 600,
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 30,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-8192; PRAGMA foreign_keys=ON;",
        },
    }


def _ours(database: dict[str, object]) -> dict[str, object]:
    plain = database["ENGINE"] == "django.db.backends.postgresql"
    return {**database, "ENGINE": "banshi.core.postgresql"} if plain else database


DATABASES = {"default": _database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "OPTIONS": {"MAX_ENTRIES": 20_000}},
    # Whole public pages of about 7 KB compressed, in each server process.
    "pages": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": "pages",
        "OPTIONS": {"MAX_ENTRIES": 600},
    },
    # How far long tasks are: seen by every process, also while the task's transaction is open.
    "progress": {
        "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
        "LOCATION": HOME / "progress",
        "TIMEOUT": 86_400,
        "OPTIONS": {"MAX_ENTRIES": 5_000},
    },
}

AUTH_USER_MODEL = "people.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_ADAPTER = "banshi.sites.signin.adapter.AccountAdapter"
ACCOUNT_FORMS = {
    "login": "banshi.sites.signin.forms.SignInForm",
    "signup": "banshi.sites.signin.forms.RegistrationForm",
    "change_password": "banshi.sites.signin.forms.NewPasswordForm",
}
# Wrong passwords lock by axes (below, kept in the database); these bound guesses at codes, per process.
ACCOUNT_RATE_LIMITS = {"login_failed": "30/m/ip,8/300s/key"}
ALLAUTH_TRUSTED_PROXY_COUNT = int(os.environ.get("BANSHI_PROXIES", "0"))
MFA_FORMS = {
    "authenticate": "banshi.sites.signin.forms.CodeForm",
    "reauthenticate": "banshi.sites.signin.forms.CodeAgainForm",
    "activate_totp": "banshi.sites.signin.forms.FirstCodeForm",
}
MFA_ADAPTER = "banshi.sites.signin.adapter.SecondFactorAdapter"
# Staff sign in with a second factor, always; demonstrations do without and say so on the sign-in page.
STAFF_SECOND_FACTOR = not DEMO
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "办事"
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.5
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_USERNAME_CALLABLE = "banshi.sites.signin.adapter.account_name"
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_LOCKOUT_CALLABLE = "banshi.sites.signin.views.locked_out"
AXES_CLIENT_IP_CALLABLE = "banshi.sites.signin.adapter.client_address"
AXES_VERBOSE = False

# Sign-ins: staff leave after half an hour without a request and after eight hours in any case; citizens after a week.
SIGN_INS_AT_ONCE = int(os.environ.get("BANSHI_SIGN_INS", "3"))
STAFF_IDLE_SECONDS = 30 * 60
STAFF_SESSION_SECONDS = 8 * 3600
CITIZEN_SESSION_SECONDS = 7 * 86_400
SESSION_COOKIE_AGE = CITIZEN_SESSION_SECONDS
SESSION_SAVE_EVERY_REQUEST = False
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
SECURE_HSTS_SECONDS = 31_536_000 if SECURE else 0
SECURE_SSL_REDIRECT = False
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "object-src": ["'none'"],
        "base-uri": ["'self'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
    }
}

LANGUAGE_CODE = "zh-hans"
TIME_ZONE = "Asia/Shanghai"
USE_I18N = True
USE_TZ = True

STATIC_URL = "static/"
STATIC_ROOT = HOME / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG
MEDIA_ROOT = HOME / "files"
DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 20_000
FILE_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
FILE_SIZE_LIMIT = 50 * 1024 * 1024

# Requests a minute the API answers for one address, in each server process; 0 counts none.
API_REQUESTS_PER_MINUTE = int(os.environ.get("BANSHI_API_RATE", "1200"))
# Proxies in front of the server, whose X-Forwarded-For tells the caller's address.
NINJA_NUM_PROXIES = int(os.environ.get("BANSHI_PROXIES", "0"))

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default"]}}
# Outlets (docs/outlets.md): one that is away is tried again after the first wait, then after twice as long each time, up to
# the longest. A letter that it alone can't take is given up, for a person to look at, after so many setbacks.
DELIVERY_FIRST_WAIT, DELIVERY_LONGEST_WAIT = timedelta(minutes=1), timedelta(hours=1)
DELIVERY_SETBACKS = 8
# Letters of an outlet that wait at a time (the change feed keeps the rest); batches in one turn, then others have theirs.
DELIVERY_WINDOW, DELIVERY_BATCHES = 1000, 20
# E-mail to staff (banshi.people.mail). Without both, nothing is queued and nothing sent.
_MAIL = mail_server(os.environ.get("BANSHI_EMAIL_URL", ""))
DEFAULT_FROM_EMAIL = SERVER_EMAIL = os.environ.get("BANSHI_EMAIL_FROM", "")
MAIL_ON = bool(_MAIL.host and DEFAULT_FROM_EMAIL)
EMAIL_HOST, EMAIL_PORT, EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = _MAIL.host, _MAIL.port, _MAIL.user, _MAIL.password
EMAIL_USE_SSL, EMAIL_USE_TLS, EMAIL_TIMEOUT = _MAIL.tls, _MAIL.starttls, 20
EMAIL_SUBJECT_PREFIX = ""
SEARCH_INDEX = HOME / "index"
# Set by `banshi serve` for its request processes.
SERVING = os.environ.get("BANSHI_SERVING") == "1"
LEDGER_ANCHORS = Path(os.environ.get("BANSHI_ANCHORS", HOME / "anchors" / "ledger.jsonl"))
# Ed25519: signs the anchors; verification needs the public key only.
LEDGER_KEY = Path(os.environ.get("BANSHI_LEDGER_KEY", HOME / "keys" / "ledger.pem"))
LEDGER_PUBLIC_KEY = Path(os.environ.get("BANSHI_LEDGER_PUBLIC_KEY", LEDGER_KEY.with_suffix(".pub")))
# Folder of fonts of the office's own (方正小标宋, 仿宋_GB2312 …), before the ones that come with banshi.
FONT_FOLDER = os.environ.get("BANSHI_FONTS", "")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": os.environ.get("BANSHI_LOG", "WARNING")},
}
