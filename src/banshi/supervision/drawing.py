"""The procedure of a draw (双随机) in plain Python, so that anybody can recompute one: `python drawing.py FILE`.

1. A seed is made and its SHA-256 published, before the list is closed.
2. The list of who may be drawn, and of who inspects, is closed and its SHA-256 published, with the name of a public beacon.
3. Parties who do not know the seed each seal a number by their own account: they give only the SHA-256 over the seed's digest, their
   name and the number. When all have, or the time for it is over, no more are asked and no more seal.
4. Then each opens its number, which has to be the sealed one. Who sealed none, or did not open in time, is named and left out.
   The beacon's number is mixed in if, and only if, a party was left out or none was asked; it is read after the opening.
5. The seed is shown. SHA-256 over seed, list and numbers is the key; whose SHA-256 of key and name is the smallest is drawn.
6. For each who is drawn, inspectors are ranked in the same way by key, the drawn and the inspector. Those with a post in the own
   organ are left out; who has the fewest goes first.

Compare the digests it prints with those that were published: who makes up a whole file can make it agree with itself.
"""

import hashlib
import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

APART = "\x1f"
WHOLE = "whole"
"""Name of the digest of all else in a file, by which a change of what no step computes is seen too."""
SILENT = "silent"
"""Parties that were asked for a number and gave none. Draws of the first versions name none."""
UNOPENED = "unopened"
"""Parties that sealed a number and did not open it, with its seal."""
SEALED = 2
"""The procedure in which numbers are sealed first. In the first one they were given in the open."""
PARTS: Mapping[str, type] = {
    "commitment": str,
    "seed": str,
    "list_digest": str,
    "candidates": list,
    "inspectors": list,
    "numbers": list,
    "count": int,
    "result": list,
}
SINCE_SEALED: Mapping[str, type] = {"procedure": int, "beacon": str, SILENT: list, UNOPENED: list}
ROWS: Mapping[str, Mapping[str, type]] = {
    "candidates": {"key": str, "organ": int},
    "inspectors": {"key": str, "organs": list},
    "numbers": {"party": str, "number": str},
    UNOPENED: {"party": str, "seal": str},
    "result": {"drawn": str, "inspector": str},
}


def sha256(*parts: str) -> str:
    return hashlib.sha256(APART.join(parts).encode()).hexdigest()


