"""Outages of what everything stands on, told in words: a full disk, a database that is locked or away."""

import errno

from django.db import InterfaceError, OperationalError

from banshi.core.errors import BanshiError

DISK_FULL = {errno.ENOSPC, errno.EDQUOT}
FULL = {"53100", "SQLITE_FULL"}
LOCKED = {"55P03", "40P01", "40001", "SQLITE_BUSY", "SQLITE_LOCKED", "SQLITE_BUSY_SNAPSHOT"}


class DiskFull(BanshiError):
    status = 507


class DatabaseAway(BanshiError):
    """Something may have been written: a connection that breaks at a commit tells nothing."""

    status = 503


class DatabaseBusy(BanshiError):
    """Nothing was written: the transaction never began, or was rolled back."""

    status = 503


def outage_of(error: BaseException) -> BanshiError | None:
    """Return the outage behind an error.

    None where it is another.
    """
    each: BaseException | None = error
    while each is not None:
        code = _code(each)
        if code in FULL or (isinstance(each, OSError) and each.errno in DISK_FULL):
            return DiskFull("服务器的磁盘已满，没有保存", remedy="请系统管理员腾出空间后再试。")
        if code in LOCKED:
            return DatabaseBusy("数据库正忙，没有保存", remedy="请过一会儿再试。")
        if isinstance(each, InterfaceError) or (isinstance(each, OperationalError) and _is_no_answer(each)):
            return DatabaseAway("数据库现在连不上", remedy="请过几分钟再试。")
        each = each.__cause__ or each.__context__
    return None


def _code(error: BaseException | None) -> str:
    """Read the error code that PostgreSQL's or SQLite's driver gives."""
    return getattr(error, "sqlstate", None) or getattr(error, "sqlite_errorname", None) or ""


def _is_no_answer(error: OperationalError) -> bool:
    """Tell whether there was no answer, for which psycopg gives no code."""
    # Classes 08, 57P and 53300 are of connections.
    code = _code(error.__cause__)
    return not code or code.startswith(("08", "57P", "53300"))
