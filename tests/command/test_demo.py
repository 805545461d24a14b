"""`banshi demo`: the city as built."""

import json
from collections.abc import Iterator
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.test import Client, override_settings
from django.urls import reverse
from pypdf import PdfReader
from tests.factories import NOON
from tests.people.stored import columns_with

from banshi.cases.models import Application, Case
from banshi.catalog.guide.citations import cited_in
from banshi.catalog.models import Item, LifeEvent, Listing, Notice, Publication, Revision
from banshi.catalog.provenance import BESIDE_THE_GUIDE, provenance_of
from banshi.command.demo.city import build_city, is_built
from banshi.command.demo.months import build_months
from banshi.command.demo.tables import table
from banshi.command.demo.voices import issue_last_bulletin
from banshi.core.errors import Conflict
from banshi.events.models import Event
from banshi.feedback.models import Complaint, Wish
from banshi.law.queries import register_of_laws
from banshi.law.register import Force
from banshi.ledger.verification import verify
from banshi.people.demo import DEMO_PASSWORD, demo_accounts
from banshi.people.models import User
from banshi.registers.models import Agency, IntermediaryService, Power, Proposal, Purchase, Transfer
from banshi.registers.queries import comparisons
from banshi.sites.kit.permissions import permissions_of
from banshi.sites.portal.home.queries import popular
from banshi.spreadsheets.models import ImportBatch
from banshi.supervision.drawing import problems_of
from banshi.supervision.models import InspectionDraw, Irregularity, SupervisionBulletin, SupervisionOrder
from banshi.workflow.definition import workflow

