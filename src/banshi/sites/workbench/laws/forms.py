"""Forms of changes of laws, one by one or as a spreadsheet."""

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile

from banshi.core.errors import BadInput, Problem
from banshi.law.actions import ChangeRow
from banshi.law.models import LawChange
from banshi.sites.kit.forms import PageForm
from banshi.spreadsheets.workbook_reader import read_bytes

Kind = LawChange.ChangeKind
ROWS_AT_MOST = 2000
COLUMNS = {
    "法规名称": "title",
    "名称": "title",
    "文号": "doc_no",
    "变动": "kind",
    "变动日期": "day",
    "日期": "day",
    "新法名称": "successor",
    "新法文号": "successor_no",
    "说明": "note",
}
TEMPLATE = ("法规名称", "文号", "变动", "变动日期", "新法名称", "新法文号", "说明")


class ChangeForm(PageForm):
    kind = forms.ChoiceField(
        label="发生了什么变动",
        widget=forms.RadioSelect,
        choices=[
            (Kind.AMENDED, "修改：还是这部法规，条款有改动"),
            (Kind.REPLACED, "由新法代替：旧的失效，换成新的"),
            (Kind.REPEALED, "废止：失效，没有新法代替"),
        ],
    )
    day = forms.DateField(
        label="从哪一天起",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text="修改的施行日期、新法的施行日期，或者废止日期。可以是将来的日子。",
    )
    successor = forms.CharField(
        label="新法名称", max_length=200, required=False, help_text="只有“由新法代替”要写；写全称，不加书名号。"
    )
    successor_no = forms.CharField(label="新法文号", max_length=80, required=False)
    note = forms.CharField(
        label="说明",
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="如：国务院令第804号公布；第十条改为第十二条。",
    )

    def clean(self) -> dict[str, object]:
        given = super().clean() or {}
        if given.get("kind") == Kind.REPLACED and not given.get("successor", "").strip("《》 "):
            self.add_error("successor", ValidationError("请写明由哪部新法代替"))
        if given.get("kind") in (Kind.AMENDED, Kind.REPEALED) and given.get("successor"):
            self.add_error("successor", ValidationError("只有“由新法代替”才写新法名称"))
        return given


class ChangesForm(PageForm):
    file = forms.FileField(
        label="法规变动清单",
        help_text=f"xlsx、xls、ods 或 csv，第一行是：{'、'.join(TEMPLATE)}。变动写 修改、代替 或 废止；日期写成 2026-12-01。",
    )


def read_changes(file: UploadedFile) -> list[ChangeRow]:
    """List rows of the first sheet whose header names the columns.

    Raises BadInput.
    """
    book = read_bytes(file.read(), name=file.name or "清单")
    for sheet in book.sheets:
        for place, row in enumerate(sheet.rows[:10]):
            names = [COLUMNS.get(cell.strip(), "") for cell in row]
            if {"title", "kind", "day"} <= set(names):
                found = []
                for number, row in enumerate(sheet.rows[place + 1 :], place + 2 + sheet.top):
                    cells = {name: cell.strip() for name, cell in zip(names, row, strict=False) if name}
                    if any(cells.values()):
                        cells["day"] = cells.get("day", "")[:10].replace("/", "-").replace(".", "-")
                        found.append(ChangeRow(f"{sheet.name} 第{number}行", **{"title": "", **cells}))
                if len(found) > ROWS_AT_MOST:
                    raise BadInput(f"一次最多登记{ROWS_AT_MOST}条，这份有{len(found)}条", remedy="请分成几个文件。")
                return found
    raise BadInput(
        "没有找到表头", [Problem(f"需要有一行写着：{'、'.join(TEMPLATE)}")], remedy="请下载模板，按模板填写。"
    )
