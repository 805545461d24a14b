"""Forms of a hall."""

import re
from typing import Any

from django import forms
from pydantic import ValidationError

from banshi.core.validation_errors import in_words
from banshi.sites.kit.forms import EditingForm, PageForm
from banshi.window.hall_file import OpeningHours
from banshi.window.models import Hall

SPAN = re.compile(r"(\d{1,2}:\d{2})\s*[-—–至到]\s*(\d{1,2}:\d{2})")
LISTED = re.compile(r"[、，,;；\s]+")
HOW = "例如 09:00-12:00，13:30-17:00。"


def spans_in_words(spans: list[list[str]]) -> str:
    return "，".join(f"{begin}-{end}" for begin, end in spans)


class HallForm(EditingForm):
    name = forms.CharField(label="名称", max_length=80)
    address = forms.CharField(label="地址", max_length=200)
    phone = forms.CharField(label="电话", max_length=60, required=False)
    working = forms.CharField(label="工作日开放时间", help_text=f"按工作日历，含调休上班的周末。{HOW}")
    rest = forms.CharField(label="周末和放假开放时间", required=False, help_text=f"不开放就不写。{HOW}")
    languages = forms.CharField(label="语言", required=False, help_text="用顿号分开，例如 普通话、手语。")
    aids = forms.CharField(label="便民设施", required=False, help_text="用顿号分开，例如 轮椅、老花镜。")

    @classmethod
    def of(cls, hall: Hall, data: Any = None) -> "HallForm":
        known = {
            "name": hall.name,
            "address": hall.address,
            "phone": hall.phone,
            "working": spans_in_words(hall.hours.get("working", [])),
            "rest": spans_in_words(hall.hours.get("rest", [])),
            "languages": "、".join(hall.languages),
            "aids": "、".join(hall.aids),
        }
        return cls(data, stored=known)

    def clean(self) -> dict[str, Any]:
        told: dict[str, Any] = super().clean() or {}
        for name in ("working", "rest"):
            text = told.get(name, "")
            spans = tuple(("0" + a if len(a) == 4 else a, "0" + b if len(b) == 4 else b) for a, b in SPAN.findall(text))
            try:
                OpeningHours(working=spans)
            except ValidationError as error:
                self.add_error(name, in_words(error))
            if text and SPAN.sub("", text).strip("，,、； "):
                self.add_error(name, f"读不懂这个时间。{HOW}")
            told[name] = [list(each) for each in spans]
        return told

    @property
    def changes(self) -> dict[str, Any]:
        """Return the fields as the action takes them."""
        told = self.cleaned_data
        return {
            "name": told["name"],
            "address": told["address"],
            "phone": told["phone"],
            "hours": {"working": told["working"], "rest": told["rest"]},
            **{key: [each for each in LISTED.split(told[key]) if each] for key in ("languages", "aids")},
        }


class HallCounterForm(PageForm):
    number = forms.IntegerField(label="窗口号", min_value=1, max_value=9999, help_text="已有的窗口号就是改它。")
    skills = forms.MultipleChoiceField(label="业务类别", widget=forms.CheckboxSelectMultiple)
    active = forms.BooleanField(label="在用", required=False, initial=True)


class PlacesForm(EditingForm):
    morning = forms.IntegerField(label="上午可约", min_value=0, max_value=9999)
    afternoon = forms.IntegerField(label="下午可约", min_value=0, max_value=9999)


class HallFileForm(PageForm):
    file = forms.FileField(label="大厅（TOML）", help_text="格式见 data/halls/example.toml。代码相同的大厅按文件更新。")