DATA = Path(__file__).parents[2] / "data"
QUICK = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(scope="module")
def city(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The whole city, built once for the tests of this module and rolled back after them."""
    home = tmp_path_factory.mktemp("city")
    own = {"HOME": home, "MEDIA_ROOT": home / "files", "PASSWORD_HASHERS": QUICK}
    with django_db_blocker.unblock(), override_settings(**own), transaction.atomic():
        build_city(at=NOON)
        yield home / "files"
        transaction.set_rollback(True)


@pytest.fixture
def in_city(city: Path, db: None, settings: Any) -> None:
    """`city` before `db`, so that a test's own writes are undone first."""
    settings.MEDIA_ROOT = city


def item(name: str, organ: str = "") -> Item:
    return Item.objects.get(name=name, organ__name__contains=organ, is_example=True)


def test_all_rows_of_the_real_catalogue_are_there_as_the_districts_own(in_city: None) -> None:
    rows = Item.objects.filter(organ__division="511602")
    assert rows.count() == 599
    assert not rows.filter(is_example=True).exists()
    assert all("广安区公开的办事指南二维码清单" in item.source for item in rows)
    assert Listing.objects.filter(division="511602").count() == 599
    assert set(ImportBatch.objects.values_list("state", flat=True)) == {ImportBatch.State.APPLIED}


def test_the_real_guides_name_their_place_and_page(in_city: None) -> None:
    guides = Item.objects.filter(is_example=False).exclude(organ__division="511602").select_related("organ", "listing")
    assert guides.count() == 14
    for each in guides:
        assert not each.organ.is_example
        assert not each.organ.division_id.startswith("99")
        assert each.source.endswith("真实指南")
        for note in ("RG-", "置信", "本人知识", "疑为", "未能确认"):
            assert note not in each.source
        assert each.publications.get().approved_by == ""  # nobody here approved what a real place published


def test_a_real_guide_shows_only_what_its_page_said(in_city: None) -> None:
    records = {record["name"]: record for record in json.loads((DATA / "samples/items.json").read_text("utf-8"))}
    guides = Item.objects.filter(is_example=False).exclude(organ__division="511602")
    for item in guides:
        guide = item.publications.get().revision.guide
        seen = records[item.name]["guide"]["looked_up_fields"]
        for element, name in (
            ("conditions", "conditions"),
            ("materials", "materials"),
            ("steps", "steps"),
            ("fees", "fee"),
        ):
            assert not getattr(guide, element) or name in seen, (item.name, element)
        assert not any(each.shared or each.commitment_ok or each.basis for each in guide.materials)
        said = json.dumps(guide.model_dump(mode="json"), ensure_ascii=False)
        assert guide.level == ""  # the collector's default
        for guess in (
            "相关经办文件",
            "孤儿保障文件",
            "基本生活费标准",
            "未取得",
            "各地不一",
            "本人知识",
            "例:",
            "cross_region_scope",
        ):
            assert guess not in said, (item.name, guess)


def test_every_published_element_has_a_known_source(in_city: None) -> None:
    unknown = []
    for each in Publication.objects.select_related("item__organ", "revision").iterator(100):
        home = "composed" if each.item.is_example else "page"
        is_guide = home == "page" and each.item.organ.division_id != "511602"
        if is_guide:  # of a real guide every element is vouched for by name
            strange = {*each.revision.content, *BESIDE_THE_GUIDE} - set(each.revision.provenance)
            unknown += [(each.item.name, element, "named by nobody") for element in sorted(strange)]
        for element in (*each.revision.content, *BESIDE_THE_GUIDE):
            try:
                source = provenance_of(each.revision.provenance, element)
            except (KeyError, ValueError) as error:
                unknown.append((each.item.name, element, repr(error)))
                continue
            matched = home == "page" and element in ("kind", "category", *([] if is_guide else ["bases"]))
            if source not in ({home, "matched"} if matched else {home}):
                unknown.append((each.item.name, element, source))
        if not each.source_note:
            unknown.append((each.item.name, "no note", each.revision.provenance))
    assert not unknown, unknown[:10]


def test_nothing_published_cites_law_that_no_longer_holds_but_what_another_places_page_says(in_city: None) -> None:
    register, wrong, resolved = register_of_laws(), [], 0
    for each in Publication.objects.filter(until=None).select_related("item", "revision").iterator(100):
        for cited in cited_in(each.revision.content):
            element = cited.path.partition(".")[0]
            if provenance_of(each.revision.provenance, element) == "page" or cited.title.startswith("示例"):
                continue  # the fictional city's own paper was repealed, and its items are due for adjustment
            found = register.resolve(cited.title, cited.doc_no, cited.articles, day=NOON.date())
            resolved += found.law is not None
            if found.force in (Force.ENDED, Force.COMING) or found.missing or found.earlier:
                wrong.append((each.item.name, cited, found.force, found.missing))
    assert wrong == []
    assert resolved > 1000


def test_columns_the_collector_matched_are_told_from_the_districts_own(in_city: None) -> None:
    for each in Publication.objects.filter(item__organ__division="511602").select_related("item", "revision"):
        assert provenance_of(each.revision.provenance, "category") == "matched"
        assert "事项类别由整理者补充，不是原页文字" in each.source_note
        assert ("办理依据" in each.source_note) == bool(each.revision.guide.bases)


def test_what_belongs_to_the_example_is_marked_and_nothing_else(in_city: None) -> None:
    assert not Item.objects.filter(organ__division__code__startswith="99", is_example=False).exists()
    assert not Item.objects.exclude(organ__division__code__startswith="99").filter(is_example=True).exists()
    assert not Notice.objects.filter(is_example=False).exists()


def test_forms_of_the_city_s_own_guides_are_there_blank_and_filled_and_marked(in_city: None) -> None:
    listed = item("公共租赁住房申请").publications.get(until=None).revision.guide.materials
    form = next(each for each in listed if each.name == "公租房申请表")
    texts = []
    for number in (form.template_file, form.sample_file):
        file = Client().get(reverse("portal:file", args=[number]))
        texts.append("".join(page.extract_text() for page in PdfReader(BytesIO(b"".join(file))).pages))  # type: ignore[arg-type]
    blank, filled = texts
    assert "没有享受其他保障房" in blank and "不是任何地方的正式表格" in blank and "林小例" not in blank
    assert "林小例" in filled and "不是任何地方的正式表格" in filled


def test_over_a_hundred_full_guides_are_in_force(in_city: None) -> None:
    shown = Listing.objects.filter(is_example=True)
    assert shown.count() > 150
    assert not shown.filter(has_guide=False).exists()
    assert not Item.objects.filter(listing__in=shown, percent__lt=90).exists()


def test_items_have_a_past_and_clerks_have_work(in_city: None) -> None:
    versions = item("义务教育阶段新生入学办理", "东样县").publications.order_by("number")
    assert [v.ending for v in versions] == ["replaced", "replaced", ""]
    assert [v.revision.guide.visits for v in versions] == [2, 1, 0]
    assert item("青少年体育公益培训报名").state == "suspended"
    assert item("社会保障卡换领\uff08旧版\uff09").merged_into == item("社会保障卡补领换领")
    endings = set(Publication.objects.values_list("ending", flat=True))
    assert endings >= {"in_error", "withdrawn", "merged", "suspended", "cancelled"}
    drafts = Revision.objects.filter(state=Revision.State.DRAFT)
    assert drafts.filter(item__percent__lt=60).count() >= 5
    clerks = User.objects.filter(username__startswith="clerk-")
    assert set(drafts.values_list("author", flat=True)) >= set(clerks.values_list("pk", flat=True))


def test_city_items_claim_the_reference_catalogue_and_some_of_it_waits_to_be_claimed(in_city: None) -> None:
    claimed = item("义务教育阶段新生入学办理", "东样县").reference
    assert claimed is not None
    assert claimed == item("义务教育阶段新生入学办理", "西样县").reference
    assert Item.objects.filter(is_example=True, reference=None).exclude(code="").exists()
    assert type(claimed).objects.filter(items=None, is_example=True).exists()


def test_every_account_can_sign_in_and_says_who_it_is(in_city: None) -> None:
    accounts = list(demo_accounts())
    assert len(accounts) == len(table("demo/users.csv"))
    assert accounts[0].check_password(DEMO_PASSWORD)
    assert len({account.password for account in accounts}) == 1
    staff = [account for account in accounts if account.posts.exists()]
    assert len(staff) == 33
    assert all(permissions_of(account) for account in staff)
    assert {account.identity.opened("name") for account in accounts if account not in staff} == {
        "林小例",
        "例光科技有限公司",
    }


def test_no_column_of_the_city_shows_its_citizens_name(in_city: None) -> None:
    assert columns_with("林小例") == set()


def test_each_life_event_leads_to_things_of_the_city_only(in_city: None) -> None:
    events = LifeEvent.objects.prefetch_related("items__organ")
    assert events.count() == 19
    for event in events:
        assert event.items.count() >= 3
        assert all(each.is_example for each in event.items.all())


def test_the_home_page_has_what_people_looked_at_this_month(in_city: None) -> None:
    people, companies = (popular(on=NOON.date(), audience=each) for each in ("person", "company"))
    assert len(people) == len(companies) == 6
    assert all(each.is_example for each in (*people, *companies))
    assert all(each.for_company for each in companies)


def test_the_ledger_of_the_city_holds_and_runs_forward(in_city: None) -> None:
    assert verify().holds
    assert is_built()


def test_a_city_is_not_built_over_other_data(in_city: None) -> None:
    with pytest.raises(Conflict):
        build_city(at=NOON + timedelta(days=1))


def test_the_registers_hold_examples_only_and_something_of_every_state(in_city: None) -> None:
    kinds = (Agency, IntermediaryService, Power, Purchase, Transfer)
    assert not [kind for kind in kinds if kind.objects.filter(is_example=False).exists()]
    assert all(kind.objects.exists() for kind in kinds)
    assert set(Proposal.objects.values_list("state", flat=True)) == {"open", "declined"}
    assert set(Transfer.objects.values_list("state", flat=True)) == {"proposed", "agreed", "transferred"}
    flagged = {each.item.organ.name: [e.name for e in each.flagged] for each in comparisons(_claimed())}
    assert flagged == {"东样县教育局": ["summary", "promised_limit"], "西样县教育局": ["promised_limit"]}


def _claimed() -> list[Item]:
    return list(Item.objects.filter(claim__isnull=False).select_related("organ").order_by("pk"))


def test_citizens_have_cases_in_every_state_and_a_draft(in_city: None) -> None:
    assert set(Case.objects.values_list("state", flat=True)) == set(workflow("case").states)
    assert Application.objects.filter(submitted_at=None, discarded_at=None).exists()
    assert not Case.objects.filter(is_example=False).exists()


def test_the_months_before_have_something_for_every_board(in_city: None) -> None:
    build_months(cases=180, at=NOON)
    past = Complaint.objects.filter(state="closed", text__contains="办", received_at__lt=NOON - timedelta(days=45))
    assert past.count() >= 3 and past.filter(answered_at__isnull=False).count() == past.count()
    assert Complaint.objects.filter(transfers=2).count() >= 2
    assert set(Wish.objects.values_list("state", flat=True)) >= {"existing", "not_now", "adopted", "not_ours", "open"}
    closed = SupervisionOrder.objects.filter(irregularity__state="closed")
    assert closed.exists() and SupervisionOrder.objects.filter(irregularity__state="answered").count() == 1
    assert (
        not Complaint.objects.filter(is_example=False).exists() and not Wish.objects.filter(is_example=False).exists()
    )
    assert not Event.objects.filter(at__gt=NOON).exists(), "nothing of the months before lies in the future"
    late = Irregularity.objects.filter(state="found", level="red").select_related("organ__superior")
    levels = {each.organ for each in late} | {each.organ.superior for each in late if each.organ.superior}
    office = User.objects.get(username="supervisor").posts.get().organ
    silent = [organ.name for organ in levels - {office} if not organ.posts.filter(role="head").exists()]
    assert silent == [], "somebody can answer each order, and the one above it"
    done, waiting = InspectionDraw.objects.order_by("pk")
    assert done.told and problems_of(done.told) == [] and waiting.drawn_at is None and waiting.parties.exists()
    assert {each.faulty for each in done.inspections.all()} == {True, False}
    assert done.inspections.get(faulty=True).righted_at
    for _ in range(2):
        issue_last_bulletin(at=NOON)
    assert SupervisionBulletin.objects.get().figures["totals"]["decided"] > 5, "counted before it was issued"
    assert verify().holds