def _written(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def digest_of_list(candidates: Sequence[Mapping[str, Any]], inspectors: Sequence[Mapping[str, Any]]) -> str:
    """Digest both lists in a fixed order, by their keys."""
    return sha256(_written([sorted(some, key=lambda each: str(each["key"])) for some in (candidates, inspectors)]))


def digest_of_file(told: Mapping[str, Any]) -> str:
    """Digest everything a file tells."""
    return sha256(_written({name: value for name, value in told.items() if name != WHOLE}))


def key_of_draw(seed: str, list_digest: str, numbers: Sequence[Mapping[str, str]]) -> str:
    given = sorted(f"{each['party']}={each['number']}" for each in numbers)
    return sha256(seed, list_digest, *given)


def seal_of(commitment: str, party: str, number: str) -> str:
    """Seal a party's number for one draw (commitment scheme): nobody else's seal can be copied, since it holds the name."""
    return sha256(commitment, party, number)


def draw(
    key: str, candidates: Sequence[Mapping[str, Any]], inspectors: Sequence[Mapping[str, Any]], count: int
) -> list[dict[str, str]]:
    """Draw so many of the candidates, each with an inspector of another organ.

    Raises ValueError with the key of whom nobody can inspect.
    """
    drawn = sorted(candidates, key=lambda each: sha256(key, str(each["key"])))[:count]
    load = {str(each["key"]): 0 for each in inspectors}
    result = []
    for one in drawn:
        able = [each for each in inspectors if one["organ"] not in each.get("organs", [each.get("organ")])]
        if not able:
            raise ValueError(one["key"])
        lots = {str(each["key"]): sha256(key, str(one["key"]), str(each["key"])) for each in able}
        chosen = min(lots, key=lambda name: (load[name], lots[name]))
        load[chosen] += 1
        result.append({"drawn": str(one["key"]), "inspector": chosen})
    return result


def problems_of(told: Any) -> list[str]:
    """Recompute a published draw, and say what does not agree and where."""
    if broken := _broken(told):
        return broken
    found = []
    if sha256(told["seed"]) != told["commitment"]:
        found.append("种子与事先公布的摘要不符：种子或者摘要被改动过")
    if digest_of_list(told["candidates"], told["inspectors"]) != told["list_digest"]:
        found.append("名单与公布的摘要不符：抽查对象、检查人员或者摘要被改动过")
    if not told["numbers"]:
        found.append("没有其他方给的数")
    unopened = [each["party"] for each in told.get(UNOPENED, [])]
    parties = [each["party"] for each in told["numbers"]] + told.get(SILENT, []) + unopened
    if twice := sorted({each for each in parties if parties.count(each) > 1}):
        found.append(f"{'、'.join(twice)}写了不止一次：一方只能给一个数，或者没有给")
    if told.get("procedure", 1) >= SEALED:
        found += _unsealed(told)
    key = key_of_draw(told["seed"], told["list_digest"], told["numbers"])
    try:
        found += _differences(draw(key, told["candidates"], told["inspectors"], told["count"]), told["result"])
    except ValueError as nobody:
        found.append(f"按这份名单，没有别的单位的人可以检查{nobody}")
    if told.get(WHOLE, "") not in ("", digest_of_file(told)):
        found.append("文件的内容与抽取时的摘要不符：文件里有地方被改动过")
    return found


def _unsealed(told: Any) -> list[str]:
    """Say whose number is not the one it sealed, and whether the beacon was used when it should be, and only then."""
    own = [each for each in told["numbers"] if each.get("own")]
    found = [
        f"{each['party']}打开的数与它先封的摘要不符"
        for each in own
        if each.get("seal") != seal_of(told["commitment"], each["party"], each["number"])
    ]
    beacons = [each["party"] for each in told["numbers"] if not each.get("own")]
    wanted = [told["beacon"]] if told[SILENT] or told[UNOPENED] or not own else []
    if beacons != wanted:
        found.append(
            f"有一方没有给数，或者没有请各方，应当用事先写明的信标{told['beacon']}的数"
            if wanted
            else "各方都打开了自己的数，不应当再用别的数"
        )
    return found


def _broken(told: Any) -> list[str]:
    """Say which parts a file lacks, or which are not what belongs there."""
    if not isinstance(told, Mapping):
        return ["文件里写的不是一次抽查"]
    found = [f"文件里没有“{name}”" for name in PARTS if name not in told]
    found += [
        f"文件里多了“{name}”" for name in told if name not in {*PARTS, *SINCE_SEALED, "title", "kind", SILENT, WHOLE}
    ]
    found += [f"“{name}”写的不是该写的" for name, kind in PARTS.items() if type(told.get(name, kind())) is not kind]
    if not isinstance(told.get(SILENT, []), list) or any(type(each) is not str for each in told.get(SILENT, [])):
        found.append(f"“{SILENT}”写的不是该写的")
    if told.get("procedure", 1) != 1:
        found += [f"“{name}”写的不是该写的" for name, kind in SINCE_SEALED.items() if type(told.get(name)) is not kind]
    if found:
        return found
    for name, columns in ROWS.items():
        for place, row in enumerate(told.get(name, []), 1):
            fits = isinstance(row, Mapping) and all(type(row.get(each)) is kind for each, kind in columns.items())
            # Draws of the first versions tell one organ of an inspector.
            if not fits and not (name == "inspectors" and isinstance(row, Mapping) and type(row.get("organ")) is int):
                found.append(f"“{name}”第{place}行缺内容，或者写的不是该写的")
    return found


def _differences(ours: list[dict[str, str]], theirs: list[dict[str, str]]) -> list[str]:
    if len(ours) != len(theirs):
        return [f"结果与重新计算的不符：算出来{len(ours)}件，文件里写{len(theirs)}件"]
    return [
        f"结果第{place}件与重新计算的不符：算出来是{one['drawn']}，由{one['inspector']}检查；"
        f"文件里写的是{other['drawn']}，由{other['inspector']}检查"
        for place, (one, other) in enumerate(zip(ours, theirs, strict=True), 1)
        if one != other
    ][:1]


def recomputed(file: bytes) -> tuple[Any, list[str]]:
    """Read a published file and recompute it: what it tells, and what is wrong with it."""
    try:
        told = json.loads(file.decode("utf-8"))
    except UnicodeDecodeError as error:
        return {}, [f"文件第{error.start + 1}个字节不是 UTF-8 的文字"]
    except ValueError as error:
        where = f"第{error.lineno}行第{error.colno}个字" if isinstance(error, json.JSONDecodeError) else "里面的数"
        return {}, [f"文件{where}读不懂，不是抽查公布的文件，或者被改动过"]
    return told, problems_of(told)


def parties_of(told: Any) -> list[str]:
    """Tell of each party whether it gave its number itself, the organiser wrote it down, or it gave none."""
    own = {True: "自己给的数", False: "组织的一方登记的数", None: "给的数"}
    given = [f"{each['party']}：{own[each.get('own')]} {each['number']}" for each in told["numbers"]]
    unopened = [f"{each['party']}：封了，没有打开，封的摘要 {each['seal']}" for each in told.get(UNOPENED, [])]
    return given + unopened + [f"{each}：请了，没有给数" for each in told.get(SILENT, [])]


def digests_of(told: Any) -> list[str]:
    """Write the digests to compare with those that were published."""
    labels = {"commitment": "种子的摘要", "list_digest": "名单的摘要", WHOLE: "文件的摘要"}
    return [f"{label} {told[name]}" for name, label in labels.items() if isinstance(told, Mapping) and name in told]


if __name__ == "__main__":
    content, wrong = recomputed(Path(sys.argv[1]).read_bytes())
    print("\n".join(wrong or ["相符", *parties_of(content)]))
    print("\n".join(digests_of(content)))
    sys.exit(bool(wrong))
