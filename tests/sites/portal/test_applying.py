"""Applying online: from the guide to the number, with nothing typed lost."""

import re
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from random import Random
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from PIL import Image
from pypdf import PdfWriter
from tests import factories as make
from tests.forms import chance
from tests.uploads.test_virus_scan import EICAR

from banshi.cases.actions import Wanted, request_supplement, save_answers, submit
from banshi.cases.models import Application, Case, CreditEntry
from banshi.cases.sealing import ANSWERS, opened
from banshi.cases.steps import text_of as guide_text
from banshi.catalog.actions import cancel_item, merge_items, publish, resume_item, save_draft, start_draft, suspend_item
from banshi.catalog.enums import MaterialType
from banshi.catalog.guide.document import AskedWhen, Condition, DeclaredField, Guide, Material
from banshi.core.clock import now
from banshi.files import keep
from banshi.forms import FieldKind
from banshi.papers.queries import papers_about
from banshi.people.actions import register_citizen
from banshi.people.models import User
from banshi.rulebook.models import CommitmentForm

pytestmark = pytest.mark.django_db
MOTHER = "530102199003071211"
BUDGETS = [7, 5, 10, 10]
"""Questions to the database of one's cases, a page of the form, the checklist, and the last look."""


def person(name: str = "王小美", number: str = MOTHER, kind: str = "person") -> User:
    user = make.user(full_name=name)
    register_citizen(user, kind=kind, name=name, number=number, phone="13800138000", by=user, at=now())
    return user


def photograph(name: str = "户口簿.jpg", colour: str = "white") -> SimpleUploadedFile:
    content = BytesIO()
    Image.new("RGB", (300, 200), colour).save(content, "JPEG")
    return SimpleUploadedFile(name, content.getvalue(), content_type="image/jpeg")


def school(**more: Any) -> Guide:
    filled: dict[str, Any] = {
        "conditions": [Condition(text="孩子年满六周岁"), Condition(text="户口在本县")],
        "materials": [
            Material(name="户口簿"),
            Material(name="收入证明", commitment_ok=True),
            Material(name="房产证", shared=True, shared_from="自然资源局"),
        ],
        "form_fields": [
            DeclaredField(label="有没有本地房产", key="house", kind=FieldKind.YES_NO, group="住房"),
            DeclaredField(label="房产证号", key="house_number", when=AskedWhen(field="house", values=["是"])),
        ],
    }
    return make.guide("小学入学", **{**filled, **more})


@pytest.fixture
def of() -> SimpleNamespace:
    publication = make.publication(of=make.item(make.organ("示例县教育局", short_name="教育局"), school()))
    return SimpleNamespace(item=publication.item, publication=publication, mother=person())


@pytest.fixture
def mother(of: SimpleNamespace) -> Client:
    return entered(of.mother)


