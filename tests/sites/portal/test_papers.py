"""Guides to take along."""

from urllib.parse import quote

import pytest
from django.test import Client
from tests import factories as make
from tests.factories import NOON, TESTS

from banshi.catalog.actions import withdraw
from banshi.catalog.guide.document import Guide
from banshi.catalog.models import Publication
from banshi.core.file_types import MEDIA_TYPES
from banshi.files import keep
from banshi.sites.portal.items import papers

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("rest", "kind", "begins", "name"),
    [
        ("guide.pdf", "application/pdf", b"%PDF", "小学报名办事指南.pdf"),
        ("notice.pdf", "application/pdf", b"%PDF", "小学报名一次性告知书.pdf"),
        ("guide.docx", MEDIA_TYPES["docx"], b"PK", "小学报名办事指南.docx"),
    ],
)
def test_a_paper_has_its_type_and_a_chinese_name(client, rest, kind, begins, name):
    answer = client.get(f"/items/{make.published_item('小学报名').guid}/{rest}")
    assert answer["Content-Type"] == kind and answer.content.startswith(begins)
    assert f"filename*=utf-8''{quote(name)}" in answer["Content-Disposition"]


def test_a_paper_is_not_made_again_for_who_has_it(client, monkeypatch):
    path = f"/items/{make.published_item().guid}/guide.pdf"
    tag = client.get(path)["ETag"]
    monkeypatch.setattr(papers, "guide_pdf", None)
    assert client.get(path, headers={"If-None-Match": tag}).status_code == 304


def test_the_qr_code_and_the_notice(client):
    item = make.published_item()
    assert client.get(f"/items/{item.guid}/qr.svg")["Content-Type"] == "image/svg+xml"
    notice = client.get(f"/items/{item.guid}/notice").content.decode()
    assert "居民户口簿" in notice
    assert "告知单位（章）" in notice and "告知日期" in notice


def test_the_page_of_an_old_version_has_its_code_after_the_guide_has_ended(client):
    item = make.published_item()
    withdraw(item.publications.get(), ending=Publication.Ending.WITHDRAWN, note="大厅改造", by=TESTS, at=NOON)
    page = client.get(f"/items/{item.guid}/versions/1/").content.decode()
    assert f"/items/{item.guid}/qr.svg" in page
    assert client.get(f"/items/{item.guid}/qr.svg").status_code == 200


def test_what_was_published_in_error_alone_has_no_code(client):
    item = make.published_item()
    withdraw(item.publications.get(), ending=Publication.Ending.IN_ERROR, note="写错", by=TESTS, at=NOON)
    assert client.get(f"/items/{item.guid}/qr.svg").status_code == 404


def test_what_is_printed_from_the_guide_names_organ_version_and_address(client):
    item = make.published_item()
    page = client.get(f"/items/{item.guid}/").content.decode()
    foot = page[page.index('class="paper-foot only-print"') :]
    assert "据公布第1版印制" in foot
    assert f"/items/{item.guid}/" in foot[:600]
    assert '<h3 class="only-print">办理流程图</h3>' in page


def test_the_book_of_a_category_and_of_an_organ(client):
    item = make.published_item()
    for path in (f"/books/category/{item.category_id}.pdf", f"/books/organ/{item.organ_id}.pdf"):
        answer = client.get(path)
        assert answer.status_code == 200 and answer.content.startswith(b"%PDF")
        assert client.get(path, headers={"If-None-Match": answer["ETag"]}).status_code == 304


def test_a_book_without_guides_is_none_and_says_so(client):
    answer = client.get(f"/books/organ/{make.organ().pk}.pdf")
    assert answer.status_code == 404 and "还没有公布办事指南" in answer.content.decode()


def test_public_files_are_sent_and_others_are_unknown(client, tmp_path):
    form = tmp_path / "表.csv"
    form.write_text("姓名，电话\n张三，1\n")
    with form.open("rb") as file:
        public = keep(file, name="申请表.csv", purpose="template", public=True, by=make.TESTS, at=make.NOON)
    with form.open("rb") as file:
        hidden = keep(file, name="内部.csv", purpose="import", public=False, by=make.TESTS, at=make.NOON)
    answer = client.get(f"/files/{public.guid}/")
    assert answer.status_code == 200 and quote("申请表.csv") in answer["Content-Disposition"]
    assert client.get(f"/files/{hidden.guid}/").status_code == 404


@pytest.mark.parametrize("rest", ["guide.pdf", "guide.docx", "notice.pdf", "notice"])
def test_a_bare_catalogue_line_has_no_paper(client: Client, rest: str) -> None:
    organ = make.organ()
    item = make.publication(text=Guide(name="水质查询"), of=make.item(organ, Guide(name="水质查询"))).item
    assert client.get(f"/items/{item.guid}/{rest}").status_code == 404
    assert "下载指南汇编" not in client.get(f"/organs/{organ.pk}/").content.decode()
