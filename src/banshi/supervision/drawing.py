"""The procedure of a draw (双随机) in plain Python, so that anybody can recompute one: `python drawing.py FILE`.

1. A seed is made and its SHA-256 published, before the list is closed.
2. The list of who may be drawn, and of who inspects, is closed and its SHA-256 published.
3. Parties who do not know the seed each give a number (or a public beacon's is taken).
4. The seed is shown. SHA-256 over seed, list and numbers is the key; whose SHA-256 of key and name is the smallest is drawn.
5. For each who is drawn, inspectors are ranked in the same way by key, the drawn and the inspector. Those with a post in the own
   organ are left out; who has the fewest goes first.

Compare the two digests it prints with those that were published before the draw: who makes up a whole file can make it agree with itself.
"""

import hashlib
import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

APART = "\x1f"


def sha256(*parts: str) -> str:
    return hashlib.sha256(APART.join(parts).encode()).hexdigest()


def digest_of_list(candidates: Sequence[Mapping[str, Any]], inspectors: Sequence[Mapping[str, Any]]) -> str:
    """Digest both lists in a fixed order, by their keys."""
    both = [sorted(some, key=lambda each: str(each["key"])) for some in (candidates, inspectors)]
    return sha256(json.dumps(both, ensure_ascii=False, sort_keys=True, separators=(",", ":")))


def key_of_draw(seed: str, list_digest: str, numbers: Sequence[Mapping[str, str]]) -> str:
    given = sorted(f"{each['party']}={each['number']}" for each in numbers)
    return sha256(seed, list_digest, *given)


def draw(
    key: str, candidates: Sequence[Mapping[str, Any]], inspectors: Sequence[Mapping[str, Any]], count: int
) -> list[dict[str, str]]:
    """Draw so many of the candidates, each with an inspector of another organ."""
    drawn = sorted(candidates, key=lambda each: sha256(key, str(each["key"])))[:count]
    load = {str(each["key"]): 0 for each in inspectors}
    result = []
    for one in drawn:
        able = [each for each in inspectors if one["organ"] not in each.get("organs", [each.get("organ")])]
        if not able:
            raise ValueError(f"nobody of another organ can inspect {one['key']}")
        lots = {str(each["key"]): sha256(key, str(one["key"]), str(each["key"])) for each in able}
        chosen = min(lots, key=lambda name: (load[name], lots[name]))
        load[chosen] += 1
        result.append({"drawn": str(one["key"]), "inspector": chosen})
    return result


def problems_of(told: Mapping[str, Any]) -> list[str]:
    """Recompute a published draw, and list what does not agree."""
    found = []
    if sha256(told["seed"]) != told["commitment"]:
        found.append("种子与事先公布的摘要不符")
    if digest_of_list(told["candidates"], told["inspectors"]) != told["list_digest"]:
        found.append("名单与公布的摘要不符")
    if not told["numbers"]:
        found.append("没有其他方给的数")
    key = key_of_draw(told["seed"], told["list_digest"], told["numbers"])
    if draw(key, told["candidates"], told["inspectors"], told["count"]) != told["result"]:
        found.append("结果与重新计算的不符")
    return found


if __name__ == "__main__":
    told = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    wrong = problems_of(told)
    print("\n".join(wrong) or "相符")
    print(f"种子的摘要 {told['commitment']}\n名单的摘要 {told['list_digest']}")
    sys.exit(bool(wrong))
