"""Checks of a definition: what keeps it from working, and what its editor should look at."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from banshi.bundles.definition import BundleDefinition, circle_in
from banshi.bundles.merging import BundleMember, asked_fields, merged_form, own_questions, takes
from banshi.bundles.queries import members_of
from banshi.core.errors import Problem
from banshi.forms import FormField, faults
from banshi.rulebook.proof_names import plain, shipped_dictionary

WARNING = "warning"
ADDRESSES = frozenset({"new", "load"})
"""Codes that are pages of the builder."""


def faults_of(definition: BundleDefinition, members: Sequence[BundleMember] | None = None) -> list[Problem]:
    """List what is wrong or doubtful, of severity error where it keeps the bundle from being published."""
    wrong = [*_of_references(definition)]
    if circle := circle_in(definition):
        names = {each.key: each.name for each in definition.parts}
        told = " → ".join(names.get(key, key) for key in circle)
        wrong.append(
            Problem(
                f"互相等待，谁也开始不了：{told}",
                field="needs",
                remedy="“等谁的结果”不能绕成一圈，请去掉其中一个。",
            )
        )
    if wrong:
        return wrong
    found = members_of(definition) if members is None else list(members)
    return [*_of_items(definition, found), *_of_forms(definition, found), *_of_papers(found)]


def _of_references(definition: BundleDefinition) -> Iterator[Problem]:
    """Check that keys are there once, and that what is named by them is there."""
    if definition.code in ADDRESSES:
        yield Problem(f"代号“{definition.code}”系统自己要用", field="code", remedy="请换一个代号。")
    for what, keys in (
        ("事项", [each.key for each in definition.parts]),
        ("问题", [each.key for each in definition.questions]),
    ):
        for key in sorted({each for each in keys if keys.count(each) > 1}):
            yield Problem(f"{what}的代号“{key}”用了两次", field=key, remedy="请改成不同的代号。")
    items = [each.item for each in definition.parts]
    for part in definition.parts:
        if items.count(part.item) > 1:
            yield Problem(f"“{part.name}”选了两次", field=part.key, remedy="请去掉一个。")
        question = next((each for each in definition.questions if part.when and each.key == part.when.question), None)
        if part.when and question is None:
            yield Problem(f"“{part.name}”看的问题“{part.when.question}”没有", field=part.key, remedy="请先加上问题。")
        if part.when and question and (unknown := [each for each in part.when.values if each not in question.choices]):
            said = f"“{question.label}”没有“{unknown[0]}”这个选项，“{part.name}”永远轮不到"
            yield Problem(said, field=part.key, remedy=f"可以选的是{'、'.join(question.choices)}。")
        for need in part.needs:
            if definition.part(need.part) is None:
                yield Problem(f"“{part.name}”等的“{need.part}”不在这个“一件事”里", field=part.key, remedy="请改选。")


def _of_items(definition: BundleDefinition, members: Sequence[BundleMember]) -> Iterator[Problem]:
    there = {each.key: each for each in members}
    if len(there) < 2:
        yield Problem(
            f"本地已公布的事项只有{len(there)}个，凑不成“一件事”", field="parts", remedy="请先公布别的事项，或者改选。"
        )
    for part in definition.parts:
        if part.key not in there:
            yield Problem(
                f"“{part.name}”（{part.item}）本地没有公布的事项，办这件事时不会出现",
                field=part.key,
                remedy="公布以后自动加进来。",
                severity=WARNING,
            )
            continue
        member = there[part.key]
        if not takes(member, definition.party):
            yield Problem(
                f"“{member.item.name}”不能“{definition.party.label}”", field=part.key, remedy="请改选申请人。"
            )
        names = {each.name for each in member.guide.materials}
        for need in part.needs:
            if need.material and need.material not in names:
                yield Problem(
                    f"“{member.item.name}”的材料里没有“{need.material}”，只会排在后面，不会自动带过去",
                    field=part.key,
                    remedy=f"清单里有{'、'.join(sorted(names)) or '无'}。",
                    severity=WARNING,
                )


def _of_forms(definition: BundleDefinition, members: Sequence[BundleMember]) -> Iterator[Problem]:
    """Find questions of one name that can't be asked once, and declared ones that don't exist."""
    questions = {
        f"{member.key}.{own.key}": (member, own)
        for member in members
        for own in own_questions(member, definition.party)
    }
    there = {each.key for each in members}
    for same in definition.same:
        for unknown in (each for each in same.fields if each.split(".")[0] in there and each not in questions):
            yield Problem(f"“{same.label}”里的“{unknown}”没有这个问题", field="same", remedy="请改成“代号.问题代号”。")
    form = merged_form(definition, members, definition.party)
    named = {field: same.label for same in definition.same for field in same.fields}
    by_label: dict[str, list[tuple[BundleMember, FormField, str]]] = defaultdict(list)
    merged_key = {f"{key}.{own.key}": each.field.key for each in form for key, own in each.asked_by}
    for name, (member, own) in questions.items():
        by_label[named.get(name) or plain(own.label)].append((member, own, merged_key[name]))
    for label, some in by_label.items():
        if len({merged for _, _, merged in some}) > 1 and some[0][1].key not in merged_key.values():
            told = "；".join(f"{member.item.name}：{_shape(own)}" for member, own, _ in some)
            yield Problem(
                f"“{label}”对不上，要分开问（{told}）",
                field="same",
                remedy="题型、选项和显示条件都一样才能只问一次，请和承办单位商量改成一样。",
                severity=WARNING,
            )
    whole = asked_fields(definition, form, there)
    for fault in faults(whole):
        yield Problem(fault.message, where=fault.where, field="form", severity=WARNING)


def _shape(field: FormField) -> str:
    choices = f"（{'、'.join(field.choices)}）" if field.choices else ""
    return f"{field.kind.label}{choices}{'，有显示条件' if field.when else ''}"


def _of_papers(members: Sequence[BundleMember]) -> Iterator[Problem]:
    dictionary = shipped_dictionary()
    for member in members:
        for material in member.guide.materials:
            if not material.shared and (doubt := dictionary.meaning(material.name).doubt):
                yield Problem(
                    f"{member.item.name}：{doubt}，没有自动合并",
                    field=member.key,
                    remedy="是同一种证明的，请在证明词典里加上这个名称。",
                    severity=WARNING,
                )
