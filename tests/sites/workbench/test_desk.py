"""审核台: queue, one item, opinions, summing up, bulk, groups, experts: as reviewer, colleague, stranger and nobody."""

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from tests import factories as make
from tests.factories import NOON, TESTS, campaigns

from banshi.campaigns import actions
from banshi.campaigns.enums import Verdict
from banshi.campaigns.models import Entry, Invitation, Participation, Review
from banshi.catalog.actions import save_draft
from banshi.core.clock import now
from banshi.law.models import Article, Law, LawVersion
from banshi.people.models import Division, User

pytestmark = pytest.mark.django_db
QUEUE = 23
ONE = 32


def next_county() -> Division:
    return make.division("990203", "邻县")


def client_of(who: User) -> Client:
    client = Client()
    client.force_login(who, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def url(name: str, *args: Any) -> str:
    return reverse(f"workbench:{name}", args=args)


@pytest.fixture
def unit() -> Participation:
    made = campaigns.opened("two-rounds", items=3, division=make.division("9901", "示例市", 3))
    campaigns.at_desk(made.campaign)
    return made


@pytest.fixture
def entries(unit: Participation) -> list[Entry]:
    return campaigns.reported(unit)


@pytest.fixture
def reviewer(entries: list[Entry]) -> User:
    return campaigns.reviewer_of(campaigns.lead_of(entries[0]))


@pytest.fixture
def client(reviewer: User) -> Client:
    return client_of(reviewer)


def of_lead(entry: Entry) -> Review:
    return entry.reviews.get(body__code=entry.lead, round=entry.round)


def typed(review: Review, verdict: str = Verdict.AGREE, **different: str) -> dict[str, str]:
    asked = review.entry.campaign.plan.criteria_of(review.body.planned)
    told = {f"answer-{each.code}": "no" if each.code in different else "yes" for each in asked}
    told |= {f"text-{code}": text for code, text in different.items()}
    text = review.entry.text
    digest = text.digest if text else ""
    return {**told, "verdict": verdict, "disposition": "keep", "review": str(review.pk), "digest": digest}


class TestQueue:
    def test_it_lists_what_the_body_has_to_review_and_only_to_its_people(
        self, client: Client, entries: list[Entry]
    ) -> None:
        name = entries[0].item.name
        assert name in client.get(url("desk")).content.decode()
        assert name not in client_of(make.user("reviewer", make.organ())).get(url("desk")).content.decode()
        assert client_of(make.user("clerk", entries[0].participation.organ)).get(url("desk")).status_code == 403
        assert Client().get(url("desk")).status_code == 302

    @pytest.mark.parametrize("items", [1, 3])
    def test_its_questions_do_not_grow_with_its_rows(self, items: int) -> None:
        unit = campaigns.opened("two-rounds", items=items, division=make.division("9901", "示例市", 3))
        campaigns.at_desk(unit.campaign)
        [entry, *_] = campaigns.reported(unit)
        client = client_of(campaigns.reviewer_of(campaigns.lead_of(entry)))
        client.get(url("desk"))
        with CaptureQueriesContext(connection) as asked:
            assert client.get(url("desk")).content.decode().count("<tr data-row>") == items
        assert len(asked) == QUEUE, "\n".join(query["sql"][:160] for query in asked.captured_queries)

    def test_filters_stand_in_the_address(self, client: Client, entries: list[Entry], reviewer: User) -> None:
        actions.claim_review(of_lead(entries[1]), by=reviewer, at=now())

        def rows(**asked: Any) -> int:
            return client.get(url("desk"), asked).content.decode().count("<tr data-row>")

        assert (
            rows() == rows(round="1") == rows(disposition="keep") == rows(level="3") == rows(category="education") == 3
        )
        assert rows(findings="unknown") == 3
        assert rows(findings="must") == rows(findings="none") == rows(findings="any") == 0
        assert rows(round="2") == rows(disposition="cancel") == rows(level="5") == rows(unit="别的局") == 0
        assert rows(claimed="mine") == 1 and rows(claimed="free") == 2 and rows(claimed="others") == 0
        assert rows(q=entries[0].item.name) == 1 and rows(unit=entries[0].participation.organ.name) == 3
        assert rows(show="given") == rows(show="sum") == rows(show="agreed") == 0

    def test_pages_lead_through_everything_once_and_back(self, monkeypatch: Any, client: Client, entries: Any) -> None:
        monkeypatch.setattr("banshi.sites.workbench.desk.views.PAGE", 2)
        first = client.get(url("desk")).content.decode()
        onward = re.search(r'href="\?([^"]+)" rel="next"', first)
        assert onward
        second = client.get(url("desk") + "?" + onward[1].replace("&amp;", "&")).content.decode()
        assert (first.count("<tr data-row>"), second.count("<tr data-row>")) == (2, 1)
        back = re.search(r'href="\?([^"]+)" rel="prev"', second)
        assert back
        assert entries[0].item.name in client.get(url("desk") + "?" + back[1].replace("&amp;", "&")).content.decode()

    def test_another_campaign_is_not_there(self, client: Client) -> None:
        assert client.get(url("desk"), {"campaign": campaigns.campaign(division=next_county()).guid}).status_code == 404


class TestItem:
    def test_it_shows_words_that_went_and_came_law_and_the_same_elsewhere(
        self, unit: Participation, monkeypatch: Any
    ) -> None:
        law = Law.objects.create(title="中华人民共和国义务教育法", rank="law")
        Article.objects.create(version=LawVersion.objects.create(law=law), number="第十一条", text="凡年满六周岁的儿童")
        item = unit.entries.order_by("id")[0].item
        elsewhere = make.publication(of=make.item(make.organ("邻县教育局"), make.guide(item.name, visits=0))).item
        draft = make.draft(item)
        new = draft.guide.model_copy(update={"summary": "为适龄儿童报名上公办小学"})
        save_draft(draft, guide=new, stamp=draft.stamp, by=TESTS, at=make.NOON)
        [entry, *_] = campaigns.reported(unit)
        client = client_of(campaigns.reviewer_of(campaigns.lead_of(entry)))
        text = client.get(url("desk-entry", entry.guid)).content.decode()
        assert '<ins class="diff">公办</ins>' in text and "有1处不同" in text
        assert "凡年满六周岁的儿童" in text
        assert str(elsewhere.organ) in text and "同一事项" in text
        assert "ins class" not in client.get(url("desk-entry", entry.guid), {"against": "none"}).content.decode()

    def test_in_the_second_round_it_is_compared_with_the_first(self, unit: Participation, entries: list[Entry]) -> None:
        entry = campaigns.summed_up(campaigns.judged(entries[0], Verdict.CHANGE), "return", "名称改短")
        draft = make.draft(entry.item)
        new = draft.guide.model_copy(update={"summary": "改短了"})
        save_draft(draft, guide=new, stamp=draft.stamp, by=TESTS, at=make.NOON)
        actions.sign_report(unit, by=campaigns.head_of(unit.organ), at=now())
        entry.refresh_from_db()
        client = client_of(campaigns.reviewer_of(campaigns.lead_of(entry)))
        text = client.get(url("desk-entry", entry.guid)).content.decode()
        assert "对比上一轮" in text and "改短了" in text and "第2轮" in text
        assert "名称改短" in text, "what was asked for the round before stands beside"

    def test_it_is_there_for_its_reviewers_only(self, client: Client, entries: list[Entry]) -> None:
        address = url("desk-entry", entries[0].guid)
        assert client.get(address).status_code == 200
        assert client_of(make.user("reviewer", make.organ())).get(address).status_code == 404
        assert client_of(make.user("head", entries[0].participation.organ)).get(address).status_code == 403

    def test_what_the_unit_said_of_items_it_has_not_is_read_beside(self, client: Client, entries: list[Entry]) -> None:
        unit, reference = entries[0].participation, make.reference()
        actions.explain_absence(unit, reference=reference, reason="由市级统一办理", by=TESTS, at=make.NOON)
        text = client.get(url("desk-entry", entries[0].guid)).content.decode()
        assert reference.name in text and "由市级统一办理" in text
        more = f"{url('campaign-explanations', entries[0].campaign.guid)}?unit={unit.pk}"
        assert more in text and "由市级统一办理" in client.get(more).content.decode()

    def test_its_questions_are_counted(self, client: Client, entries: list[Entry]) -> None:
        address = url("desk-entry", entries[0].guid)
        client.get(address)
        with CaptureQueriesContext(connection) as asked:
            client.get(address)
        assert len(asked) == ONE, "\n".join(query["sql"][:160] for query in asked.captured_queries)

    def test_opening_it_tells_others_who_looks(self, client: Client, entries: list[Entry], reviewer: User) -> None:
        part = client.post(url("desk-claim", entries[0].guid), headers={"HX-Request": "true"})
        assert "您在看这一项" in part.content.decode()
        colleague = client_of(make.user("reviewer", campaigns.lead_of(entries[0]).organ))
        text = colleague.get(url("desk-entry", entries[0].guid)).content.decode()
        assert f"{reviewer}正在看这一项" in text and "提出意见，看下一项" not in text
        assert colleague.post(url("desk-claim", entries[0].guid)).status_code == 409
        client.post(url("desk-release", entries[0].guid))
        assert colleague.post(url("desk-claim", entries[0].guid)).status_code == 302


class TestGiving:
    def test_an_opinion_is_given_and_the_next_item_comes(self, client: Client, entries: list[Entry]) -> None:
        review = of_lead(entries[0])
        done = client.post(url("desk-give", entries[0].guid), typed(review), follow=True)
        assert done.redirect_chain[0][0] == url("desk-entry", entries[1].guid)
        text = done.content.decode()
        assert "提出意见：同意" in text and "还有2项待审" in text
        review.refresh_from_db()
        assert (review.verdict, review.opinions.count()) == ("agree", 6)

    def test_what_is_missing_is_said_and_what_was_typed_stays(self, client: Client, entries: list[Entry]) -> None:
        review = of_lead(entries[0])
        sent = typed(review, Verdict.CHANGE, lawful="缺少法律依据")
        del sent["answer-process"]
        refused = client.post(url("desk-give", entries[0].guid), sent)
        text = refused.content.decode()
        assert refused.status_code == 422
        assert "请就“手续流程”提出意见" in text and "缺少法律依据" in text
        review.refresh_from_db()
        assert not review.verdict

    def test_sent_twice_it_is_given_once(self, client: Client, entries: list[Entry]) -> None:
        sent = typed(of_lead(entries[0]))
        client.post(url("desk-give", entries[0].guid), sent)
        again = client.post(url("desk-give", entries[0].guid), sent)
        assert again.status_code == 409 and "提过意见" in again.content.decode()

    def test_on_a_text_reported_anew_meanwhile_it_is_refused(self, client: Client, entries: list[Entry]) -> None:
        sent = {**typed(of_lead(entries[0])), "digest": "0" * 64}
        assert client.post(url("desk-give", entries[0].guid), sent).status_code == 409

    def test_other_opinions_come_into_sight_after_ones_own(self, client: Client, entries: list[Entry]) -> None:
        other = entries[0].reviews.exclude(body__code="lead")[0]
        campaigns.give(other, Verdict.CHANGE, process="环节太多")
        address = url("desk-entry", entries[0].guid)
        assert "环节太多" not in client.get(address).content.decode()
        client.post(url("desk-give", entries[0].guid), typed(of_lead(entries[0])))
        assert "环节太多" in client.get(address).content.decode()


class TestConcluding:
    def test_the_list_is_filled_from_the_bodies_reasons_and_goes_back_as_one(
        self, client: Client, entries: list[Entry]
    ) -> None:
        entry = entries[0]
        campaigns.give(entry.reviews.exclude(body__code="lead")[0], Verdict.CHANGE, process="环节太多")
        campaigns.give(of_lead(entry), Verdict.CHANGE, lawful="缺少法律依据")
        address = url("desk-entry", entry.guid)
        proposed = client.get(address).content.decode()
        assert "环节太多（" in proposed and "缺少法律依据（" in proposed
        sent = {
            "conclusion": "return",
            "disposition": "change",
            "asks": "环节减到三个\n补上依据",
            "digest": entry.text.digest,
        }  # type: ignore[union-attr]
        done = client.post(url("desk-conclude", entry.guid), sent, follow=True)
        assert "已汇总：退回修改" in done.content.decode()
        entry.refresh_from_db()
        assert (entry.state, entry.summings.get().asks) == ("returned", ["环节减到三个", "补上依据"])

    def test_nothing_to_sum_up_before_ones_own_opinion(self, client: Client, entries: list[Entry]) -> None:
        assert "汇总，看下一项" not in client.get(url("desk-entry", entries[0].guid)).content.decode()

    def test_a_return_without_a_list_is_refused_with_the_reason(self, client: Client, entries: list[Entry]) -> None:
        entry = campaigns.judged(entries[0])
        sent = {"conclusion": "return", "disposition": "keep", "asks": " ", "digest": entry.text.digest}  # type: ignore[union-attr]
        refused = client.post(url("desk-conclude", entry.guid), sent)
        assert refused.status_code == 422 and "一次说全" in refused.content.decode()

    def test_who_does_not_lead_does_not_conclude(self, entries: list[Entry]) -> None:
        entry = campaigns.judged(entries[0])
        joint = client_of(campaigns.reviewer_of(entry.reviews.exclude(body__code="lead")[0].body))
        sent = {"conclusion": "pass", "disposition": "keep", "digest": entry.text.digest}  # type: ignore[union-attr]
        assert joint.post(url("desk-conclude", entry.guid), sent).status_code == 403

    def test_what_has_passed_is_opened_again_with_a_reason(self, client: Client, entries: list[Entry]) -> None:
        entry = campaigns.summed_up(campaigns.judged(entries[0]))
        text = client.get(url("desk-entry", entry.guid)).content.decode()
        assert "重新打开" in text
        assert 'name="reopen" value="1"' in text
        sent = {"conclusion": "return", "disposition": "keep", "asks": "公示有意见", "digest": entry.text.digest}  # type: ignore[union-attr]
        assert client.post(url("desk-conclude", entry.guid), sent).status_code == 409
        sent["reopen"] = "1"
        client.post(url("desk-conclude", entry.guid), sent)
        entry.refresh_from_db()
        assert entry.state == "returned"


class TestBulk:
    def test_it_shows_what_and_how_many_and_leaves_out_what_is_not_safe(self, unit: Participation) -> None:
        ended = unit.entries.order_by("id")[0]
        actions.set_disposition([ended], disposition="cancel", note="已无此职能", by=TESTS, at=make.NOON)
        entries = campaigns.reported(unit)
        client = client_of(campaigns.reviewer_of(campaigns.lead_of(entries[0])))
        chosen = [of_lead(each).pk for each in entries]
        asked = client.post(url("desk-agree"), {"review": chosen}).content.decode()
        assert "将对2项代表本单位同意" in asked and "另有1项要逐项审" in asked
        assert not Review.objects.exclude(verdict="").exists()
        seen = re.findall(r'name="seen" value="([^"]+)"', asked)
        client.post(url("desk-agree"), {"seen": seen, "confirmed": "1"})
        assert Review.objects.filter(verdict="agree", body__code="lead").count() == 2

    def test_with_a_text_that_changed_meanwhile_nothing_is_agreed_to(
        self, client: Client, entries: list[Entry]
    ) -> None:
        seen = [f"{of_lead(each).pk}:{'0' * 64}" for each in entries]
        assert client.post(url("desk-agree"), {"seen": seen, "confirmed": "1"}).status_code == 409
        assert not Review.objects.exclude(verdict="").exists()

    def test_what_all_agree_on_passes_at_once(self, client: Client, entries: list[Entry]) -> None:
        for each in entries[:2]:
            campaigns.judged(each)
        asked = client.post(url("desk-pass"), {"review": [of_lead(each).pk for each in entries]}).content.decode()
        assert "将对2项汇总为审核通过" in asked and "还有单位没提意见" in asked
        seen = re.findall(r'name="seen" value="([^"]+)"', asked)
        client.post(url("desk-pass"), {"seen": seen, "confirmed": "1"})
        assert Entry.objects.filter(state="agreed").count() == 2

    def test_what_lies_on_another_desk_is_not_taken(self, entries: list[Entry]) -> None:
        stranger = client_of(make.user("reviewer", campaigns.campaign(division=next_county()).bodies.all()[0].organ))
        campaign = entries[0].campaign
        sent = {"campaign": campaign.guid, "seen": [f"{of_lead(entries[0]).pk}:x"], "confirmed": "1"}
        assert stranger.post(url("desk-agree"), sent).status_code == 404


def test_a_conflict_declared_takes_the_units_items_off_the_desk(client: Client, entries: list[Entry]) -> None:
    address = url("desk-recuse", entries[0].guid)
    assert "不再审核" in client.get(address).content.decode()
    assert client.post(address, {"reason": ""}).status_code == 422
    assert "已记下回避" in client.post(address, {"reason": "亲属"}, follow=True).content.decode()
    assert client.get(url("desk-entry", entries[0].guid)).status_code == 404


class TestGroups:
    def test_the_lead_forms_and_dissolves_them(self, client: Client, entries: list[Entry], reviewer: User) -> None:
        body = campaigns.lead_of(entries[0])
        sent = {"label": "西片", "division_prefix": "9902", "members": [reviewer.pk]}
        assert "西片" in client.post(url("desk-group-new", body.pk), sent, follow=True).content.decode()
        assert client.get(url("desk")).content.decode().count("<tr data-row>") == 0
        group = body.groups.get()
        assert "不再分组" in client.get(url("desk-group-dissolve", group.pk)).content.decode()
        client.post(url("desk-group-dissolve", group.pk))
        assert client.get(url("desk")).content.decode().count("<tr data-row>") == 3

    def test_only_the_lead_and_the_organizer_arrange_them(self, entries: list[Entry]) -> None:
        campaign, body = entries[0].campaign, campaigns.lead_of(entries[0])
        joint = client_of(campaigns.reviewer_of(entries[0].reviews.exclude(body__code="lead")[0].body))
        assert joint.get(url("desk-groups")).status_code == 403
        assert joint.get(url("desk-group-new", body.pk)).status_code == 404
        organizer = client_of(make.user("organizer", campaign.organ))
        assert organizer.get(url("desk-groups"), {"campaign": campaign.guid}).status_code == 200

    def test_members_come_from_the_body(self, client: Client, entries: list[Entry]) -> None:
        body = campaigns.lead_of(entries[0])
        sent = {"label": "组", "members": [make.user("reviewer", make.organ()).pk]}
        assert client.post(url("desk-group-new", body.pk), sent).status_code == 422


class TestExperts:
    @pytest.fixture
    def agreed(self, entries: list[Entry]) -> list[Entry]:
        return [campaigns.summed_up(campaigns.judged(each)) for each in entries]

    def test_agreed_items_go_to_the_legal_office(self, client: Client, agreed: list[Entry]) -> None:
        legal = agreed[0].campaign.bodies.get(code="legal")
        chosen = [of_lead(each).pk for each in agreed[:2]]
        asked = client.post(url("desk-send"), {"review": chosen}).content.decode()
        assert "这2项送给谁" in asked
        named = re.findall(r'name="entry" value="(\d+)"', asked)
        done = client.post(url("desk-send"), {"entry": named, "to": f"body:{legal.pk}"}, follow=True)
        assert "已把2项送到" in done.content.decode()
        lawyer = client_of(campaigns.reviewer_of(legal))
        assert lawyer.get(url("desk")).content.decode().count("<tr data-row>") == 2
        review = legal.reviews.all()[0]
        lawyer.post(url("desk-give", review.entry.guid), typed(review))
        review.refresh_from_db()
        assert review.verdict == "agree"

    def test_an_invitation_shows_its_link_once_and_can_be_withdrawn(self, client: Client, agreed: list[Entry]) -> None:
        legal = agreed[0].campaign.bodies.get(code="legal")
        sent = {"entry": [agreed[0].pk], "to": f"new:{legal.pk}", "inviting": "1", "name": "钱教授"}
        assert client.post(url("desk-send"), {**sent, "until": "2020-01-01"}).status_code == 422
        told = client.post(url("desk-send"), {**sent, "until": "2099-01-01", "phone": "13800000000"})
        link = re.search(r"http://testserver(/expert/[\w-]+/)", told.content.decode())
        assert link and "只在这里显示这一次" in told.content.decode()
        listed = client.get(url("desk-experts")).content.decode()
        assert "钱教授" in listed and link[1] not in listed and "13800000000" not in listed
        assert Client().get(link[1]).status_code == 200
        invitation = Invitation.objects.get()
        assert "13800000000" in client.post(url("desk-expert-phone", invitation.pk)).content.decode()
        client.post(url("desk-expert-withdraw", invitation.pk), {"reason": "另请他人"})
        assert Client().get(link[1]).status_code == 404

    def test_others_arrange_nothing(self, agreed: list[Entry]) -> None:
        joint = client_of(campaigns.reviewer_of(agreed[0].reviews.exclude(body__code="lead")[0].body))
        assert joint.get(url("desk-experts")).status_code == 403
        assert joint.post(url("desk-send"), {"entry": [agreed[0].pk]}).status_code == 403


class TestBulkLeavesToACloserLook:
    def test_what_is_new(self) -> None:
        unit = campaigns.opened(items=1)
        make.item(unit.organ, make.guide("新列入的事项"))
        actions.gather_items(unit, by=TESTS, at=NOON)
        campaigns.at_desk(unit.campaign)
        entries = campaigns.reported(campaigns.handed_in(unit))
        client = client_of(campaigns.reviewer_of(campaigns.lead_of(entries[0])))
        sent = {"campaign": unit.campaign.guid, "review": [of_lead(each).pk for each in entries]}
        told = client.post(url("desk-agree"), sent).content.decode()
        assert "将对1项代表本单位同意" in told
        assert "新增的事项，没有以前的可比，请逐项审" in told

    def test_much_changed_and_never_opened(self, monkeypatch: Any) -> None:
        monkeypatch.setattr("banshi.sites.workbench.desk.bulk.BIG", -1)
        unit = campaigns.opened(items=1)
        campaigns.at_desk(unit.campaign)
        [entry] = campaigns.reported(unit)
        reviewer = campaigns.reviewer_of(campaigns.lead_of(entry))
        sent = {"campaign": unit.campaign.guid, "review": [of_lead(entry).pk]}
        assert "还没有打开看过" in client_of(reviewer).post(url("desk-agree"), sent).content.decode()
        actions.claim_review(of_lead(entry), by=reviewer, at=now())
        assert "将对1项代表本单位同意" in client_of(reviewer).post(url("desk-agree"), sent).content.decode()
