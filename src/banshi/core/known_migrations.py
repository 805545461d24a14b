"""Refusal of databases that another version of banshi made."""

from collections.abc import Iterable
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from banshi.core.errors import Conflict

OURS = "banshi."


def refuse_unknown_migrations() -> None:
    """Raise Conflict when the database records migrations that this version does not have."""
    if connection.vendor == "sqlite" and not Path(connection.settings_dict["NAME"]).exists():
        return  # opening it would make it
    refuse_unknown(MigrationRecorder(connection).applied_migrations())


def refuse_unknown(recorded: Iterable[tuple[str, str]]) -> None:
    """Refuse a database with migrations this version does not know.

    Other packages' apps squash their migrations as they like, so of these only the app is asked for.
    """
    known = MigrationLoader(None).disk_migrations
    theirs = {each.label for each in apps.get_app_configs() if not each.name.startswith(OURS)}
    unknown = sorted(f"{app}.{name}" for app, name in recorded if app not in theirs and (app, name) not in known)
    if unknown:
        more = f" 等{len(unknown)}项" if len(unknown) > 1 else ""
        raise Conflict(
            f"这里的数据是另一个版本的 banshi 建立的，这个版本不认识其中的 {unknown[0]}{more}，什么都没有改动",
            where=str(connection.settings_dict["NAME"]),
            remedy=f"要保留数据，请用原来的版本打开；不用保留的（例如演示数据），请删除数据文件夹 {settings.HOME}，或用 BANSHI_HOME（PostgreSQL 用 DATABASE_URL）另指一个空的，再重新启动。",
        )


def refuse_before_migrating(**_: object) -> None:
    """Receive `pre_migrate`, which every way to `migrate` sends before it changes anything."""
    refuse_unknown_migrations()
