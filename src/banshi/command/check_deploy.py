"""`banshi check-deploy`: is this installation fit for the public?"""

from collections.abc import Iterator
from dataclasses import dataclass

import typer

from banshi.command.cli import app, django_ready, screen

OTHERS = 0o007
"""The bits of a mode that let accounts in that are neither owner nor of the group."""


@dataclass(frozen=True, slots=True)
class DeployCheck:
    """`ok` None: works, but think about it."""

    ok: bool | None
    what: str
    remedy: str = ""


@app.command()
def check_deploy() -> None:
    """检查能不能上线：密钥、网址、共享缓存、文件存储、邮件、查病毒、数据库、日历、索引、操作记录的保护。有 ✗ 时退出码为 1。"""
    with django_ready():
        findings = [
            *_settings(),
            *_proxy(),
            *_variables(),
            *_shared(),
            *_mail(),
            *_sms(),
            *_mailbox(),
            *_scanner(),
            *_paper_certificates(),
            *_database(),
            *_ledger(),
            *_timestamps(),
            *_data(),
            *_django(),
        ]
    for finding in findings:
        mark = {True: "[green]✓[/green]", None: "[yellow]![/yellow]", False: "[red]✗[/red]"}[finding.ok]
        screen.print(
            f"{mark} {finding.what}" + (f" —— {finding.remedy}" if finding.ok is not True else ""),
            highlight=False,
            soft_wrap=True,
        )
    if any(finding.ok is False for finding in findings):
        raise typer.Exit(1)


def _settings() -> Iterator[DeployCheck]:
    import os

    from django.conf import settings

    yield DeployCheck(
        not settings.DEMO and not settings.DEBUG, "不是演示或调试模式", "去掉 BANSHI_DEMO 和 BANSHI_DEBUG"
    )
    given = bool(os.environ.get("BANSHI_SECRET"))
    yield DeployCheck(
        True if given else None,
        "密钥由环境给出",
        "密钥现在是数据文件夹里的 secret 文件；请另外保管一份，多台机器要用同一个 BANSHI_SECRET",
    )
    yield DeployCheck(len(settings.SECRET_KEY) >= 40, "密钥够长", "BANSHI_SECRET 至少40个字符")
    yield DeployCheck(settings.SECURE, "网址用 HTTPS", "把 BANSHI_URL 设成 https://…,在反向代理上配好证书")
    local = set(settings.ALLOWED_HOSTS) <= {"127.0.0.1", "localhost", "[::1]"}
    yield DeployCheck(
        not local and "*" not in settings.ALLOWED_HOSTS, "只接受自己的域名", "把 BANSHI_HOSTS 设成对外的域名"
    )
    yield DeployCheck(bool(settings.CITY_NAME), "有城市的名称", "设 BANSHI_CITY")
    yield DeployCheck(settings.STAFF_SECOND_FACTOR, "工作人员登录要二次验证", "演示模式才会关闭")


PROXY_SECONDS = 20


def _proxy() -> Iterator[DeployCheck]:
    """Tell whether the public address closes a connection that sends nothing."""
    import socket
    import ssl
    from urllib.parse import urlsplit

    from django.conf import settings

    parts = urlsplit(settings.SITE_URL)
    host, port, what = (
        parts.hostname or "",
        parts.port or (443 if settings.SECURE else 80),
        f"{parts.netloc} 不留空闲的连接",
    )
    try:
        with socket.create_connection((host, port), 5) as line:
            if settings.SECURE:
                line = ssl.create_default_context().wrap_socket(line, server_hostname=host)
            line.settimeout(PROXY_SECONDS)
            line.recv(1)
            yield DeployCheck(True, what)
    except TimeoutError:
        remedy = f"{PROXY_SECONDS} 秒还没有断开；在反向代理上设 client_header_timeout 10s，见 docs/operations.md"
        yield DeployCheck(None, what, remedy)
    except OSError as trouble:
        yield DeployCheck(None, what, f"连不上，没有试（{trouble}）；反向代理配好后再运行一次")


def _variables() -> Iterator[DeployCheck]:
    from banshi.config.environment import unknown_variables

    for name, meant in unknown_variables().items():
        yield DeployCheck(False, f"没有 {name} 这个变量", f"是不是 {meant}？" if meant else "去掉它")


def _shared() -> Iterator[DeployCheck]:
    """Check the services that several machines share."""
    from uuid import uuid4

    from django.conf import settings
    from django.core.files.base import ContentFile
    from django.core.files.storage import default_storage

    from banshi.core.errors import BanshiError
    from banshi.core.rate_limits import cache_answers

    if settings.CACHE_URL:
        yield DeployCheck(cache_answers(), "共享缓存连得上", "核对 BANSHI_CACHE_URL，检查 Redis 是否在运行")
    name = f"check/{uuid4().hex}"
    try:
        default_storage.save(name, ContentFile(b"check"))
        default_storage.delete(name)
        yield DeployCheck(True, "文件存储能写")
    except (OSError, BanshiError) as trouble:
        yield DeployCheck(False, "文件存储能写", f"核对 BANSHI_FILES_URL 或数据文件夹的权限（{trouble}）")


