"""An office writes its own words for a paper, sees them printed, and is told which line is wrong."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pypdf import PdfReader
from tests.factories import organ, user
from tests.papers.issued import paper
from tests.papers.test_printing import printed_text
from tests.uploads.pictures import photo

from banshi.papers.kinds import paper_kinds
from banshi.papers.models import Letterhead, PaperTemplate
from banshi.people.models import Organ, User

pytestmark = pytest.mark.django_db


def signed_in(who: User) -> Client:
    client = Client()
    client.force_login(who, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


@pytest.fixture
def bureau() -> Organ:
    return organ("示例县水利局", short_name="水利局")


@pytest.fixture
def head(bureau: Organ) -> Client:
    return signed_in(user("head", bureau))


def test_who_may_not_write_papers_sees_nothing_of_it(bureau: Organ) -> None:
    for address in ("/console/papers/", "/console/papers/approval/", f"/console/papers/letterhead/{bureau.pk}/"):
        assert Client().get(address).status_code == 302
        assert signed_in(user("clerk", bureau)).get(address).status_code == 403
    other = signed_in(user("head", organ()))
    assert other.get(f"/console/papers/letterhead/{bureau.pk}/").status_code == 404
    assert other.post(f"/console/papers/approval/?organ={bureau.pk}", {"text": "好"}).status_code == 404


def test_a_head_sees_every_kind_of_the_own_office(head: Client) -> None:
    said = head.get("/console/papers/").content.decode()
    for kind in paper_kinds().values():
        assert kind.label in said
    assert "各单位共用" not in said


def test_the_text_is_shown_printed_and_saved(head: Client, bureau: Organ) -> None:
    assert "{决定内容}" in head.get("/console/papers/approval/").content.decode()
    text = "恭喜{申请人}：{决定内容}。"
    shown = head.post("/console/papers/approval/", {"text": text, "preview": "1"})
    assert shown["Content-Type"] == "application/pdf"
    assert "恭喜林小满" in "".join(page.extract_text() for page in PdfReader(io.BytesIO(shown.content)).pages)
    assert not PaperTemplate.objects.exists()
    assert head.post("/console/papers/approval/", {"text": text}).status_code == 302
    assert "恭喜林小满" in printed_text(paper("approval", bureau))
    assert "写的" in head.get("/console/papers/").content.decode()


def test_a_wrong_text_is_refused_with_its_line_and_kept_in_the_form(head: Client) -> None:
    response = head.post("/console/papers/approval/", {"text": "好\n{没有的}"})
    assert response.status_code == 422
    said = response.content.decode()
    assert "第2行" in said and "{没有的}" in said
    assert head.post("/console/papers/approval/", {"text": "#table(", "preview": "1"}).status_code == 422


def test_the_administrator_writes_for_all(bureau: Organ) -> None:
    admin = signed_in(user("admin", organ()))
    assert "各单位共用" in admin.get("/console/papers/").content.decode()
    admin.post("/console/papers/approval/", {"text": "全市都用：{决定内容}"})
    assert "全市都用" in printed_text(paper("approval", bureau))


def test_sign_and_seal_are_set_and_a_seal_that_is_no_png_is_refused(head: Client, bureau: Organ) -> None:
    address = f"/console/papers/letterhead/{bureau.pk}/"
    assert head.get(address).status_code == 200
    assert head.post(address, {"sign": "示水", "seal": photo("章.png", (200, 200), "PNG")}).status_code == 302
    kept = Letterhead.objects.get(organ=bureau)
    assert kept.sign == "示水" and kept.seal is not None
    assert paper("approval", bureau).number == "示水准〔2026〕1号"
    assert head.post(address, {"sign": "示水", "seal": photo("章.jpg")}).status_code == 422
    wrong = SimpleUploadedFile("章.png", b"MZ" + bytes(99))
    assert head.post(address, {"sign": "示水", "seal": wrong}).status_code == 422
    assert Letterhead.objects.get(organ=bureau).seal == kept.seal
