"""Forms of an office's papers: its own words for a kind, 机关代字 and seal."""

from typing import Any

from django import forms
from django.db.models import QuerySet

from banshi.people.models import Organ
from banshi.sites.kit.forms import EditingForm, PageForm
from banshi.sites.kit.named_choice import OrganField


class PapersOfForm(PageForm):
    organ = OrganField(label="哪个单位的文书", required=False, empty_label="各单位共用")

    def __init__(self, organs: QuerySet[Organ], data: Any = None, *, shared: bool, organ: Organ | None = None) -> None:
        super().__init__(data, initial={"organ": organ and organ.pk})
        shown: Any = self.fields["organ"]
        shown.queryset, shown.empty_label = organs, "各单位共用" if shared else None


class TemplateForm(EditingForm):
    text = forms.CharField(
        label="正文",
        max_length=10_000,
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 18, "spellcheck": "false"}),
        help_text="空一行分段。{要素} 印成这份文书的内容，能用的要素列在下面。清空保存，用回系统带的写法。",
    )


class LetterheadForm(EditingForm):
    sign = forms.CharField(
        label="机关代字",
        max_length=20,
        required=False,
        help_text="文号的开头，如 示教受理〔2026〕12号 里的“示教”。不填，用单位简称。",
    )
    seal = forms.FileField(label="印章图", required=False, help_text="PNG，底色透明，宽高一样。不换就不用选。")
