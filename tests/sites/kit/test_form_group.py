"""A page of a declared form as it is shown."""

import re
from dataclasses import replace

from django.template import engines

from banshi.forms import FieldKind, FormField
from banshi.sites.kit.templatetags import forms

FIELDS = (
    FormField("name", "姓名"),
    FormField("house", "有没有房产", FieldKind.YES_NO),
    FormField("card", "身份证号", FieldKind.ID_NUMBER, required=False, help="在证件正面"),
    FormField("ways", "怎么住", FieldKind.CHOICES, choices=("租房", "自有")),
    FormField("town", "乡镇", FieldKind.CHOICE, choices=tuple(f"第{n}镇" for n in range(9))),
    FormField("born", "生日", FieldKind.DATE),
)


def shown(answers=None, wrong=None, fixed=None, deciding=()):
    template = engines["django"].from_string("{% load forms %}{% form_group fields answers wrong fixed deciding %}")
    context = {"fields": FIELDS, "answers": answers or {}, "wrong": wrong or {}, "fixed": fixed or {}}
    return re.sub(r"\s+", " ", template.render(context | {"deciding": deciding}))


def test_what_was_typed_is_there_again_even_when_it_is_wrong():
    html = shown({"name": '"><b>', "house": True, "ways": ["自有"], "born": "明天"}, {"card": "少一位"})
    assert 'value="&quot;&gt;&lt;b&gt;"' in html
    assert re.search(r'name="house" value="是" checked', html) and not re.search(
        r'name="house" value="否" checked', html
    )
    assert re.search(r'name="ways" value="自有" checked', html)
    assert re.search(r'name="born" value="明天" >', html), "a date box would drop what is no date"


def test_an_error_and_a_help_are_tied_to_their_box():
    html = shown(wrong={"card": "少一位"})
    assert 'aria-describedby="q-card-help q-card-error"' in html
    assert 'id="q-card-error"' in html and 'id="q-card-help"' in html
    assert html.count("选填") == 1


def test_what_a_register_gives_is_shown_masked_and_is_no_box():
    html = shown(fixed={"name": "王小美", "card": "530102199003071211"})
    assert "王小美" in html and "199003" not in html
    assert 'name="name"' not in html and 'name="card"' not in html


def test_many_choices_are_a_list_and_deciding_fields_say_so():
    html = shown({"town": "第3镇"}, deciding={"house"})
    assert "<option selected>第3镇</option>" in html
    assert html.count("data-decides") == 1


def test_what_is_asked_is_rendered_once_in_a_process_and_what_somebody_answers_is_kept_by_none(monkeypatch):
    rendered = []
    monkeypatch.setattr(forms, "_whole", lambda field, whole=forms._whole: rendered.append(field) or whole(field))
    forms._around.cache_clear()
    before = shown()
    assert len(rendered) == len(FIELDS)
    answered = shown({"name": "王小美 & 女", "card": "530102199003071211", "born": "1990-03-07"})
    assert shown() == before and len(rendered) == len(FIELDS)
    for value in ("王小美 &amp; 女", "530102199003071211", "1990-03-07"):
        assert f'value="{value}"' in answered
    assert "少一位" in shown({"name": "王小美"}, {"card": "少一位"})
    assert 'value="是" checked' in shown({"house": True})
    assert forms._around.cache_info().currsize == len(FIELDS)
    assert all(not each.error and each.text in ("", forms.HOLE) for each in rendered[: len(FIELDS)])


def test_an_answer_is_shown_as_the_template_would_show_it():
    like = forms.FieldShown("a", "q-a", "甲", "", True, "line", "", (), "", "", "", "", False, "")
    for control in ("line", "area", "fixed"):
        one = replace(like, control=control, text="<b>\"'&\n第二行")
        assert forms._field(one) == forms._whole(one)
