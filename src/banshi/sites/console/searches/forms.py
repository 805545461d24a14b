"""The form of a synonym."""

import re

from django import forms

from banshi.search.actions import MEANS_LETTERS, TERM_LETTERS
from banshi.sites.kit.forms import PageForm


class SynonymForm(PageForm):
    term = forms.CharField(label="群众的说法", max_length=TERM_LETTERS, help_text="群众怎么说就怎么写，如“打渔船”。")
    means = forms.CharField(
        label="对应的词",
        max_length=10 * MEANS_LETTERS,
        help_text="事项名称里用的词，如“渔业船舶”。有几个就用顿号隔开；要同时出现的词用空格隔开，如“义务教育 入学”。",
    )
    one_way = forms.BooleanField(
        label="只从说法找到对应的词，反过来不算",
        required=False,
        help_text="说法比对应的词宽或者窄时勾选。",
    )
    note = forms.CharField(label="说明", max_length=120, required=False)

    def clean_means(self) -> list[str]:
        return [part.strip() for part in re.split(r"[、,,;;|\n]", self.cleaned_data["means"]) if part.strip()]