def entered(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def text_of(client: Client, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status, (answer.status_code, answer.headers.get("Location"))
    return answer.content.decode()


def begun(client: Client, of: SimpleNamespace) -> tuple[Application, str]:
    """A draft just begun, and its address."""
    client.post(f"/items/{of.item.guid}/apply/")
    application = Application.objects.order_by("-id")[0]
    return application, f"/apply/{application.guid}/"


def answers(application: Application) -> dict[str, Any]:
    application.refresh_from_db()
    return opened(application.answers_sealed, purpose=ANSWERS)


def fill(client: Client, path: str, number: int, asked: str, **typed: Any) -> Any:
    return client.post(f"{path}{number}/", {"asked": asked, **typed})


def filled(client: Client, of: SimpleNamespace) -> tuple[Application, str]:
    application, path = begun(client, of)
    fill(client, path, 1, "applying_as", applying_as="为自己办")
    fill(client, path, 2, "phone email", phone="13800138000")
    fill(client, path, 3, "house", house="否")
    client.post(f"{path}materials/0/", {"files": photograph()})
    client.post(f"{path}materials/1/", {"act": "commit", "read": "1"})
    return application, path


# Before the form


def test_what_is_published_can_be_applied_for_with_nothing_else_set_up(of: SimpleNamespace, client: Client) -> None:
    assert f'href="/items/{of.item.guid}/apply/"' in text_of(client, f"/items/{of.item.guid}/")
    page = text_of(client, f"/items/{of.item.guid}/apply/")
    assert "要交2样材料" in page and "登录并开始办理" in page


def test_a_doubtful_answer_is_told_and_locks_nobody_out(of: SimpleNamespace, client: Client) -> None:
    page = text_of(client, f"/items/{of.item.guid}/apply/?c0=no&c1=yes")
    assert "不符合这一条的，一般办不了" in page and "您仍然可以申请" in page and "登录并开始办理" in page
    assert "条件都符合" in text_of(client, f"/items/{of.item.guid}/apply/?c0=yes&c1=yes")


def test_who_is_not_signed_in_is_led_to_the_door_and_back(of: SimpleNamespace, client: Client) -> None:
    answer = client.post(f"/items/{of.item.guid}/apply/")
    assert answer.url == f"/accounts/login/?next=/items/{of.item.guid}/apply/"


def test_who_signs_in_on_the_way_stands_in_the_application_at_once(of: SimpleNamespace, client: Client) -> None:
    of.mother.set_password("correct horse battery")
    of.mother.save()
    door = client.post(f"/items/{of.item.guid}/apply/").url
    back = client.post(door, {"login": of.mother.username, "password": "correct horse battery"})
    assert back.url == f"/items/{of.item.guid}/apply/"
    draft = Application.objects.get()
    assert client.get(back.url).url == f"/apply/{draft.guid}/"
    assert opened(draft.answers_sealed, purpose=ANSWERS)["applicant_name"] == "王小美"
    assert client.get(back.url).status_code == 200, "once"
    assert Application.objects.count() == 1


def test_a_working_account_is_told_to_use_its_own(of: SimpleNamespace) -> None:
    clerk = make.user("clerk", of.item.organ)
    answer = entered(clerk).post(f"/items/{of.item.guid}/apply/")
    assert answer.status_code == 409 and "工作账号不能用来办自己的事" in answer.content.decode()


def test_an_item_for_the_window_alone_is_not_offered(client: Client) -> None:
    item = make.publication(of=make.item(make.organ("示例县公安局"), school(online=False))).item
    assert "/apply/" not in text_of(client, f"/items/{item.guid}/")
    assert "不能在网上申请" in text_of(client, f"/items/{item.guid}/apply/", 409)


# The form


def test_what_the_account_knows_is_filled_in_and_what_a_register_gives_is_fixed(
    of: SimpleNamespace, mother: Client
) -> None:
    application, path = begun(mother, of)
    assert answers(application)["applicant_name"] == "王小美"
    fill(mother, path, 1, "applying_as applicant_name", applying_as="为自己办", applicant_name="别人")
    assert answers(application)["applicant_name"] == "王小美", "a register's answer is not overwritten"
    page = text_of(mother, f"{path}1/")
    assert "来自您的实名信息" in page and "登记的信息不对" in page and MOTHER not in page
    assert 'value="13800138000"' in text_of(mother, f"{path}2/")


def test_nothing_typed_is_lost_though_it_is_wrong(of: SimpleNamespace, mother: Client) -> None:
    application, path = begun(mother, of)
    answer = fill(mother, path, 2, "phone email", phone="1380013800", email="mother@")
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "手机号有11位，这里是10位" in page and 'value="1380013800"' in page and 'value="mother@"' in page
    assert answers(application)["phone"] == "1380013800"


def test_one_digit_off_in_an_id_is_told_kindly(of: SimpleNamespace, mother: Client) -> None:
    _, path = begun(mother, of)
    keys = "applying_as child_name child_number"
    typed = {"applying_as": "为我的未成年孩子办", "child_name": "小明", "child_number": "530102201903071216"}
    fill(mother, path, 1, "applying_as", applying_as=typed["applying_as"])
    page = fill(mother, path, 1, keys, **typed).content.decode()
    assert "身份证号好像有一位写错了" in page and "530102201903071216" in page


def test_what_an_answer_makes_to_be_asked_is_asked_on_the_same_page(of: SimpleNamespace, mother: Client) -> None:
    application, path = begun(mother, of)
    page = fill(mother, path, 3, "house", house="是").content.decode()
    assert "按您的回答，还有几项要填" in page and "房产证号" in page and "error-summary" not in page
    answer = fill(mother, path, 3, "house house_number", house="是", house_number="第1号")
    assert answer.url == f"{path}materials/"
    fill(mother, path, 3, "house house_number", house="否", house_number="第1号")
    assert answers(application)["house_number"] == "第1号", "kept in the draft alone"
    part = mother.post(f"{path}3/", {"asked": "house", "house": "是"}, headers={"HX-Request": "true"})
    assert "房产证号" in part.content.decode() and "<html" not in part.content.decode()


def test_a_child_cannot_apply_alone_and_reads_who_can(of: SimpleNamespace) -> None:
    child = entered(person("李小童", "530102201903071217"))
    _, path = begun(child, of)
    page = fill(child, path, 1, "applying_as", applying_as="为自己办").content.decode()
    assert "还不能自己办这件事" in page and "监护人" in page


def test_a_session_that_ended_while_typing_loses_nothing(of: SimpleNamespace, mother: Client) -> None:
    application, path = begun(mother, of)
    gone = Client(headers={"Origin": "http://testserver"})  # as a browser says
    answer = fill(gone, path, 3, "house house_number", house="是", house_number="第1号")
    assert answer.url == f"/accounts/login/?next={path}3/"
    assert "第1号" not in str(dict(gone.session)), "sealed while it waits"
    gone.force_login(of.mother, backend="allauth.account.auth_backends.AuthenticationBackend")
    page = text_of(gone, f"{path}3/")
    assert "您登录前填的内容都还在" in page
    assert "house" not in answers(application), "reading writes nothing"


def test_a_session_that_ended_while_uploading_leads_back_to_the_list(of: SimpleNamespace, mother: Client) -> None:
    _, path = begun(mother, of)
    assert mother.get(f"{path}materials/0/").url == f"{path}materials/"


def test_leaving_and_going_on_elsewhere(of: SimpleNamespace, mother: Client) -> None:
    application, path = begun(mother, of)
    answer = mother.post(f"{path}2/", {"asked": "phone email", "phone": "13900139000", "leave": "1"})
    assert answer.url == "/my/cases/"
    other = entered(of.mother)
    assert "小学入学" in text_of(other, "/my/cases/") and "保留到" in text_of(other, "/my/cases/")
    assert answers(application)["phone"] == "13900139000"
    assert "您有一份没填完的" in text_of(other, f"/items/{of.item.guid}/apply/")


def test_a_draft_is_its_owners_alone(of: SimpleNamespace, mother: Client) -> None:
    _, path = begun(mother, of)
    stranger = entered(person("陌生人", chance.id_number(Random(4))))
    for page in ("", "1/", "materials/", "check/", "sent/", "discard/", "changes/", "materials/0/file/"):
        assert stranger.get(path + page).status_code == 404, page
    assert stranger.post(f"{path}1/", {"asked": "applying_as"}).status_code == 404


# Materials


def test_materials_are_the_guides_checklist(of: SimpleNamespace, mother: Client) -> None:
    _, path = begun(mother, of)
    page = text_of(mother, f"{path}materials/")
    assert 'capture="environment"' in page and "告知承诺书" in page
    assert page.index("户口簿") < page.index("这些不用您交") < page.index("已由自然资源局共享")


def test_photographs_become_one_document_and_a_page_can_be_added(of: SimpleNamespace, mother: Client) -> None:
    application, path = begun(mother, of)
    answer = mother.post(f"{path}materials/0/", {"files": [photograph(), photograph("2.jpg", "red")]})
    assert answer.url == f"{path}materials/#m0"
    first = application.materials.get(replaced_at=None).file
    assert first is not None and first.media_type == "application/pdf"
    mother.post(f"{path}materials/0/", {"act": "more", "files": photograph("3.jpg", "blue")})
    second = application.materials.get(replaced_at=None).file
    assert second is not None and second.size > first.size
    assert mother.get(f"{path}materials/0/file/").headers["Content-Type"] == "application/pdf"
    mother.post(f"{path}materials/0/", {"act": "remove"})
    assert not application.materials.filter(replaced_at=None).exists()


def test_a_file_that_cannot_be_used_is_told_beside_its_material(of: SimpleNamespace, mother: Client) -> None:
    _, path = begun(mother, of)
    bad = SimpleUploadedFile("../../x.exe", b"MZ\x90\x00" * 100)
    answer = mother.post(f"{path}materials/0/", {"files": bad})
    assert answer.status_code == 422 and "x.exe" in answer.content.decode()
    nothing = mother.post(f"{path}materials/0/", {})
    assert nothing.status_code == 422 and "没有收到文件" in nothing.content.decode()


def test_a_commitment_is_read_before_it_is_signed_and_can_be_taken_back(of: SimpleNamespace, mother: Client) -> None:
    application, path = begun(mother, of)
    unread = mother.post(f"{path}materials/1/", {"act": "commit"})
    assert unread.status_code == 422 and "请先看完承诺书" in unread.content.decode()
    mother.post(f"{path}materials/1/", {"act": "commit", "read": "1"})
    assert application.promises.filter(ending="").count() == 1
    assert "已承诺" in text_of(mother, f"{path}materials/")
    mother.post(f"{path}materials/1/", {"act": "withdraw"})
    assert not application.promises.filter(ending="").exists()


def test_the_letter_one_reads_is_the_letter_that_is_issued(of: SimpleNamespace, mother: Client) -> None:
    CommitmentForm.objects.create(
        item=of.item,
        material="收入证明",
        basis_title="某办法",
        basis_articles="第三条",
        content="家庭月收入低于本市标准",
        way="书面",
        liability="不实的退回已经领取的补助",
        verification="可以查询银行流水",
        check_share=30,
        check_days=15,
        check_method="向银行核对",
        check_by="教育局",
        at=now(),
    )
    _, path = begun(mother, of)
    page = text_of(mother, f"{path}materials/")
    for told in ("家庭月收入低于本市标准", "不实的退回已经领取的补助", "向银行核对，15个工作日内"):
        assert told in page
    filled_in, _ = filled(mother, of)
    case = submit(filled_in, key=filled_in.key, by=of.mother, at=now())
    letter = papers_about(case.number).get(kind="commitment").facts
    assert all(line in page for line in (*letter["told"], *letter["commitment"], letter["check"]))


def test_who_has_bad_credit_is_offered_the_ordinary_way_alone(of: SimpleNamespace, mother: Client) -> None:
    """F13."""
    _, path = begun(mother, of)
    assert "可以签承诺书代替" in text_of(mother, f"{path}materials/")
    CreditEntry.objects.create(user=of.mother, ground="承诺不实", entered_at=now())
    page = text_of(mother, f"{path}materials/")
    assert "可以签承诺书代替" not in page and "现在不能用承诺代替" in page


def test_what_was_handed_in_before_is_offered_again(of: SimpleNamespace, mother: Client) -> None:
    first, _ = filled(mother, of)
    submit(first, key=first.key, by=of.mother, at=now())
    second, path = begun(mother, of)
    page = text_of(mother, f"{path}materials/")
    assert "办“小学入学”时交的" in page
    earlier = first.materials.get(position=0, replaced_at=None)
    mother.post(f"{path}materials/0/", {"act": "earlier", "material": earlier.pk})
    assert second.materials.get(replaced_at=None).file == earlier.file


def test_who_applies_for_another_is_asked_for_the_authority(of: SimpleNamespace, mother: Client) -> None:
    application, path = begun(mother, of)
    assert "授权委托书" not in text_of(mother, f"{path}materials/")
    fill(mother, path, 1, "applying_as", applying_as="替别人办")
    assert "授权委托书" in text_of(mother, f"{path}materials/")
    assert mother.post(f"{path}materials/3/", {"files": photograph()}).url == f"{path}materials/#m3"
    assert application.materials.get(replaced_at=None).name == "授权委托书"
    fill(mother, path, 1, "applying_as", applying_as="为我的未成年孩子办")
    assert "关系证明" not in text_of(mother, f"{path}materials/"), "the household register shows it"


# Sending


def test_an_application_is_checked_sent_once_and_has_its_number(of: SimpleNamespace, mother: Client) -> None:
    application, path = filled(mother, of)
    page = text_of(mother, f"{path}check/")
    assert "王小美" in page and MOTHER not in page and "已承诺" in page and "免交" in page
    undeclared = mother.post(f"{path}check/", {"key": application.key, "send": "1"})
    assert undeclared.status_code == 422 and "请勾选“以上内容属实”" in undeclared.content.decode()
    for _ in range(3):
        assert mother.post(f"{path}check/", {"key": application.key, "true": "1"}).url == f"{path}sent/"
    case = Case.objects.get()
    receipt = text_of(mother, f"{path}sent/")
    assert case.number in receipt and "查询码" in receipt
    assert case.number in text_of(mother, "/my/cases/")
    assert mother.get(f"{path}1/").url == f"{path}sent/", "what is sent is no longer filled in"


def test_what_is_hidden_in_the_end_is_not_in_what_was_sent(of: SimpleNamespace, mother: Client) -> None:
    """F10."""
    application, path = filled(mother, of)
    fill(mother, path, 3, "house house_number", house="是", house_number="第1号")
    fill(mother, path, 3, "house house_number", house="否", house_number="第1号")
    assert mother.post(f"{path}check/", {"key": application.key, "true": "1"}).url.endswith("/sent/")
    stored = answers(application)
    assert stored["house"] is False and "house_number" not in stored


def test_a_draft_begun_by_the_api_is_sent_by_its_pages_without_what_they_hide(
    of: SimpleNamespace, mother: Client
) -> None:
    application, path = begun(mother, of)
    Application.objects.filter(pk=application.pk).update(channel="system")
    save_answers(application, {"principal_name": "别人", "unheard": "x"}, by=of.mother, at=now())
    mother.post(f"{path}check/", {"true": "on"})
    assert not {"principal_name", "unheard"} & answers(application).keys()


def test_what_is_missing_is_told_with_the_way_to_it(of: SimpleNamespace, mother: Client) -> None:
    application, path = begun(mother, of)
    page = text_of(mother, f"{path}check/")
    assert f'href="{path}materials/#m0"' in page and "还没有交“户口簿”" in page
    assert f'href="{path}1/#q-applying_as"' in page
    answer = mother.post(f"{path}check/", {"key": application.key, "true": "1"})
    assert answer.status_code == 422 and not Case.objects.exists()


def test_a_company_applies_by_its_agent() -> None:
    publication = make.publication(of=make.item(make.organ("示例县市监局"), school(audience=["2"], form_fields=[])))
    of = SimpleNamespace(item=publication.item)
    company = entered(person("示例市某某有限公司", chance.credit_code(Random(4)), "company"))
    application, path = begun(company, of)
    assert answers(application)["company_name"] == "示例市某某有限公司"
    answer = fill(company, path, 1, "agent_name agent_number", agent_name="王小美", agent_number=MOTHER)
    assert answer.url == f"{path}2/"


def test_a_company_is_told_that_an_item_is_for_persons(of: SimpleNamespace, mother: Client) -> None:
    company = entered(person("示例市某某有限公司", chance.credit_code(Random(4)), "company"))
    address = f"/items/{of.item.guid}/apply/"
    assert "您登录的是单位账号" in text_of(company, address)
    assert "您登录的是单位账号" not in text_of(mother, address)


# The guide changes meanwhile


def republished(of: SimpleNamespace, guide: Guide) -> None:
    draft = start_draft(of.item, by=make.TESTS, at=now())
    publish(save_draft(draft, guide=guide, stamp=draft.stamp, by=make.TESTS, at=now()), by=make.TESTS, at=now())


def test_a_guide_that_changed_meanwhile_is_told_and_what_was_typed_stays(of: SimpleNamespace, mother: Client) -> None:
    application, path = filled(mother, of)
    materials = [Material(name="出生证明"), *school().materials]
    republished(of, school(materials=materials))
    answer = mother.post(f"{path}2/", {"asked": "phone email", "phone": "13900139000"})
    assert answer.url == f"{path}changes/"
    assert answers(application)["phone"] == "13900139000"
    told = text_of(mother, f"{path}changes/")
    assert "出生证明" in told and "不再要的材料" not in told
    assert mother.post(f"{path}check/", {"key": application.key, "true": "1"}).url == f"{path}changes/"
    mother.post(f"{path}changes/")
    page = text_of(mother, f"{path}check/")
    assert "还没有交“出生证明”" in page and "还没有交“户口簿”" not in page


def test_what_was_handed_in_and_is_asked_no_more_is_told(of: SimpleNamespace, mother: Client) -> None:
    _, path = filled(mother, of)
    republished(of, school(materials=school().materials[1:]))
    told = text_of(mother, f"{path}changes/")
    assert "不再要的材料" in told and "户口簿" in told


def test_an_item_that_rests_and_comes_back_unchanged_is_gone_on_with(of: SimpleNamespace, mother: Client) -> None:
    application, path = filled(mother, of)
    suspend_item(of.item, note="系统改造", by=make.TESTS, at=now())
    assert "暂停办理" in text_of(mother, "/my/cases/")
    resume_item(of.item, by=make.TESTS, at=now())
    assert "恢复办理，内容没有变" in re.sub(r"\s", "", text_of(mother, f"{path}changes/"))
    assert mother.post(f"{path}changes/").url == path
    assert mother.post(f"{path}check/", {"key": application.key, "true": "1"}).url == f"{path}sent/"


def test_a_guide_that_changes_in_the_moment_of_submission_is_told(
    of: SimpleNamespace, mother: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    application, path = filled(mother, of)

    def changed_first(*given: Any, **more: Any) -> Any:
        republished(of, school(materials=[Material(name="出生证明"), *school().materials]))
        return submit(*given, **more)

    monkeypatch.setattr("banshi.sites.portal.applying.sending.submit", changed_first)
    assert mother.post(f"{path}check/", {"key": application.key, "true": "1"}).url == f"{path}changes/"


@pytest.mark.parametrize("end", [suspend_item, cancel_item])
def test_an_item_that_ended_meanwhile_is_told(of: SimpleNamespace, mother: Client, end: Callable[..., Any]) -> None:
    application, path = filled(mother, of)
    end(of.item, note="系统改造", by=make.TESTS, at=now())
    answer = mother.post(f"{path}2/", {"asked": "phone email", "phone": "13900139000"}, follow=True)
    status = 404 if end is suspend_item else 410
    page = answer.content.decode()
    assert answer.status_code == status and "您填过的还在" in page and "系统改造" in page and "tel:12345" in page
    assert answers(application)["phone"] == "13900139000"
    file = mother.post(f"{path}materials/0/", {"files": photograph()}, follow=True)
    assert file.status_code == status and "刚才选的文件没有收下" in file.content.decode()
    begin = mother.get(f"/items/{of.item.guid}/apply/")
    assert begin.status_code == status and "您填过的还在" in begin.content.decode()
    for stranger in (Client(), entered(make.user())):
        for answer in (stranger.get(f"/items/{of.item.guid}/apply/"), stranger.post(f"/items/{of.item.guid}/apply/")):
            page = answer.content.decode()
            assert answer.status_code == status and "系统改造" in page and "您填过的还在" not in page


def test_a_draft_of_an_item_merged_meanwhile_leads_on(of: SimpleNamespace, mother: Client) -> None:
    _, path = filled(mother, of)
    into = make.published_item("中小学入学")
    merge_items([of.item], into=into, note="合并办理", by=make.TESTS, at=now())
    answer = mother.get(path, follow=True)
    assert answer.status_code == 410 and "已经并入“中小学入学”" in answer.content.decode()
    assert f"/items/{into.guid}/" in answer.content.decode()
    assert Client().get(f"/items/{of.item.guid}/apply/").url == f"/items/{into.guid}/"


def test_a_draft_is_given_up_only_when_asked_twice(of: SimpleNamespace, mother: Client) -> None:
    application, path = filled(mother, of)
    assert "都会删除" in text_of(mother, f"{path}discard/")
    assert mother.post(f"{path}discard/").url == "/my/cases/"
    application.refresh_from_db()
    assert application.discarded_at and bytes(application.answers_sealed) == b""


def test_pages_ask_the_database_the_same_however_much_there_is(of: SimpleNamespace, mother: Client) -> None:
    first, path = filled(mother, of)
    submit(first, key=first.key, by=of.mother, at=now())
    looked_at, path = begun(mother, of)
    Application.objects.filter(pk=looked_at.pk).update(created_at=now() - timedelta(hours=1))  # no second click on it
    mother.get("/my/cases/")

    def asked(address: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            mother.get(address)
        return len(queries)

    pages = ("/my/cases/", f"{path}1/", f"{path}materials/", f"{path}check/")
    one = [asked(each) for each in pages]
    for _ in range(2):
        more, _ = filled(mother, of)
        submit(more, key=more.key, by=of.mother, at=now())
        begun(mother, of)
    assert [asked(each) for each in pages] == one == BUDGETS


def test_all_that_is_missing_is_told_at_once_before_and_after_it_is_pressed(
    of: SimpleNamespace, mother: Client
) -> None:
    application, path = begun(mother, of)

    def told(response: Any) -> list[str]:
        summary = response.content.decode().partition("data-error-summary")[2].partition("</ul>")[0]
        return [each.partition("</a>")[0] for each in summary.split('href="')[1:]]

    before = told(mother.get(f"{path}check/"))
    pressed = told(mother.post(f"{path}check/", {"key": application.key, "true": "1"}))
    unticked = told(mother.post(f"{path}check/", {"key": application.key}))
    assert len(before) > 2 and any("还没有交“户口簿”" in each for each in before)
    assert pressed == before == unticked[:-1]


def test_a_page_whose_cookies_are_gone_says_one_thing_and_labels_what_was_typed(
    of: SimpleNamespace, mother: Client
) -> None:
    _, path = begun(mother, of)
    strict = Client(enforce_csrf_checks=True)
    kept = strict.post(f"{path}1/", {"phone": "13900139000a"}, headers={"origin": "http://testserver"})
    said = kept.content.decode()
    assert kept.status_code == 403 and "还没有提交" in said and "13900139000a" in said
    assert "没有保存" not in said and "没有丢" not in said
    label = next(each.label for each in guide_text(of.publication).form if each.key == "phone")
    assert f'<label for="typed-1">{label}</label>' in said


def test_what_waits_for_ones_supplement_stands_first_with_its_last_day(of: SimpleNamespace, mother: Client) -> None:
    first, _ = filled(mother, of)
    case = submit(first, key=first.key, by=of.mother, at=now())
    window = make.user("window", of.item.organ)
    request_supplement(case, wanted=[Wanted("照片不清楚", 0)], words="见清单", by=window, at=now())
    second, _ = filled(mother, of)
    other = submit(second, key=second.key, by=of.mother, at=now())
    page = text_of(mother, "/my/cases/")
    assert page.index("等您补正的") < page.index("最后一天是") < page.index(case.number) < page.index(other.number)
    assert page.count(case.number) == 1
    followed = text_of(mother, f"/my/cases/{case.pk}/")
    assert "（等您补正）" in followed and "（正在办）" not in followed


def in_a_pdf(virus: bytes) -> bytes:
    document = PdfWriter()
    document.add_blank_page(100, 100)
    document.add_attachment("说明.txt", virus)
    document.write(written := BytesIO())
    return written.getvalue()


def test_a_virus_inside_a_real_pdf_is_told_beside_its_material(
    of: SimpleNamespace, mother: Client, clamd_server: str, settings: Any
) -> None:
    settings.CLAMD = clamd_server
    application, path = begun(mother, of)
    answer = mother.post(f"{path}materials/0/", {"files": SimpleUploadedFile("户口簿.pdf", in_a_pdf(EICAR))})
    assert answer.status_code == 422 and "户口簿.pdf：文件里有病毒" in answer.content.decode()
    assert not application.materials.exists()


def test_while_the_scanner_is_away_the_list_says_so_beside_the_material(
    of: SimpleNamespace, mother: Client, settings: Any, tmp_path: Any
) -> None:
    settings.CLAMD = f"unix:{tmp_path}/clamd"
    application, path = begun(mother, of)
    answer = mother.post(f"{path}materials/0/", {"files": photograph()})
    said = answer.content.decode()
    assert answer.status_code == 503 and "现在不能检查文件有没有病毒" in said and 'id="m0"' in said
    assert not application.materials.exists()


def test_a_blank_form_and_a_filled_sample_stand_beside_their_material_and_one_that_is_not_given_is_said(
    of: SimpleNamespace, mother: Client
) -> None:
    blank, filled = (
        str(
            keep(
                BytesIO(in_a_pdf(each)), name="表.pdf", purpose="guide", organ=of.item.organ, by=make.TESTS, at=now()
            ).guid
        )
        for each in (b"blank", b"filled")
    )
    form = Material(name="入学申请表", type=MaterialType.FORM)
    given = form.model_copy(update={"name": "住房情况表", "template_file": blank, "sample_file": filled})
    republished(of, school(materials=[form, given]))
    _, path = begun(mother, of)
    page = text_of(mother, f"{path}materials/")
    assert f"/files/{blank}/" in page and f"/files/{filled}/" in page
    assert page.count("办事指南没有附空白表") == 1
