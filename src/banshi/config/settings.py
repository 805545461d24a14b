"""Django's settings. What an office sets comes from `environment.py`."""

import gc
import os
import secrets
from datetime import timedelta
from pathlib import Path

import dj_database_url

from banshi.config.environment import networks, read_environment
from banshi.config.file_store import s3_options
from banshi.config.logs import logging_config
from banshi.config.mail import mail_server
from banshi.core.gateways import gateway_address, mailbox_address

# What is loaded stays: to walk it every 700 objects made starting a third slower.
gc.set_threshold(50_000, 20, 20)

ENV = read_environment()

VERSION = "0.1.0"
PACKAGE = Path(__file__).resolve().parent.parent
HOME = ENV.home.resolve()
HOME.mkdir(mode=0o750, parents=True, exist_ok=True)
DATA = PACKAGE / "data" if (PACKAGE / "data").exists() else PACKAGE.parent.parent / "data"
ACCESS_ROLES = ENV.access_roles or DATA / "access" / "roles.toml"
ADJUSTMENT_POLICY = ENV.adjustment_policy or DATA / "adjustments" / "policy.toml"
CASE_RETENTION = ENV.case_retention or DATA / "retention.toml"
EXCHANGE_POLICY = ENV.exchange_policy or DATA / "exchange" / "policy.toml"
EXCHANGE_RESOURCES = ENV.exchange_resources or DATA / "resources"
WINDOW_POLICY = ENV.window_policy or DATA / "window" / "policy.toml"
CASE_POLICY = ENV.case_policy or DATA / "cases" / "policy.toml"
FEEDBACK_POLICY = ENV.feedback_policy or DATA / "feedback" / "policy.toml"
HANDOUT_POLICY = ENV.handout_policy or DATA / "handout" / "policy.toml"
PRIVACY_NOTICE = ENV.privacy or DATA / "privacy" / "notice.toml"
PAPERS = ENV.papers or DATA / "papers"
MONITORING = ENV.monitoring or DATA / "monitoring"
WORKFLOWS = ENV.workflows or DATA / "workflows"
DEMO = ENV.demo
AHEAD = timedelta(days=ENV.demo_ahead if DEMO else 0)
DEBUG = ENV.debug
CITY_NAME = ENV.city or ("示例市" if DEMO else "")
PLACE_CODE = ENV.place
SITE_URL = ENV.url
SECURITY_CONTACT = ENV.security_contact
SECURE = SITE_URL.startswith("https://")


