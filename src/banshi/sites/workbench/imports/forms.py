"""The upload, and the mapping as a person corrects it."""

import re
from typing import Any

from django import forms
from django.http import QueryDict

from banshi.core.clock import now
from banshi.core.json_types import JsonObject
from banshi.people.models import Organ, User
from banshi.sites.kit.forms import PageForm
from banshi.sites.kit.listing.organs import LISTED
from banshi.sites.kit.named_choice import OrganField
from banshi.sites.kit.permissions import Permission, organs_where
from banshi.spreadsheets.cell_corrections import CellCorrection, read_corrections
from banshi.spreadsheets.cells import text_of
from banshi.spreadsheets.column_mapping import DETAILS, ITEMS, JOINED, NOTHING
from banshi.spreadsheets.fields import Field, detail_fields, fields, tables
from banshi.spreadsheets.models import ImportBatch
from banshi.spreadsheets.queries import may_create_organs

KEPT = (("", "留在导入记录里（不公开）"), ("-", "不导入这一列"))


class OwnerForm(PageForm):
    """The owner of rows that name nobody."""

    owner = OrganField(label="没写实施主体的行归哪个单位", required=False, empty_label="表里都写了")

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        owners = organs_where(user, Permission.ITEM_IMPORT)
        self.fields["owner"].queryset = owners  # type: ignore[attr-defined]
        self.choices = owners.count()
        if self.choices <= 1:
            del self.fields["owner"]


class UploadForm(OwnerForm):
    """A file, and its owner where that is one choice: a browser gives no file twice, so names are found after reading."""

    file = forms.FileField(
        label="表格文件",
        help_text="xlsx、xls、ods、csv，最大 50 MB、300,000 行。标题、合并单元格、填报人落款都可以保留。",
    )
    field_order = ("file", "owner")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.choices > LISTED:
            del self.fields["owner"]


def read_options(post: QueryDict, batch: ImportBatch, owner: Organ | None, user: User) -> JsonObject:
    """Read a posted mapping form as `correct_mapping` takes it.

    Unknown columns are left as they were.
    """
    told = [_table(number, table, post) for number, table in enumerate(batch.mapping.get("tables", []))]
    # Header and names that a person points at in a sheet nobody recognised.
    for number, sheet in enumerate(batch.counts.get("unread", [])):
        rows, name = _numbers(post.get(f"u{number}-rows", ""))[:3], post.get(f"u{number}-name", "")
        if rows and name in sheet["letters"]:
            columns = {name: "name"}
            told.append({"sheet": sheet["sheet"], "header_rows": sorted(rows), "role": ITEMS, "columns": columns})
    kept = {key: batch.mapping[key] for key in ("leave", "leave_known", "replace", "cells") if key in batch.mapping}
    options: JsonObject = {**kept, "tables": told}
    if owner:
        options["owner"] = owner.pk
    if post.get("create_organs") and may_create_organs(user, at=now()):
        options["create_organs"] = True
    return options


def posted_corrections(post: QueryDict, batch: ImportBatch) -> list[CellCorrection]:
    """Read the corrections of before that are kept, and those now typed beside what is to be checked."""
    before = read_corrections(batch.mapping.get("cells", []))
    kept = [each for number, each in enumerate(before) if str(number) in post.getlist("keep")]
    told = (post.getlist(name) for name in ("sheet", "places", "old", "new"))
    return kept + [
        CellCorrection(sheet, tuple(places.split("、")), old, text_of(new))
        for sheet, places, old, new in zip(*told, strict=False)
    ]


def _table(number: int, table: JsonObject, post: QueryDict) -> JsonObject:
    rows = sorted(_numbers(post.get(f"t{number}-rows", ""))[:3]) or table["header_rows"]
    role = post.get(f"t{number}-role", table["role"])
    told = {"sheet": table["sheet"], "header_rows": rows, "role": role}
    if table.get("hidden_rows"):
        told["read_hidden"] = bool(post.get(f"t{number}-hidden"))
    if rows != table["header_rows"]:
        del told["role"]  # other headers: what the table is, and its columns, are judged anew
        return told
    if role != table["role"]:
        return told  # the columns mean other things now
    return told | {
        "columns": {letter: post.get(f"t{number}-{letter}", old) for letter, old in table["columns"].items()}
    }


def _numbers(text: str) -> list[int]:
    return [int(number) for number in re.findall(r"[0-9]{1,6}", text)]


def roles() -> list[tuple[str, str]]:
    """List the roles of a table."""
    details = [(f"{DETAILS}:{each.name}", f"附表：{each.label}") for each in tables()]
    return [(ITEMS, "事项表"), (JOINED, "同一批事项的其他要素"), *details, (NOTHING, "不读这张表")]


def targets(role: str) -> list[tuple[str, list[Field]]]:
    """List the targets of a column, by section, for a table of this role."""
    known = detail_fields(role.partition(":")[2]) if role.startswith("details:") else fields()
    groups: dict[str, list[Field]] = {}
    for field in known.values():
        groups.setdefault(field.section, []).append(field)
    return list(groups.items())