def _mail() -> Iterator[DeployCheck]:
    """Tell whether it is set, and whether the server answers and knows us."""
    # Nothing is sent.
    from django.conf import settings
    from django.core.mail import get_connection

    if not settings.MAIL_ON:
        half = bool(settings.EMAIL_HOST or settings.DEFAULT_FROM_EMAIL)
        remedy = (
            "BANSHI_EMAIL_URL 和 BANSHI_EMAIL_FROM 要一起设"
            if half
            else "没有设 BANSHI_EMAIL_URL，催办只在页面上看得到"
        )
        yield DeployCheck(False if half else None, "催办发邮件", remedy)
        return
    try:
        with get_connection():
            yield DeployCheck(True, f"催办发邮件，邮件服务器 {settings.EMAIL_HOST} 连得上")
    except OSError as trouble:
        yield DeployCheck(False, f"邮件服务器 {settings.EMAIL_HOST} 连得上", f"核对 BANSHI_EMAIL_URL（{trouble}）")


def _sms() -> Iterator[DeployCheck]:
    """Ask the SMS gateway whether it knows us."""
    # Nothing is sent.
    from django.conf import settings

    from banshi.connectors.signed_gateway import SignedGateway
    from banshi.core.clock import now
    from banshi.outbox.channels import Unavailable

    if not settings.SMS_ON:
        yield DeployCheck(None, "办件进展发短信", "没有设 BANSHI_SMS_URL，进展只在“我的消息”和邮件里看得到")
        return
    try:
        SignedGateway(settings.SMS).check(at=now())
        yield DeployCheck(True, "办件进展发短信，短信网关连得上")
    except Unavailable as trouble:
        yield DeployCheck(False, "短信网关连得上", f"核对 BANSHI_SMS_URL（{trouble}）")


def _mailbox() -> Iterator[DeployCheck]:
    """Sign in to the mailbox whose letters become complaints."""
    # No letter is read.
    from django.conf import settings

    from banshi.connectors.mailbox.connector import Mailbox
    from banshi.core.clock import now
    from banshi.outbox.channels import Unavailable

    if not settings.MAILBOX.host:
        yield DeployCheck(None, "收取来信", "没有设 BANSHI_MAILBOX_URL，群众的来信由工作人员登记")
        return
    try:
        Mailbox(settings.MAILBOX).check(at=now())
        yield DeployCheck(True, "收取来信，邮箱连得上")
        answers = "没有设 BANSHI_EMAIL_URL，来信的编号和答复发不出去"
        yield DeployCheck(True if settings.MAIL_ON else None, "来信用邮件答复", answers)
    except Unavailable as trouble:
        yield DeployCheck(False, "收取来信的邮箱连得上", f"核对 BANSHI_MAILBOX_URL（{trouble}）")


def _timestamps() -> Iterator[DeployCheck]:
    """Have something stamped by the authority that stamps anchors."""
    # Nothing is kept.
    from pathlib import Path

    from django.conf import settings

    from banshi.connectors.timestamp.connector import authority_in_settings
    from banshi.core.clock import now
    from banshi.outbox.channels import Unavailable

    authority = authority_in_settings()
    if authority is None:
        remedy = "没有设 BANSHI_TIMESTAMP_URL，拿到签名密钥的人能把记录整体重写而看不出来"
        yield DeployCheck(None, "留底有外面机构的时间戳", remedy)
        return
    try:
        authority.check(at=now())
        roots = Path(settings.TIMESTAMP_ROOTS).exists()
        remedy = "把机构的根证书放进 BANSHI_TIMESTAMP_ROOTS，否则核对不了时间戳是谁签发的"
        yield DeployCheck(True if roots else None, "留底有外面机构的时间戳，机构连得上", remedy)
    except Unavailable as trouble:
        yield DeployCheck(False, "时间戳机构连得上", f"核对 BANSHI_TIMESTAMP_URL（{trouble}）")


def _scanner() -> Iterator[DeployCheck]:
    """Ask the virus scanner for its version."""
    from django.conf import settings

    from banshi.uploads.virus_scan import ScannerAway, is_on, scanner_version

    if not is_on():
        remedy = "没有设 BANSHI_CLAMD，群众上传的文件不查病毒；装 clamav-daemon 后设成 unix:/run/clamav/clamd.ctl"
        yield DeployCheck(None, "上传的文件查病毒", remedy)
        return
    try:
        yield DeployCheck(True, f"上传的文件查病毒，{scanner_version()}")
    except ScannerAway:
        yield DeployCheck(False, "病毒扫描程序连得上", f"核对 BANSHI_CLAMD（{settings.CLAMD}），检查 clamd 是否在运行")