def _secret() -> str:
    """Read `BANSHI_SECRET`, or make one at first start, kept in BANSHI_HOME readable by its owner only."""
    if ENV.secret:
        return ENV.secret
    kept = HOME / "secret"
    if not kept.exists():
        try:
            with os.fdopen(os.open(kept, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as file:
                file.write(secrets.token_urlsafe(48))
        except FileExistsError:
            pass
    return kept.read_text()


SECRET_KEY = _secret()
ALLOWED_HOSTS = [host for host in ENV.hosts.split(",") if host]
CSRF_TRUSTED_ORIGINS = [SITE_URL]
CSRF_FAILURE_VIEW = "banshi.sites.kit.errors.csrf_failure"

INSTALLED_APPS = [
    "banshi.core",
    "banshi.ledger",
    "banshi.events",
    "banshi.calendar",
    "banshi.jobs",
    "banshi.workflow",
    "banshi.documents",
    "banshi.people",
    "banshi.clients",
    "banshi.outbox",
    "banshi.notifications",
    "banshi.law",
    "banshi.papers",
    "banshi.catalog",
    "banshi.exchange",
    "banshi.spreadsheets",
    "banshi.registers",
    "banshi.rulebook",
    "banshi.analysis",
    "banshi.search",
    "banshi.campaigns",
    "banshi.adjustments",
    "banshi.cases",
    "banshi.fees",
    "banshi.feedback",
    "banshi.reception",
    "banshi.handout",
    "banshi.window",
    "banshi.bundles",
    "banshi.insight",
    "banshi.supervision",
    "banshi.connectors",
    "banshi.sites.kit",
    "banshi.sites.portal",
    "banshi.sites.workbench",
    "banshi.sites.console",
    "banshi.sites.counter",
    "banshi.sites.oversight",
    "banshi.sites.signin",
    "banshi.sites.api",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.contrib.sitemaps",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "axes",
    "csp",
    "django_htmx",
    "django_tasks",
    "django_tasks_db",
    "oauth2_provider",
    "ninja",
]

MIDDLEWARE = [
    "banshi.sites.kit.request_id.RequestId",
    "banshi.sites.kit.methods.KnownMethods",
    "banshi.sites.kit.body_limit.BodyLimit",
    "django.middleware.security.SecurityMiddleware",
    "banshi.sites.api.gateway_calls.GatewayCalls",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "banshi.sites.kit.compression.Compression",
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
    "banshi.sites.signin.middleware.StaffSession",
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


ENGINES = {
    "django.db.backends.postgresql": "banshi.core.postgresql",
    "django.db.backends.sqlite3": "banshi.core.sqlite",
}


def _database() -> dict[str, object]:
    if ENV.database_url:
        database = dict(dj_database_url.parse(ENV.database_url, conn_max_age=600, conn_health_checks=True))
        return {**database, "ENGINE": ENGINES.get(str(database["ENGINE"]), database["ENGINE"])}
    return {
        "ENGINE": ENGINES["django.db.backends.sqlite3"],
        "NAME": HOME / "banshi.sqlite3",
        "CONN_MAX_AGE": 600,
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 30,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-8192; PRAGMA foreign_keys=ON;",
        },
    }


DATABASES = {"default": _database()}
DATABASE_PREPARES = ENV.database_prepares
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
LOCAL_MEMORY = "django.core.cache.backends.locmem.LocMemCache"
# Redis, shared by every process of every machine; without it, each process counts and keeps for itself.
CACHE_URL = ENV.cache_url


def _cache(name: str, local: dict[str, object]) -> dict[str, object]:
    """Configure the cache, in which a shared one that is away is a miss and no error."""
    if not CACHE_URL:
        return local
    return {
        "BACKEND": "django_redis.cache.RedisCache",
        "LOCATION": CACHE_URL,
        "KEY_PREFIX": f"banshi.{name}",
        "TIMEOUT": local.get("TIMEOUT", 300),
        "OPTIONS": {"SOCKET_CONNECT_TIMEOUT": 1, "SOCKET_TIMEOUT": 1, "IGNORE_EXCEPTIONS": True},
    }


CACHES = {
    "default": _cache("default", {"BACKEND": LOCAL_MEMORY, "OPTIONS": {"MAX_ENTRIES": 20_000}}),
    # Whole public pages of about 7 KB compressed.
    "pages": _cache("pages", {"BACKEND": LOCAL_MEMORY, "LOCATION": "pages", "OPTIONS": {"MAX_ENTRIES": 600}}),
    # How far long tasks are: seen by every process, also while the task's transaction is open.
    "progress": _cache(
        "progress",
        {
            "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
            "LOCATION": HOME / "progress",
            "TIMEOUT": 86_400,
            "OPTIONS": {"MAX_ENTRIES": 5_000},
        },
    ),
}
# A lease or heartbeat older than this is over; what its process did is taken up by others.
LEASE_TTL = timedelta(seconds=ENV.lease_seconds)

AUTH_USER_MODEL = "people.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "banshi.people.passwords.MinimumLength", "OPTIONS": {"min_length": 10}},
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
# Wrong passwords lock by axes (below, kept in the database); these bound guesses at codes.
ACCOUNT_RATE_LIMITS = {"login_failed": "30/m/ip,8/300s/key"}
ALLAUTH_TRUSTED_PROXY_COUNT = ENV.proxies
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
AXES_HANDLER = "banshi.sites.signin.lockout.SignInFailures"
AXES_FAILURE_LIMIT = 5
# Within the same half hour: of one name from anywhere, and from one address (a whole office may share it) whatever the names.
SIGN_IN_FAILURES_OF_NAME, SIGN_IN_FAILURES_OF_ADDRESS = 20, 30
AXES_COOLOFF_TIME = 0.5
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_USERNAME_CALLABLE = "banshi.sites.signin.adapter.account_name"
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_LOCKOUT_CALLABLE = "banshi.sites.signin.views.locked_out"
AXES_CLIENT_IP_CALLABLE = "banshi.sites.signin.adapter.client_address"
AXES_VERBOSE = False

# Programs of others (banshi.clients): OAuth 2.0 as RFC 9700 has it. Scopes are the permissions of roles.toml.
OAUTH2_PROVIDER_APPLICATION_MODEL = "clients.Client"
OAUTH2_PROVIDER = {
    "SCOPES_BACKEND_CLASS": "banshi.clients.scopes.PermissionScopes",
    "OIDC_ISS_ENDPOINT": SITE_URL,
    "ALLOWED_REDIRECT_URI_SCHEMES": ["https", "http"] if DEMO else ["https"],
    "ACCESS_TOKEN_EXPIRE_SECONDS": 3600,
    "REFRESH_TOKEN_EXPIRE_SECONDS": 30 * 86_400,
    "REFRESH_TOKEN_REUSE_PROTECTION": True,
    "OAUTH2_RESPONSE_TYPES_SUPPORTED": ["code"],
    "OAUTH2_GRANT_TYPES_SUPPORTED": ["authorization_code", "client_credentials", "refresh_token"],
    "COMPLIANT_BCP_RFC9700_IMPLICIT_GRANT": True,
    "COMPLIANT_BCP_RFC9700_PASSWORD_GRANT": True,
    "COMPLIANT_BCP_RFC9700_PKCE_METHOD": True,
    "COMPLIANT_BCP_RFC9700_ACCESS_TOKEN_TRANSPORT": True,
    "COMPLIANT_BCP_RFC9700_AUTHZ_RESPONSE_ISS": True,
    "COMPLIANT_BCP_RFC9700_TOKEN_STORAGE": True,
}

# Sign-ins: staff leave after half an hour without a request and after eight hours in any case; citizens after a week.
SIGN_INS_AT_ONCE = ENV.sign_ins
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
        "connect-src": ["'self'", *([ENV.streams_url] if ENV.streams_url else [])],
    }
}

