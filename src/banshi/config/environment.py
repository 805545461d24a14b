"""Everything an office sets, typed: environment variables read by pydantic-settings. docs/operations.md lists them."""

import difflib
import os
import re
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured
from pydantic import Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from banshi.config.file_store import s3_options
from banshi.config.mail import mail_server
from banshi.core.gateways import gateway_address, mailbox_address

PREFIX = "BANSHI_"
FILE_KEY_SIGNS = 40
LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
TESTS = ("BANSHI_TEST_", "BANSHI_CHROMIUM", "BANSHI_SCREENSHOTS")
INTERNAL = {"BANSHI_SERVING"}
"""Set by `banshi serve` for its own request processes."""
WORDS = {
    "int_parsing": "要写整数",
    "float_parsing": "要写数字",
    "bool_parsing": "要写 1 或 0",
    "string_pattern_mismatch": "要写行政区划代码的前2位、前4位或6位",
    "greater_than_equal": "不能小于 {ge}",
    "less_than_equal": "不能大于 {le}",
}


class Environment(BaseSettings):
    """An empty value counts as none."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_ignore_empty=True, extra="ignore", frozen=True, validate_default=False
    )

    home: Path = Path(".banshi")
    secret: str = ""
    database_url: str = Field("", validation_alias="DATABASE_URL")
    database_prepares: bool = True
    cache_url: str = ""
    files_url: str = ""
    file_keys: str = ""
    url: str = "http://127.0.0.1:8000"
    hosts: str = "127.0.0.1,localhost,[::1]"
    proxies: int = Field(0, ge=0)
    city: str = ""
    place: str = Field("", pattern=r"^(?:\d{2}|\d{4}|\d{6})$")
    demo: bool = False
    demo_ahead: int = Field(0, ge=0, le=3650)
    debug: bool = False
    access_roles: Path | None = None
    workflows: Path | None = None
    monitoring: Path | None = None
    adjustment_policy: Path | None = None
    case_policy: Path | None = None
    feedback_policy: Path | None = None
    exchange_policy: Path | None = None
    exchange_resources: Path | None = None
    handout_policy: Path | None = None
    window_policy: Path | None = None
    case_retention: Path | None = None
    privacy: Path | None = None
    clamd: str = ""
    papers: Path | None = None
    paper_certificates: Path | None = None
    sms_url: str = ""
    payment_url: str = ""
    express_url: str = ""
    mailbox_url: str = ""
    card_reader: str = ""
    streams_url: str = ""
    email_url: str = ""
    email_from: str = ""
    security_contact: str = ""
    sign_ins: int = Field(3, ge=1)
    api_rate: int = Field(1200, ge=0)
    progress_rate: int = Field(3000, ge=1)
    outlet_networks: str = ""
    anchors: Path | None = None
    ledger_key: Path | None = None
    ledger_public_key: Path | None = None
    timestamp_url: str = ""
    timestamp_roots: Path | None = None
    fonts: str = ""
    log: str = "WARNING"
    lease_seconds: float = Field(20, ge=0.5, le=60)

    @field_validator("url", "timestamp_url")
    @classmethod
    def _is_an_address(cls, value: str) -> str:
        if not value.startswith(("http://", "https://")):
            raise ValueError("要以 http:// 或 https:// 开头")
        return value.rstrip("/")

    @field_validator("log")
    @classmethod
    def _is_a_level(cls, value: str) -> str:
        if value.upper() not in LEVELS:
            raise ValueError(f"要写 {'、'.join(LEVELS)} 中的一个")
        return value.upper()

    @field_validator("outlet_networks")
    @classmethod
    def _are_networks(cls, value: str) -> str:
        networks(value)
        return value

    @field_validator("database_url")
    @classmethod
    def _is_a_database(cls, value: str) -> str:
        if not value.startswith(("postgresql://", "postgres://", "sqlite:///")):
            raise ValueError("要写成 postgresql://用户:密码@主机/库名")
        return value

    @field_validator("cache_url")
    @classmethod
    def _is_redis(cls, value: str) -> str:
        if not value.startswith(("redis://", "rediss://", "unix://")):
            raise ValueError("要写成 redis://[:密码@]主机[:端口]/库号")
        return value

    @field_validator("files_url")
    @classmethod
    def _is_a_bucket(cls, value: str) -> str:
        s3_options(value)
        return value

    @field_validator("file_keys")
    @classmethod
    def _are_keys(cls, value: str) -> str:
        if any(len(each.strip()) < FILE_KEY_SIGNS for each in value.split(",")):
            raise ValueError(f"每个密钥至少{FILE_KEY_SIGNS}个字符，几个用逗号隔开，新的在前")
        return value

    @field_validator("clamd")
    @classmethod
    def _is_a_scanner(cls, value: str) -> str:
        if not re.fullmatch(r"unix:/.+|tcp://[^/:]+:\d{1,5}", value):
            raise ValueError("要写成 unix:/run/clamav/clamd.ctl 或 tcp://主机:3310")
        return value

    @field_validator("sms_url", "payment_url", "express_url")
    @classmethod
    def _is_a_gateway(cls, value: str) -> str:
        gateway_address(value)
        return value

    @field_validator("mailbox_url")
    @classmethod
    def _is_a_mailbox(cls, value: str) -> str:
        mailbox_address(value)
        return value

    @field_validator("card_reader")
    @classmethod
    def _is_on_this_computer(cls, value: str) -> str:
        if not re.fullmatch(r"http://(127\.0\.0\.1|localhost):\d{1,5}", value):
            raise ValueError("要写成 http://127.0.0.1:端口，读卡程序在窗口人员自己的电脑上")
        return value

    @field_validator("streams_url")
    @classmethod
    def _is_an_origin(cls, value: str) -> str:
        if not re.fullmatch(r"https?://[A-Za-z0-9.\[\]:-]+", value):
            raise ValueError("要写成 https://主机 或 http://主机:端口，后面不带路径")
        return value

    @field_validator("email_url")
    @classmethod
    def _is_a_mail_server(cls, value: str) -> str:
        mail_server(value)
        return value


def networks(value: str) -> list[IPv4Network | IPv6Network]:
    """Parse a list of networks.

    Raises ValueError, in words.
    """
    try:
        return [ip_network(each.strip()) for each in value.split(",") if each.strip()]
    except ValueError as wrong:
        raise ValueError("要写网段，用逗号隔开，如 10.0.0.0/8,192.168.1.20") from wrong


def read_environment() -> Environment:
    """Read settings from the environment.

    Raises ImproperlyConfigured, naming each variable that can't be used.
    """
    try:
        return Environment()
    except ValidationError as error:
        lines = []
        for each in error.errors():
            name = str(each["loc"][0])
            variable = name if name.isupper() else PREFIX + name.upper()
            words = WORDS.get(each["type"], "{error}").format(**{"error": each["msg"]} | each.get("ctx", {}))
            # Without the value, which may be a password.
            lines.append(f"环境变量 {variable} 的值不能用：{words}")
        raise ImproperlyConfigured("\n".join(lines)) from None


def unknown_variables() -> dict[str, str]:
    """List variables with our prefix that mean nothing, each with the one that may be meant."""
    known = {PREFIX + name.upper() for name in Environment.model_fields} | INTERNAL
    given = {name for name in os.environ if name.startswith(PREFIX) and not name.startswith(TESTS)}
    return {name: next(iter(difflib.get_close_matches(name, known, 1)), "") for name in sorted(given - known)}
