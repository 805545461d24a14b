"""权责清单 in from a spreadsheet, all or nothing."""

from datetime import datetime

from django.db import transaction

from banshi.access import Permission, authorize, authorize_many
from banshi.core.errors import BadInput, Problem
from banshi.ledger import Act, Actor, record_many
from banshi.registers.actions.entries import facts_of
from banshi.registers.sheets import PowerSheet, read_powers
from banshi.spreadsheets.organ_matching import Owners
from banshi.spreadsheets.workbook_reader import SourceWorkbook


@transaction.atomic
def import_powers(book: SourceWorkbook, owners: Owners, *, by: Actor, at: datetime) -> PowerSheet:
    """Import as `read_powers` promises.

    Nothing at all when any cell is wrong.
    """
    authorize(by, Permission.REGISTER_EDIT, at=at)
    found = read_powers(book, owners)
    authorize_many(by, Permission.REGISTER_EDIT, [row.power for row in found.rows], at=at)
    if found.errors:
        problems = [Problem(each.message, where=f"{each.sheet} {each.cell}") for each in found.errors]
        raise BadInput(f"有{len(problems)}处错误，一行都没有导入", problems, remedy="请在原表上改好后重新上传。")
    acts = []
    for row in found.rows:
        name = "add_power" if row.is_new else "change_power"
        row.power.created_at = at if row.is_new else row.power.created_at
        row.power.save()
        acts.append(Act(f"registers.{name}", row.power, {**facts_of(row.power), "file": found.digest}))
    if acts:
        record_many(acts, by=by, at=at)
    return found
