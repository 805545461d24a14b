"""A definition read from the builder's page as it was typed, and its rows back for the page."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.http import QueryDict
from pydantic import ValidationError

from banshi.bundles.definition import BundleDefinition
from banshi.bundles.merging import STANDARD, own_questions
from banshi.bundles.queries import BundleReading, candidates
from banshi.core.errors import BadInput, Problem
from banshi.forms.standard import ApplyingAs
from banshi.sites.kit.address import text_in

ROWS_AT_MOST = 40
SEPARATOR = "、"


def typed_definition(post: QueryDict, code: str) -> dict[str, Any]:
    """Read every row that was not emptied, refusing nothing."""
    questions = [
        {
            "key": row["key"] or f"q{place + 1}",
            "label": row["label"],
            "help": row["help"],
            "choices": _listed(row["choices"]),
        }
        for place, row in _rows(post, "question", "key", "label", "help", "choices")
        if row["label"] or row["choices"]
    ]
    keys = {str(each["key"]) for each in questions}
    parts = []
    for _, row in _rows(post, "part", "key", "item", "name", "when", "values", "part", "material", "reason", "drop"):
        if row["item"] and not row["drop"]:
            part: dict[str, Any] = {"key": row["key"], "item": row["item"], "name": row["name"]}
            if row["when"] in keys or row["values"]:
                part["when"] = {"question": row["when"], "values": _listed(row["values"])}
            parts.append(part | {"needs": list(_needs(post, row["key"]))})
    there = {str(each["key"]) for each in parts}
    for part in parts:
        part["needs"] = [each for each in part["needs"] if not each["part"] or each["part"] in there]
    same: dict[str, list[str]] = {}
    for name in post:
        if name.startswith("same-") and (label := text_in(post, name)) and name[5:].split(".")[0] in there:
            same.setdefault(label, []).append(name[5:])
    return {
        "code": code or text_in(post, "code"),
        "name": text_in(post, "name"),
        "summary": text_in(post, "summary"),
        "policy": text_in(post, "policy"),
        "batch": text_in(post, "batch"),
        "doubt": text_in(post, "doubt"),
        "icon": text_in(post, "icon") or "balloon-heart",
        "party": text_in(post, "party") or ApplyingAs.SELF.value,
        "questions": questions,
        "parts": parts,
        "same": [{"label": label, "fields": fields} for label, fields in same.items()],
        "lacking": _listed(text_in(post, "lacking")),
    }


def _rows(post: QueryDict, table: str, *names: str) -> Iterator[tuple[int, dict[str, str]]]:
    for place in range(ROWS_AT_MOST):
        row = {name: text_in(post, f"{table}-{place}-{name}") for name in names}
        if any(row.values()):
            yield place, row


def _needs(post: QueryDict, key: str) -> Iterator[dict[str, str]]:
    for place in range(ROWS_AT_MOST):
        row = {name: text_in(post, f"need-{key}-{place}-{name}") for name in ("part", "material", "reason")}
        if any(row.values()):
            yield row


def _listed(text: str) -> list[str]:
    return [each.strip() for each in text.replace("，", SEPARATOR).split(SEPARATOR) if each.strip()]


def with_item(typed: dict[str, Any], base_code: str) -> dict[str, Any]:
    """Add an item of the place by its code, under a key that is free."""
    found = candidates([base_code]).first()
    if found is None:
        raise BadInput("没有这个事项", remedy="请从找到的事项里选。")
    taken = {each["key"] for each in typed["parts"]}
    key = next(name for number in range(1, ROWS_AT_MOST * 2) if (name := f"p{number}") not in taken)
    part = {"key": key, "item": base_code, "name": found.item.name, "needs": []}
    return typed | {"parts": [*typed["parts"], part]}


WORDS = {
    "code": "代号用小写字母、数字和连字符，以字母开头",
    "name": "请写名称",
    "values": "请写答什么的时候办，几个用“、”分开",
    "choices": "请写可以选的，几个用“、”分开",
    "label": "请写问什么",
    "question": "请选按哪一问的回答",
    "part": "请选要先有哪一项的结果",
    "fields": "同一个名称要写在两问以上，只有一问的请清空",
}


def definition_of(typed: Mapping[str, Any]) -> BundleDefinition:
    """Read what was typed as a definition, or say in words what is wrong with it."""
    try:
        return BundleDefinition.model_validate(typed)
    except ValidationError as error:
        told = [
            Problem(
                WORDS.get(str(each["loc"][-1]), "有一处写得不对，请照说明改"), field=".".join(map(str, each["loc"]))
            )
            for each in error.errors()
        ]
        raise BadInput("有几处要改", told) from error


def shown_rows(typed: Mapping[str, Any], reading: BundleReading | None) -> dict[str, Any]:
    """Prepare the rows of the page, with an empty one at the end of each table."""
    members = {each.key: each for each in reading.all_members} if reading else {}
    names = [(each["key"], each["name"]) for each in typed["parts"]]
    named = {field: same["label"] for same in typed["same"] for field in same["fields"]}
    parts = [
        {
            "place": place,
            "row": each,
            "values": SEPARATOR.join((each.get("when") or {}).get("values", [])),
            "question": (each.get("when") or {}).get("question", ""),
            "member": members.get(each["key"]),
            "others": [name for name in names if name[0] != each["key"]],
            "materials": [m.name for m in members[each["key"]].guide.materials]
            if each["key"] in members
            else [need["material"] for need in each["needs"] if need["material"]],
            "needs": list(enumerate([*each["needs"], {"part": "", "material": "", "reason": ""}])),
        }
        for place, each in enumerate(typed["parts"])
    ]
    questions = [
        (place, each, SEPARATOR.join(each["choices"]))
        for place, each in enumerate([*typed["questions"], {"key": "", "label": "", "help": "", "choices": []}])
    ]
    party = ApplyingAs(typed["party"]) if typed["party"] in ApplyingAs.values else ApplyingAs.SELF
    own = [
        (member, field, f"{member.key}.{field.key}", named.get(f"{member.key}.{field.key}", ""))
        for member in members.values()
        for field in own_questions(member, party)
        if field.key not in STANDARD
    ]
    kept = [] if reading else list(named.items())
    return {
        "parts": parts,
        "questions": questions,
        "own": own,
        "kept": kept,
        "lacking": SEPARATOR.join(typed["lacking"]),
    }
