"""The kit's tags and filters."""

from datetime import date, datetime
from typing import Any

import pytest
from django import forms
from django.template import Context, Template
from django.template.base import TextNode
from tests.factories import NOON

from banshi.core.clock import CHINA
from banshi.sites.kit.templatetags.kit import cn_date, cn_day, cn_time, masked, money, tel


def rendered(text, **values):
    return Template("{% load kit %}" + text).render(Context(values))


def test_an_icon_named_outright_is_plain_text_of_the_template_and_any_other_is_looked_up():
    literal, other = Template('{% load kit %}{% icon "x" %}{% icon name %}').nodelist[1:]
    assert isinstance(literal, TextNode) and not isinstance(other, TextNode)
    assert rendered('{% icon "x" %}') == rendered("{% icon name %}", name="x")
    assert rendered('{% icon name|default:"x" %}') == rendered('{% icon "x" %}')


def test_dates_are_written_in_chinese_with_the_weekday():
    assert cn_date(date(2026, 11, 23)) == "2026年11月23日（周一）"
    assert cn_date(NOON) == "2026年11月23日（周一）"
    assert cn_date(None) == cn_day(None) == cn_time(None) == ""


def test_a_moment_is_shown_in_chinas_time():
    from datetime import UTC

    assert cn_day(datetime(2026, 11, 22, 16, 30, tzinfo=UTC)) == "2026年11月23日"
    assert cn_time(datetime(2020, 1, 2, 3, 4, tzinfo=CHINA)) == "2020年1月2日 03:04"


@pytest.mark.parametrize(
    ("amount", "words"), [(20, "20元"), (12.5, "12.50元"), (0, "不收费"), (1234, "1,234元"), (None, "")]
)
def test_money(amount, words):
    assert money(amount) == words


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("张三丰", "张*丰"),
        ("13812345678", "138****5678"),
        ("110101199003070011", "1101**********0011"),
        ("", ""),
        ("李", "*"),
    ],
)
def test_personal_data_is_masked(value, shown):
    assert masked(value) == shown


def test_a_state_is_a_sign_and_a_word():
    made = rendered("{% status '已公布' 'good' %}")
    assert "已公布" in made and "#check-circle-fill" in made and 'aria-hidden="true"' in made


def test_an_icon_without_a_word_beside_it_has_a_label():
    assert 'aria-label="已锁定"' in rendered("{% icon 'lock' '已锁定' %}")


class Contact(forms.Form):
    phone = forms.CharField(label="电话", help_text="带区号")
    ways = forms.MultipleChoiceField(
        label="方式", choices=[("1", "窗口"), ("2", "电话")], widget=forms.CheckboxSelectMultiple
    )
    agree = forms.BooleanField(label="同意")


def test_help_and_error_are_tied_to_the_field():
    made = rendered("{% field form.phone %}", form=Contact({}))
    assert 'aria-describedby="id_phone-help id_phone-error"' in made
    assert 'id="id_phone-help"' in made and 'id="id_phone-error"' in made and 'aria-invalid="true"' in made


def test_choices_stand_in_a_group_with_a_legend():
    made = rendered("{% field form.ways %}", form=Contact({}))
    assert "<fieldset" in made and "方式" in made and made.count('type="checkbox"') == 2


def test_the_error_summary_leads_to_each_field():
    made = rendered("{% error_summary form %}", form=Contact({"phone": "1"}))
    assert 'href="#id_agree"' in made and 'href="#id_ways' in made and 'href="#id_phone"' not in made


def test_a_form_not_yet_sent_has_no_summary():
    assert rendered("{% error_summary form %}", form=Contact()).strip() == ""


def test_what_is_missing_is_asked_for_by_name():
    made = rendered("{% error_summary form %}{% field form.agree %}", form=Registration({}))
    for words in ("请填写手机号码", "请选择您是", "请勾选“我同意”"):
        assert words in made
    assert "字段" not in made


class Registration(forms.Form):
    phone = forms.CharField(label="手机号码")
    kind = forms.ChoiceField(label="您是", choices=[("person", "个人")], widget=forms.RadioSelect)
    agree = forms.BooleanField(label="我同意")


@pytest.mark.parametrize(
    ("written", "dialled"),
    [
        ("12345", "12345"),
        ("0826-2222222", "0826-2222222"),
        ("（0826）2222222", "0826-2222222"),
        ("+86-826-2222222", "+86-826-2222222"),
        ("12345（按3）", "12345"),
        ("0826-2222222、0826-3333333", "0826-2222222"),
        ("110", "110"),
    ],
)
def test_a_number_as_offices_write_it_can_be_dialled(written: str, dialled: str) -> None:
    assert tel(written) == f'href="tel:{dialled}"'


def test_what_is_no_number_is_no_link() -> None:
    assert tel("见各街道") == ""


def test_no_number_of_the_demonstration_rings_anybody(settings: Any) -> None:
    settings.DEMO = True
    assert "tel:" not in tel("12345")
