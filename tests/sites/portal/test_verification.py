"""验证文书: anybody learns whether a paper was issued here and still holds, and whether a file is what was issued."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from tests.cases.hall import granted, hall, moment
from tests.factories import NOON, organ
from tests.papers.issued import BY, paper

from banshi.cases.models import CaseOutcome
from banshi.core.clock import now, today
from banshi.files import open_file
from banshi.papers.actions import revoke
from banshi.papers.demo_authority import make_demo_certificates
from banshi.papers.models import Paper
from banshi.papers.printing import print_paper
from banshi.sites.portal.verification import views

pytestmark = pytest.mark.django_db


def page_of(made: Paper, client: Client) -> str:
    response = client.get(reverse("portal:verify-paper", args=[made.code]))
    assert response.status_code == 200
    return response.content.decode()


def bytes_of(made: Paper) -> bytes:
    with open_file(print_paper(made, at=NOON)) as file:
        return file.read()


def examined(client: Client, content: bytes, code: str = "") -> Any:
    file = SimpleUploadedFile("文书.pdf", content)
    return client.post(reverse("portal:verify"), {"code": code, "file": file})


def test_the_code_tells_what_was_issued_and_to_whom_masked(client: Client, django_assert_num_queries: Any) -> None:
    made = paper("approval", organ("示例教育局", short_name="教育局"), recipient="欧阳小满")
    with django_assert_num_queries(2):
        said = page_of(made, client)
    for words in ("示例教育局", made.number, "准予决定书", "欧**满", "没有撤销", "2026年11月23日"):
        assert words in said
    for secret in ("欧阳小满", made.about, "第一小学"):
        assert secret not in said


def test_a_revoked_paper_says_so(client: Client) -> None:
    made = paper()
    revoke(made, reason="王五举报承诺不实", by=BY, at=NOON)
    said = page_of(made, client)
    assert "已经撤销，不再有效" in said and "王五" not in said


def test_an_unknown_code_is_told_what_to_do(client: Client) -> None:
    response = client.get(reverse("portal:verify-paper", args=["2222-2222-2222"]))
    assert response.status_code == 404
    said = response.content.decode()
    assert "2222-2222-2222" in said and "再填一次" in said and 'name="code"' in said


@pytest.mark.parametrize(("days", "told"), [(-1, "有效期已经过了"), (0, "没有撤销")])
def test_what_was_granted_for_a_time_says_until_when(client: Client, days: int, told: str) -> None:
    outcome = granted(hall(result_name="取水许可证"), moment("03-02"))
    last = today() + timedelta(days=days)
    CaseOutcome.objects.filter(pk=outcome.pk).update(valid_until=last)
    for made in (outcome.paper, outcome.case.acts.get(kind="grant").paper):
        said = page_of(made, client)
        assert told in said and f"{last.year}年{last.month}月{last.day}日" in said


def test_the_code_may_be_typed_without_its_dashes(client: Client) -> None:
    made = paper()
    response = client.post(reverse("portal:verify"), {"code": f" {made.code.lower().replace('-', ' ')} "}, follow=True)
    assert made.number in response.content.decode()


def test_nothing_given_is_told(client: Client) -> None:
    response = client.post(reverse("portal:verify"), {"code": ""})
    assert response.status_code == 422
    assert "请填写验证码，或者选择文书文件" in response.content.decode()


def test_the_file_itself_is_recognised_with_its_signature(client: Client) -> None:
    make_demo_certificates(city="示例市", at=now())
    said = examined(client, bytes_of(paper())).content.decode()
    assert "完全一样" in said and "数字签名有效" in said


def test_a_file_changed_after_it_was_signed_is_told(client: Client) -> None:
    make_demo_certificates(city="示例市", at=now())
    made = paper()
    content = bytearray(bytes_of(made))
    content[content.index(b"/Title") + 12] ^= 1
    said = examined(client, bytes(content), made.code).content.decode()
    assert "不能采信" in said and "完全一样" not in said
    assert "不能采信" in examined(client, bytes(content)).content.decode()


def test_the_file_of_one_paper_with_the_code_of_another_is_told(client: Client) -> None:
    one, other = paper(), paper("receipt")
    said = examined(client, bytes_of(one), other.code).content.decode()
    assert "不是同一份文书" in said and one.number in said and other.number not in said


def test_a_file_of_somewhere_else_is_told(client: Client) -> None:
    assert "不是在这里出具的原件" in examined(client, b"%PDF-1.7 other").content.decode()


def test_nobody_tries_codes_without_end(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views, "AN_HOUR", 3)
    made = paper()
    answers = [client.get(reverse("portal:verify-paper", args=[made.code])).status_code for _ in range(4)]
    assert answers == [200, 200, 200, 429]
