"""Blank forms and filled samples of the demonstration's own guides, composed from what each guide asks."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from io import BytesIO

from banshi.catalog.enums import MaterialType
from banshi.catalog.guide.document import Guide, Material
from banshi.catalog.guide.files import PURPOSE
from banshi.catalog.guide.form import form_of
from banshi.documents import pdf
from banshi.files import keep
from banshi.forms import FieldKind, FormField, visible
from banshi.forms.fields import groups
from banshi.forms.standard import AS, COLLECTED, REACHED, STATEMENT, WHO
from banshi.ledger import Actor
from banshi.people.models import Organ

NOTE = "为演示编写，不是任何地方的正式表格"
WRITTEN_FREELY = ("合同", "报告", "申报书")
"""Papers one composes oneself, for which no office has a form."""
OF_AN_AGENT = "委托书"
SAMPLES = {
    FieldKind.NUMBER: "2",
    FieldKind.MONEY: "3600",
    FieldKind.DATE: "2026年3月2日",
    FieldKind.PHONE: "138××××0000",
    FieldKind.ID_NUMBER: "530102××××××××1234",
    FieldKind.CREDIT_CODE: "91530100××××××××1X",
    FieldKind.ADDRESS: "示例市城关区示例路1号2栋301室",
    FieldKind.EMAIL: "lin@example.com",
    FieldKind.LONG_TEXT: "照实写清楚：什么时候、什么情况、要办什么。",
}
PARTS = {WHO: "申请人", REACHED: "联系方式", COLLECTED: "领取结果"}
"""Titles on paper of the pages all forms have."""
NAMED = {"applicant_name": "林小例", "company_name": "示例市某某有限公司", "agent_name": "陈示例"}


@dataclass(frozen=True, slots=True)
class WrittenRow:
    """A label with room for its answer, or with the answer of the sample."""

    label: str
    answer: str = ""
    choices: tuple[str, ...] = ()
    lines: int = 1


def with_blank_forms(guide: Guide, organ: Organ, *, by: Actor, at: datetime) -> Guide:
    """Return the guide with a blank form and a filled sample beside each material that is a form."""
    materials = [
        _with_forms(each, guide, organ, by=by, at=at)
        if each.type == MaterialType.FORM and not each.name.endswith(WRITTEN_FREELY)
        else each
        for each in guide.materials
    ]
    return guide.model_copy(update={"materials": materials})


def _with_forms(material: Material, guide: Guide, organ: Organ, *, by: Actor, at: datetime) -> Material:
    stored = {}
    for element, filled, suffix in (("template_file", False, "空白"), ("sample_file", True, "填写示例")):
        made = pdf.render("form", {"form": _form(material, guide, organ, filled=filled)}, made=at.date())
        name = f"{material.name}（{suffix}）.pdf"
        stored[element] = str(keep(BytesIO(made), name=name, purpose=PURPOSE, organ=organ, by=by, at=at).guid)
    return material.model_copy(update=stored)


def _form(material: Material, guide: Guide, organ: Organ, *, filled: bool) -> dict[str, object]:
    parts = _of_an_agent(guide) if OF_AN_AGENT in material.name else _of_an_applicant(material, guide)
    rows = [
        {
            "title": title,
            "rows": [asdict(each if filled else WrittenRow(each.label, "", each.choices, each.lines)) for each in some],
        }
        for title, some in parts
    ]
    company = any(row.label == "单位名称" for _, some in parts for row in some)
    words = ["以上内容属实。提供虚假材料的，依法承担责任。"]
    if material.requirement:
        words.insert(0, f"填表须知：{material.requirement}。")
    return {
        "title": OF_AN_AGENT if OF_AN_AGENT in material.name else material.name,
        "matter": f"办理“{guide.name}”　交给{organ.called}",
        "parts": rows,
        "words": words,
        "signed": material.seal or ("单位盖章" if company else "签名"),
        "signature": (NAMED["company_name"] if company else NAMED["applicant_name"]) if filled else "",
        "day": "2026年3月2日" if filled else "",
        "mark": "示例",
        "note": NOTE,
    }


def _of_an_applicant(material: Material, guide: Guide) -> list[tuple[str, list[WrittenRow]]]:
    """List the questions of the guide's form, the papers that go with it, and the conditions one declares to meet."""
    form = form_of(guide)
    who = next((each.choices[0] for each in form if each.key == AS), "")
    own = [each for each in form if each.group not in (WHO, REACHED, COLLECTED)]
    asked = [each for each in visible(form, {AS: who}) if each not in own and each.key not in (AS, STATEMENT)]
    parts = [(PARTS.get(title, title), [_row(each) for each in fields]) for title, fields in groups([*asked, *own])]
    if not own:
        parts.append(("要办的事", [WrittenRow("申请的内容和理由", SAMPLES[FieldKind.LONG_TEXT], lines=5)]))
    if guide.conditions:
        told = [WrittenRow(each.text, "符合", ("符合", "不符合")) for each in guide.conditions if each.text]
        parts.append(("是否符合条件", told))
    if others := [each.name for each in guide.materials if each.name != material.name and not each.shared]:
        parts.append(("一起交的材料", [WrittenRow(each, "已附", ("已附", "没有")) for each in others]))
    return parts


def _row(field: FormField) -> WrittenRow:
    label = field.label.replace("您的", "申请人").replace("您", "申请人")
    sample = NAMED.get(field.key) or field.example or SAMPLES.get(field.kind, "照实填写")
    if field.kind is FieldKind.YES_NO:
        return WrittenRow(label, "是", ("是", "否"))
    if field.choices:
        return WrittenRow(label, field.choices[0], field.choices)
    return WrittenRow(label, sample, lines=4 if field.kind is FieldKind.LONG_TEXT else 1)


def _of_an_agent(guide: Guide) -> list[tuple[str, list[WrittenRow]]]:
    def person(name: str) -> Iterator[WrittenRow]:
        yield WrittenRow("姓名（单位名称）", name)
        yield WrittenRow("身份证号（统一社会信用代码）", SAMPLES[FieldKind.ID_NUMBER])
        yield WrittenRow("电话", SAMPLES[FieldKind.PHONE])

    matter = [
        WrittenRow("委托办理的事", guide.name, lines=2),
        WrittenRow("可以代我做", "交材料、补正、签收文书和结果", lines=2),
        WrittenRow("委托到哪一天", "2026年8月31日"),
    ]
    return [
        ("委托人", list(person(NAMED["applicant_name"]))),
        ("受托人", list(person(NAMED["agent_name"]))),
        ("委托事项", matter),
    ]