def _paper_certificates() -> Iterator[DeployCheck]:
    """Check that papers are signed with a certificate which is no demonstration's."""
    from pathlib import Path

    from cryptography.x509 import load_pem_x509_certificates
    from django.conf import settings

    folder = Path(settings.PAPER_CERTIFICATES)
    remedy = "把本机关的数字证书放进 BANSHI_PAPER_CERTIFICATES，见 docs/operations.md；没有证书，文书没有数字签名"
    yield DeployCheck(True if any(folder.glob("*.pem")) else None, "文书有数字签名的证书", remedy)
    if (folder / "ca.pem").exists():
        subjects = [
            str(each.subject.rfc4514_string()) for each in load_pem_x509_certificates((folder / "ca.pem").read_bytes())
        ]
        made_here = any("仅供演示" in each for each in subjects)
        yield DeployCheck(not made_here, "签名的证书不是演示用的", "换成正式的证书")


def _database() -> Iterator[DeployCheck]:
    from django.db import connection

    from banshi.core.append_only import unprotected
    from banshi.core.errors import Conflict
    from banshi.core.schema import all_applied, refuse_drift

    large = connection.vendor == "postgresql"
    yield DeployCheck(
        True if large else None, "数据库是 PostgreSQL", "SQLite 只适合一台机器、写入不多；全市使用请设 DATABASE_URL"
    )
    ready = all_applied()
    yield DeployCheck(ready, "迁移都做过", "运行 banshi manage migrate")
    if ready:
        try:
            refuse_drift()
            yield DeployCheck(True, "表是这个版本的")
        except Conflict as drift:
            yield DeployCheck(False, "表是这个版本的", str(drift))
    yield DeployCheck(
        ready and not unprotected(connection),
        "操作记录受数据库保护，不能改、不能删",
        "触发器不在了或换过：查明是谁去掉的，再重新建立",
    )


def _ledger() -> Iterator[DeployCheck]:
    """Check where the key that signs anchors is, and whether anchors lie apart from the data."""
    from pathlib import Path

    from django.conf import settings

    from banshi.ledger.keys import is_in_home

    given = Path(settings.LEDGER_KEY).exists() or is_in_home()
    yield DeployCheck(
        None if is_in_home() else given,
        "留底的签名密钥不在数据文件夹里",
        "设 BANSHI_LEDGER_KEY 指向另一块盘上的密钥文件，用 banshi make-ledger-key 生成；否则拿到数据的人也能伪造留底"
        if given
        else f"{settings.LEDGER_KEY} 不在：核对 BANSHI_LEDGER_KEY，或用 banshi make-ledger-key 生成",
    )
    apart = not Path(settings.LEDGER_ANCHORS).resolve().is_relative_to(Path(settings.HOME).resolve())
    yield DeployCheck(True if apart else None, "留底另存一处", "设 BANSHI_ANCHORS 指向另一块盘，并定期抄到别的机器")


def _data() -> Iterator[DeployCheck]:
    from pathlib import Path

    from django.conf import settings
    from django.db import DatabaseError

    from banshi.adjustments.policy import policy
    from banshi.calendar.queries import years_without_arrangement
    from banshi.core.clock import today
    from banshi.people.models import User
    from banshi.search.index import is_unusable

    home = Path(settings.HOME)
    yield DeployCheck(
        not home.stat().st_mode & OTHERS, "机器上的其他账号读不到数据文件夹", f"运行 chmod -R o-rwx {home}"
    )
    yield DeployCheck(not is_unusable(), "搜索索引可用", "运行 banshi reindex")
    try:
        missing = years_without_arrangement(today())
        demo = User.objects.exclude(demo_note="").filter(is_active=True).count()
    except DatabaseError:
        return
    words = "、".join(f"{year}年" for year in missing)
    yield DeployCheck(
        today().year not in missing and (None if missing else True),
        "工作日历齐全",
        f"{words}的放假安排没有录入，在“工作日历”里补上",
    )
    yield DeployCheck(not demo, "没有演示账号", f"停用{demo}个演示账号，它们的密码是公开的")
    reviewed = policy().direct_publication != "all"
    yield DeployCheck(
        True if reviewed else None,
        "没有审核过的不能公布",
        "现在公布管理员可以直接公布；目录搬进来以后,请在调整规则里把 direct_publication 改回 minor",
    )
    yield DeployCheck(
        True if settings.ALLAUTH_TRUSTED_PROXY_COUNT else None,
        "知道有几层反向代理",
        "在反向代理后面要设 BANSHI_PROXIES,否则看不到来访者的地址",
    )


def _django() -> Iterator[DeployCheck]:
    """Run Django's own checks for deployment, minus what we decide otherwise and what the settings silence."""
    from django.core.checks import ERROR, run_checks

    chosen_otherwise = {
        "security.W004",
        "security.W005",
        "security.W008",
        "security.W009",
        "security.W012",
        "security.W016",
        "security.W021",
    }
    for message in run_checks(include_deployment_checks=True):
        if message.id not in chosen_otherwise and not message.is_silenced():
            yield DeployCheck(
                False if message.level >= ERROR else None, f"Django: {message.id}", str(message.msg).splitlines()[0]
            )
