"""A guide with something in every kind of element, and forms as a browser submits them."""

from typing import Any

from banshi.catalog.enums import Audience, CollectWay, CopyKind, MaterialSource, StepKind, TimeUnit
from banshi.catalog.guide.document import Basis, Condition, Contact, Faq, Guide, Material, Place, Step, TimeLimit
from banshi.sites.workbench.editor.form_data import FormData, FormRow

FULL = Guide(
    name="老年优待证办理",
    aliases=["敬老卡", "老年证"],
    summary="为60岁以上老人办理优待证。\n凭证免费乘车。",
    undertaker="老龄科",
    audience=[Audience.PERSON],
    government_purchase=False,
    conditions=[Condition(text="年满60周岁"), Condition(text="户籍在本市")],
    bases=[Basis(title="中华人民共和国老年人权益保障法", articles="第五十三条")],
    materials=[
        Material(
            name="居民身份证",
            copy_kind=CopyKind.ORIGINAL,
            copies=1,
            source=MaterialSource.GOVERNMENT,
            collect_ways=[CollectWay.PAPER, CollectWay.SCAN],
        ),
        Material(name="近期免冠照片", copies=2, shared=False, commitment_ok=True),
    ],
    steps=[
        Step(name="申请", kind=StepKind.APPLY, limit=TimeLimit(immediate=True)),
        Step(name="审核", actor="窗口人员", limit=TimeLimit(value=1, unit=TimeUnit.WORKING_DAY)),
    ],
    promised_limit=TimeLimit(value=3),
    charged=False,
    online=True,
    visits=1,
    places=[Place(name="示例市政务服务中心", address="一楼3号窗口", hours="工作日 9:00—17:00")],
    consult=Contact(phone="010-12345678"),
    complaint=Contact(phone="010-87654321"),
    faqs=[Faq(question="能代办吗？", answer="可以，带上双方身份证。")],
)


def posted(typed: FormData, prefix: str = "") -> dict[str, Any]:
    """The names and values a browser would send for this form."""
    data: dict[str, Any] = {}
    for name, value in typed.items():
        if isinstance(value, dict):
            data |= posted(value, f"{prefix}{name}.")
        elif isinstance(value, list) and value and isinstance(value[0], FormRow):
            data[f"{prefix}{name}.-rows"] = [row.token for row in value]
            for row in value:
                data |= posted(row.values, f"{prefix}{name}.{row.token}.")
        else:
            data[f"{prefix}{name}"] = value
    return data
