"""System health, from processes and disk to queues and warnings."""

import platform
import shutil
import sqlite3
from datetime import datetime, timedelta
from importlib.metadata import version
from pathlib import Path
from typing import Any

import django
from django.conf import settings
from django.db import connection
from django_tasks_db.models import DBTaskResult

from banshi.calendar.queries import years_without_arrangement
from banshi.core.append_only import unprotected
from banshi.core.clock import CHINA
from banshi.core.leases import in_force
from banshi.core.models import StoredFile
from banshi.core.nodes import members
from banshi.core.rate_limits import cache_answers
from banshi.ledger.clock_watch import newest_jump, words_of_jump
from banshi.ledger.models import Anchor, LedgerEntry
from banshi.ledger.sealing import not_sealed
from banshi.outbox.queries import dead_letters, held_up, queues_long_away
from banshi.search.index import is_unusable

ROOM_WANTED = 5 * 1024**3
STALE = timedelta(minutes=10)
JUMP_SHOWN = timedelta(days=7)
LEASES = {
    "clock": "定时任务的钟",
    "events": "事件",
    "ledger": "操作记录封存",
    "mail": "发送邮件",
    "outbox": "发送队列",
    "restore": "恢复备份",
}
SHARED = {
    "CACHE_URL": "每台机器各自计数、各自缓存，任务进度只有运行它的机器看得到",
    "FILES_URL": "上传的文件只在收下它的机器上，除非数据文件夹是共享的",
}


def condition(*, at: datetime) -> dict[str, Any]:
    """Collect the context of the system page."""
    room = shutil.disk_usage(settings.HOME)
    waiting = DBTaskResult.objects.filter(status="READY", enqueued_at__lt=at - STALE).count()
    head = LedgerEntry.objects.order_by("-number").first()
    unsealed, anchored = not_sealed(), Anchor.objects.order_by("-serial").first()
    # Of those in BANSHI_HOME/backups; copies kept elsewhere are not known here.
    made = sorted(Path(settings.HOME).glob("backups/*.tar.gz"))
    last_backup = made[-1].name if made else "数据文件夹里没有（存到别处的这里看不到）"
    nodes = list(members())
    alive = [node for node in nodes if node.alive]  # type: ignore[attr-defined]
    here = {(node.host, node.kind) for node in alive}
    silent = {(node.host, node.get_kind_display()) for node in nodes if (node.host, node.kind) not in here}
    found = [f"{host} 上的{kind}没有正常停止就没有音信了。请查看那台机器。" for host, kind in sorted(silent)]
    if len({node.version for node in alive}) > 1:
        found.append("各台机器运行的版本不同。请升级到同一个版本。")
    if len({node.host for node in alive}) > 1:
        found += [
            f"有几台机器在运行，还没有设 BANSHI_{name}：{why}。"
            for name, why in SHARED.items()
            if not getattr(settings, name)
        ]
    if settings.CACHE_URL and not cache_answers():
        found.append("共享缓存连不上，页面会慢一些，限制次数暂不起作用。请检查 BANSHI_CACHE_URL 和 Redis。")
    leases = []
    for each in in_force():
        what, _, number = each.name.partition("-")
        leases.append((LEASES.get(what, what) + (f" {number}" if number.isdigit() else ""), each))
    return {
        "versions": [
            ("办事", settings.VERSION),
            ("Python", platform.python_version()),
            ("Django", django.get_version()),
            ("数据库", _database_words()),
            ("搜索引擎", f"tantivy {version('tantivy')}"),
        ],
        "figures": [
            ("排队的任务", f"{DBTaskResult.objects.filter(status='READY').count()} 项"),
            ("进行中的任务", f"{DBTaskResult.objects.filter(status='RUNNING').count()} 项"),
            ("操作记录", f"到第 {head.number} 条，{unsealed.count} 条还没有封存" if head else "还没有"),
            (
                "最近一次留底",
                f"第 {anchored.block} 批（{datetime.fromisoformat(anchored.at).astimezone(CHINA):%m月%d日 %H:%M}）"
                if anchored
                else "还没有",
            ),
            ("上传的文件", f"{StoredFile.objects.count()} 个"),
            ("最近一次备份", last_backup),
            ("磁盘", f"可用 {room.free / 1024**3:.1f} GB，共 {room.total / 1024**3:.1f} GB"),
        ],
        "nodes": nodes,
        "leases": leases,
        "warnings": [*_warnings(at, room.free, waiting), *found],
    }


def _warnings(at: datetime, free: int, waiting: int) -> list[str]:
    """List warnings, each with its remedy."""
    found = [
        f"{year}年的放假安排还没有录入，期限按周一至周五推算。请在“工作日历”里录入。"
        for year in years_without_arrangement(at.date())
    ]
    if waiting:
        found.append(f"{waiting}项任务排队超过10分钟。请检查 banshi worker 是否在运行。")
    if free < ROOM_WANTED:
        found.append("磁盘可用空间不到 5 GB。请清理或扩容。")
    if is_unusable():
        found.append("搜索索引不可用。请运行 banshi reindex。")
    away = queues_long_away().filter(channel="outlet")
    found += [f"发布渠道“{each}”一直连不上。请到“发布渠道”查看原因。" for each in away]
    if dead := dead_letters().filter(queue__channel="outlet").count():
        found.append(f"{dead}条变动没有送到发布渠道。请到“待发消息”重发或写明原因跳过。")
    held, why = held_up("mail", at)
    if held:
        found.append(f"{held}封邮件排队超过2小时：{why}。请检查 BANSHI_EMAIL_URL 和邮件服务器。")
    if lost := dead_letters().filter(queue__channel="mail", created_at__gte=at - timedelta(days=3)).count():
        found.append(f"近3天有{lost}封邮件没有送达。请核对收件人的邮箱。")
    if lacking := unprotected(connection):
        found.append(f"{'、'.join(lacking)} 的数据库保护不在了。请查明原因。")
    if (jump := newest_jump()) and jump.at > at - JUMP_SHOWN:
        found.append(f"{words_of_jump(jump)}。请检查对时服务，期限和记录的时间以它为准。")
    unsealed = not_sealed()
    if unsealed.oldest and unsealed.oldest < at - STALE:
        found.append(f"{unsealed.count}条操作记录超过10分钟没有封存。请检查 banshi worker 是否在运行。")
    return found


def _database_words() -> str:
    if connection.vendor != "postgresql":
        return f"SQLite {sqlite3.sqlite_version}"
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        return f"PostgreSQL {cursor.fetchone()[0]}"
