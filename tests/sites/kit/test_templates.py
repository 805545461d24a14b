"""Templates can be read, compared and wrapped."""

import re
import unicodedata
from pathlib import Path

import pytest
from django.apps import apps
from django.template import Origin, engines
from django.template.loaders import app_directories

from banshi.sites.kit.loaders import Loader

ROOT = Path(__file__).resolve().parents[3] / "src/banshi"
WIDEST = 120


def columns(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(each) in "WF" else 1 for each in text)


def test_no_line_of_a_template_is_wider_than_120_columns():
    lines = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in ROOT.rglob("*.html")
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if columns(line) > WIDEST
    ]
    assert lines == []


def managers():
    """Names by which a row reaches its related rows."""
    for model in apps.get_models():
        for field in model._meta.get_fields():
            if field.one_to_many or field.many_to_many:
                yield field.get_accessor_name() if field.auto_created else field.name


def test_no_template_asks_the_database():
    related = "|".join({each for each in managers() if each})
    asked = re.compile(rf"\{{[{{%][^}}]*?\.(all|exists|\w+_set|({related})\.(all|count|first|last|exists))(?=[ |}}.])")
    found = [
        f"{path.relative_to(ROOT)}: {hit[0]}"
        for path in ROOT.rglob("*.html")
        for hit in asked.finditer(path.read_text())
    ]
    assert found == []


@pytest.mark.parametrize(
    ("written", "sent"),
    [
        ("<p>\n  勾选的几件\n  会在同一时刻生效。\n</p>\n", "<p> 勾选的几件会在同一时刻生效。</p>"),
        ("新内容。 暂停的，\n  取消的", "新内容。暂停的，取消的"),
        ("第1版（\n  {{ day }}\n）", "第1版（{{ day }}）"),
        ('<a\n  class="btn"\n  href="#x"\n>看</a>', '<a class="btn" href="#x">看</a>'),
        ("{% if a %}\n  <b>甲</b>\n{% endif %}\n", "{% if a %}\n<b>甲</b>\n{% endif %}"),
        ("甲 乙\n  {{ c }}", "甲 乙 {{ c }}"),
    ],
)
def test_breaks_and_indentation_that_would_show_as_spaces_are_not_sent(monkeypatch, written, sent):
    monkeypatch.setattr(app_directories.Loader, "get_contents", lambda self, origin: written)
    assert Loader(engines["django"].engine).get_contents(Origin("page.html")) == sent


def test_a_mail_keeps_its_lines(monkeypatch):
    monkeypatch.setattr(app_directories.Loader, "get_contents", lambda self, origin: "您好：\n\n  请看\n")
    assert Loader(engines["django"].engine).get_contents(Origin("mail.txt")) == "您好：\n\n  请看\n"