LANGUAGE_CODE = "zh-hans"
TIME_ZONE = "Asia/Shanghai"
USE_I18N = True
USE_TZ = True

STATIC_URL = "static/"
STATIC_ROOT = HOME / "static"
# A bucket for stored files; without it, a local folder.
FILES_URL = ENV.files_url
# Keys that encrypt files of applicants, newest first; the last is SECRET_KEY (banshi.core.sealed_files).
FILE_KEYS = [each.strip() for each in ENV.file_keys.split(",") if each.strip()]
STORAGES = {
    "default": {"BACKEND": "banshi.core.s3_storage.S3Storage", "OPTIONS": s3_options(FILES_URL)}
    if FILES_URL
    else {"BACKEND": "banshi.core.local_storage.LocalStorage"},
    "staticfiles": {"BACKEND": "banshi.sites.kit.static_files.StaticFiles"},
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG
MEDIA_ROOT = HOME / "files"
DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 20_000
FILE_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
FILE_SIZE_LIMIT = 50 * 1024 * 1024
# Everything of one request; what announces more is refused before it is read. nginx: client_max_body_size.
BODY_SIZE_LIMIT = 60 * 1024 * 1024
# Each file of what the public uploads, and clamd, which looks for viruses in it (banshi.uploads).
UPLOAD_SIZE_LIMIT = 20 * 1024 * 1024
CLAMD = ENV.clamd

# Requests a minute the API answers for one address; 0 counts none.
API_REQUESTS_PER_MINUTE = ENV.api_rate
# Look-ups of 查进度 an hour for one address, right and wrong, which a hall or a phone network may share.
PROGRESS_REQUESTS_PER_HOUR = ENV.progress_rate
# Proxies in front of the server, whose X-Forwarded-For tells the caller's address.
NINJA_NUM_PROXIES = ENV.proxies

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default"]}}
# Outlets (docs/outlets.md): one that is away is tried again after the first wait, then after twice as long each time, up to
# the longest. A letter that it alone can't take is given up, for a person to look at, after so many failed tries.
DELIVERY_FIRST_WAIT, DELIVERY_LONGEST_WAIT = timedelta(minutes=1), timedelta(hours=1)
DELIVERY_SETBACKS = 8
# Letters of an outlet that wait at a time (the change feed keeps the rest); batches in one turn, then others have theirs.
DELIVERY_WINDOW, DELIVERY_BATCHES = 1000, 20
# Inner addresses outlets may reach (banshi.connectors.egress).
OUTLET_NETWORKS = networks(ENV.outlet_networks)
# E-mail to staff (banshi.outbox.mail). Without both, nothing is queued and nothing sent.
_MAIL = mail_server(ENV.email_url)
DEFAULT_FROM_EMAIL = SERVER_EMAIL = ENV.email_from
MAIL_ON = bool(_MAIL.host and DEFAULT_FROM_EMAIL)
EMAIL_HOST, EMAIL_PORT, EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = _MAIL.host, _MAIL.port, _MAIL.user, _MAIL.password
EMAIL_USE_SSL, EMAIL_USE_TLS, EMAIL_TIMEOUT = _MAIL.tls, _MAIL.starttls, 20
EMAIL_SUBJECT_PREFIX = ""
# SMS to applicants (banshi.connectors.sms). Without a gateway nothing is queued.
SMS = gateway_address(ENV.sms_url)
SMS_ON = bool(SMS.address)
# Fees paid on line (banshi.connectors.payment). Without a gateway they are paid at the window.
PAYMENT = gateway_address(ENV.payment_url)
# Results sent by an express company (banshi.connectors.express).
EXPRESS = gateway_address(ENV.express_url)
# Letters by e-mail that become complaints and questions (banshi.connectors.mailbox).
MAILBOX = mailbox_address(ENV.mailbox_url)
# A reader of identity cards at the counter, a program on the clerk's own computer that only its page asks.
CARD_READER = ENV.card_reader
# Where pages reach the port of `banshi serve --streams`; without it, the site's own address.
STREAMS_URL = ENV.streams_url
SEARCH_INDEX = HOME / "index"
# Set by `banshi serve` for its request processes.
SERVING = bool(os.environ.get("BANSHI_SERVING"))
LEDGER_ANCHORS = ENV.anchors or HOME / "anchors" / "ledger.jsonl"
# Ed25519: signs the anchors; verification needs the public key only.
LEDGER_KEY = ENV.ledger_key or HOME / "keys" / "ledger.pem"
LEDGER_PUBLIC_KEY = ENV.ledger_public_key or LEDGER_KEY.with_suffix(".pub")
# An authority that stamps the anchors (banshi.connectors.timestamp), and the roots by which its stamps are judged.
TIMESTAMP_URL = ENV.timestamp_url
TIMESTAMP_ROOTS = ENV.timestamp_roots or HOME / "keys" / "timestamp.pem"
# Certificates that sign papers, and the roots by which their signatures are judged (banshi.papers.signing).
PAPER_CERTIFICATES = ENV.paper_certificates or HOME / "keys" / "papers"
# Folder of fonts of the office's own (方正小标宋, 仿宋_GB2312 …), before the ones that come with banshi.
FONT_FOLDER = ENV.fonts

LOGGING = logging_config(level=ENV.log, plain=DEMO or DEBUG)
