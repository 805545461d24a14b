"""A small town in which a couple has a child: four offices, one bundle, everything through the real actions."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from banshi.bundles.actions import publish_bundle, save_bundle_answers, start_bundle
from banshi.bundles.definition import BundleDefinition
from banshi.bundles.models import BundleMaterial, BundlePart, BundleSubmission, BundleVersion
from banshi.bundles.queries import reading_of
from banshi.cases.actions import accept, decide
from banshi.cases.models import Case
from banshi.catalog.enums import ItemKind, StepKind
from banshi.catalog.guide.document import DeclaredField, Guide, Material, Step, TimeLimit
from banshi.catalog.models import Item
from banshi.core.models import StoredFile
from banshi.forms import FieldKind
from banshi.people.models import Organ, User
from tests import factories as make
from tests.cases.hall import LONG_AGO, calendars, moment

MONDAY = moment("03-02")
MOTHER = "530102199003071211"
NAME = DeclaredField(label="孩子的姓名", key="newborn_name")
BORN = DeclaredField(label="孩子的出生日期", key="born_on", kind=FieldKind.DATE)
ID_CARD = Material(name="居民身份证")
BIRTH = Material(name="出生医学证明", shared=True, shared_from="卫生健康部门")
CODES = {"birth": "990023001000", "hukou": "990009003000", "insurance": "990036001000", "allowance": "990036006000"}
ANSWERS = {
    "ask_insured": "交了",
    "applicant_name": "王小美",
    "applicant_number": MOTHER,
    "phone": "13800138000",
    "birth__newborn_name": "王小宝",
    "birth__born_on": "2026-02-20",
    "allowance__employer": "示例纺织厂",
}


def a_guide(name: str, **more: Any) -> Guide:
    steps = [Step(name="受理", kind=StepKind.ACCEPT), Step(name="决定", kind=StepKind.DECIDE)]
    filled = {
        "steps": steps,
        "promised_limit": TimeLimit(value=5),
        "statutory_limit": TimeLimit(value=20),
        "conditions": [],
    }
    return make.guide(name, **{**filled, **more})


def guides() -> dict[str, Guide]:
    return {
        "birth": a_guide("出生证签发", form_fields=[NAME, BORN], materials=[ID_CARD, Material(name="签发登记表")]),
        "hukou": a_guide(
            "出生登记", form_fields=[NAME, BORN], materials=[BIRTH, Material(name="居民身份证原件及复印件")]
        ),
        "insurance": a_guide(
            "医保参保",
            form_fields=[DeclaredField(label="参保人姓名", key="insured_name")],
            materials=[Material(name="身份证")],
        ),
        "allowance": a_guide(
            "生育津贴",
            form_fields=[DeclaredField(label="工作单位", key="employer"), BORN],
            materials=[Material(name="社会保障卡或身份证"), BIRTH],
            promised_limit=TimeLimit(value=10),
        ),
    }


def a_definition(**more: Any) -> BundleDefinition:
    names = {"birth": "出生证签发", "hukou": "出生登记", "insurance": "医保参保", "allowance": "生育津贴"}
    needs = {
        "hukou": [{"part": "birth", "material": "出生医学证明"}],
        "insurance": [{"part": "hukou", "reason": "要身份证号"}],
        "allowance": [],
    }
    whens = {"allowance": {"question": "insured", "values": ["交了"]}}
    filled: dict[str, Any] = {
        "code": "newborn",
        "name": "新生儿出生",
        "questions": [{"key": "insured", "label": "单位交了生育保险吗", "choices": ["交了", "没有交"]}],
        "parts": [
            {"key": key, "item": CODES[key], "name": name, "needs": needs.get(key, []), "when": whens.get(key)}
            for key, name in names.items()
        ],
        "same": [
            {"label": "孩子的姓名", "fields": ["birth.newborn_name", "hukou.newborn_name", "insurance.insured_name"]}
        ],
    }
    return BundleDefinition.model_validate({**filled, **more})


@dataclass
class Family:
    mother: User
    organs: dict[str, Organ]
    items: dict[str, Item]
    version: BundleVersion

    def window(self, key: str) -> User:
        return make.user("window", self.organs[key])

    def head(self, key: str) -> User:
        return make.user("head", self.organs[key])


def family(definition: BundleDefinition | None = None) -> Family:
    calendars()
    organs, items = {}, {}
    for key, text in guides().items():
        organs[key] = make.organ(f"示例县{text.name}的单位")
        item = make.item(organs[key], text, kind=ItemKind.SERVICE, reference=make.reference(text.name, CODES[key]))
        items[key] = make.publication(item, at=LONG_AGO).item
    version = publish_bundle(definition or a_definition(), by=make.TESTS, at=LONG_AGO)
    return Family(make.user(full_name="王小美"), organs, items, version)


def filled(of: Family, at: datetime = MONDAY, **answers: Any) -> BundleSubmission:
    """A draft with every question answered and every paper handed in."""
    submission = start_bundle(of.version, by=of.mother, at=at)
    submission = save_bundle_answers(submission, {**ANSWERS, **answers}, by=of.mother, at=at)
    for each in reading_of(submission).materials.asked:
        stored = StoredFile.objects.create(
            name=f"{each.proof}.pdf", media_type="application/pdf", digest=each.slug * 4, size=1, purpose="bundle",
            uploaded_at=at, uploaded_by=of.mother.ledger_id,
        )  # fmt: skip
        BundleMaterial.objects.create(submission=submission, proof=each.proof, file=stored, attached_at=at)
    return submission


def part(submission: BundleSubmission, key: str) -> BundlePart:
    return BundlePart.objects.select_related("application__case", "item").get(submission=submission, key=key)


def case_of(submission: BundleSubmission, key: str) -> Case:
    return Case.objects.get(application__bundle_part__submission=submission, application__bundle_part__key=key)


def decided(of: Family, submission: BundleSubmission, key: str, at: datetime, *, granted: bool = True) -> Case:
    case = accept(case_of(submission, key), by=of.window(key), at=at)
    decide(case, granted=granted, words="" if granted else "材料不实", by=of.head(key), at=at)
    return case_of(submission, key)
