"""保留证明清单, and what anyone may say to it."""

from datetime import date

import pytest
from tests import factories as make
from tests.factories import NOON, TESTS

from banshi.rulebook import actions
from banshi.rulebook.actions import LegalBasis
from banshi.rulebook.models import Objection
from banshi.sites.portal.proofs.throttle import AT_MOST

pytestmark = pytest.mark.django_db
BASIS = LegalBasis("中华人民共和国收养法", "第六条", "主席令第10号")


def a_proof(name="收养登记证明", item=None, **more):
    given = {"issuer": "民政部门", "basis": BASIS, "by": TESTS, "at": NOON, **more}
    return actions.keep_proof(item or make.published_item(), name=name, **given)


def test_each_proof_stands_there_with_its_basis_and_who_asks_for_it(page):
    proof = a_proof()
    text = page("/proofs/")
    for words in (proof.name, "《中华人民共和国收养法》（主席令第10号）第六条", proof.item.name, "民政部门"):
        assert words in text


def test_proofs_of_items_the_public_does_not_know_are_not_shown(page, client):
    proof = a_proof(item=make.item())
    assert proof.name not in page("/proofs/")
    assert client.get(f"/proofs/{proof.pk}/").status_code == 404
    assert client.post(f"/proofs/{proof.pk}/object/", {"text": "意见"}).status_code == 404


def test_an_empty_list_and_a_proof_not_on_it_are_said_in_words(page):
    assert "还没有证明" in page("/proofs/")
    a_proof()
    assert "清单里没有这项证明" in page("/proofs/", q="无犯罪记录")
    assert "收养登记证明" in page("/proofs/", q="收养 民政")


def test_pages_show_every_proof_once(page):
    item = make.published_item()
    for number in range(45):
        a_proof(f"证明{number:02}", item)
    seen, query = [], {}
    while query is not None:
        text = page("/proofs/", **query)
        seen += [name for name in (f"证明{n:02}" for n in range(45)) if f">{name}</a>" in text]
        onward = text.partition('href="?after=')[2].partition('"')[0]
        query = {"after": onward} if onward else None
    assert seen == [f"证明{n:02}" for n in range(45)]


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_asks_the_database_two_questions(client, queries, count):
    for number in range(count):
        a_proof(f"证明{number}")
    client.get("/proofs/")
    with queries(2):
        client.get("/proofs/")


def test_how_it_was_talked_over_is_public(page):
    proof = a_proof()
    actions.record_hearing(
        proof,
        kind="opinions",
        held_on=date(2026, 10, 9),
        who="收到意见12条",
        conclusion="保留，改为部门之间核查",
        by=TESTS,
        at=NOON,
    )
    text = page(f"/proofs/{proof.pk}/")
    assert "公开征求意见" in text and "2026年10月9日" in text and "保留，改为部门之间核查" in text


def test_anyone_objects_without_signing_in_and_without_a_contact(client, page):
    proof = a_proof()
    assert "不用登录" in page(f"/proofs/{proof.pk}/object/")
    sent = client.post(f"/proofs/{proof.pk}/object/", {"text": "户口簿上就有"}, follow=True)
    assert "您的意见收到了" in sent.content.decode()
    objection = Objection.objects.get()
    assert (objection.text, objection.contact_masked) == ("户口簿上就有", "")


def test_a_contact_is_not_shown_to_the_public(client, page):
    proof = a_proof()
    client.post(f"/proofs/{proof.pk}/object/", {"text": "户口簿上就有", "contact": "13800001234"})
    objection = Objection.objects.get()
    assert "户口簿上就有" not in page(f"/proofs/{proof.pk}/")
    who = make.user("clerk", proof.item.organ)
    actions.answer_objection(objection, answer="以后由我们查", public=True, by=who, at=NOON)
    text = page(f"/proofs/{proof.pk}/")
    assert "户口簿上就有" in text and "以后由我们查" in text and "13800001234" not in text and "138****" not in text


def test_what_is_wrong_with_an_objection_is_said_at_its_field(client):
    proof = a_proof()
    for typed, words in (({"text": ""}, "必填"), ({"text": "意见", "contact": "随便"}, "请写手机号或邮箱")):
        answer = client.post(f"/proofs/{proof.pk}/object/", typed)
        assert answer.status_code == 422 and words in answer.content.decode()
    assert not Objection.objects.exists()


def test_a_program_that_fills_in_everything_is_not_heard(client):
    proof = a_proof()
    answer = client.post(f"/proofs/{proof.pk}/object/", {"text": "买药", "website": "http://spam.example"})
    assert answer.status_code == 422 and not Objection.objects.exists()


def test_one_address_writes_only_so_often_in_an_hour(client):
    proof = a_proof()
    said = [{"text": f"意见{place}"} for place in range(AT_MOST + 1)]
    answers = [client.post(f"/proofs/{proof.pk}/object/", each).status_code for each in said]
    assert answers == [302] * AT_MOST + [429]
    other = client.post(f"/proofs/{proof.pk}/object/", {"text": "意见"}, REMOTE_ADDR="192.0.2.7")
    assert other.status_code == 302 and Objection.objects.count() == AT_MOST + 1


def test_a_commitment_form_has_every_part_the_state_council_asks_for(page):
    item = make.published_item()
    form = actions.write_commitment(
        item,
        material="无房证明",
        basis=BASIS,
        content="本市无住房",
        way="书面",
        liability="撤销决定",
        verification="可以查询登记",
        check_share=20,
        check_days=30,
        check_method="数据比对",
        check_by="住房保障科",
        by=TESTS,
        at=NOON,
    )
    assert "无房证明" in page("/proofs/")
    text = page(f"/proofs/commitments/{form.pk}/")
    for words in ("设定依据", "证明内容", "承诺方式", "不实承诺的责任", "核查权力", "抽查20%", "30个工作日"):
        assert words in text
