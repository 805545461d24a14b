"""Kinds of papers and the facts that stand on them, kept as data in data/papers."""

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from pydantic import BaseModel, ConfigDict, ValidationError

from banshi.core.errors import BadInput, Missing, Problem
from banshi.core.validation_errors import in_words

Value = str | list[str] | list[list[str]]


class PaperFact(BaseModel):
    """One fact, with an example for previews. With `columns` it is a table."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    label: str
    sample: Value
    default: str = ""
    columns: tuple[str, ...] = ()


class PaperKind(BaseModel):
    """A kind of paper: what must and what may stand on it. `signature` is who signs for it on the printed copy, `copies` who keep one."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    code: str
    label: str
    series: str
    needs: tuple[str, ...]
    may: tuple[str, ...] = ()
    addressed: bool = True
    signature: str = "签收人"
    copies: str = "申请人和本机关"
    text: str

    @property
    def facts(self) -> tuple[str, ...]:
        return (*ALWAYS, *self.needs, *self.may)


ALWAYS = ("recipient", "organ", "number", "date")
"""Facts that every paper has from its issue."""
HAN = re.compile(r"\{([\u4e00-\u9fff]+)\}")


def kind_named(code: str) -> PaperKind:
    found = paper_kinds().get(code)
    if found is None:
        raise Missing("没有这种文书", where=code)
    return found


def paper_kinds() -> dict[str, PaperKind]:
    return _read(Path(settings.PAPERS))[1]


def paper_facts() -> dict[str, PaperFact]:
    return _read(Path(settings.PAPERS))[0]


@cache
def _read(folder: Path) -> tuple[dict[str, PaperFact], dict[str, PaperKind]]:
    place = folder / "facts.toml"
    try:
        told = tomllib.loads(place.read_text(encoding="utf-8"))
        facts = {key: PaperFact.model_validate(each) for key, each in told.items()}
        kinds = {}
        for place in sorted(folder.glob("*.toml")):
            if place.stem != "facts":
                text = place.with_suffix(".typ").read_text(encoding="utf-8")
                read = tomllib.loads(place.read_text(encoding="utf-8"))
                kinds[place.stem] = kind = PaperKind.model_validate({**read, "code": place.stem, "text": text})
                if unknown := set(kind.facts) - set(facts):
                    raise BadInput(f"facts.toml 里没有{'、'.join(sorted(unknown))}", where=place.name)
    except (OSError, tomllib.TOMLDecodeError, ValidationError) as error:
        remedy = "请按文件开头的说明改正，或换回随程序带的文件。"
        raise BadInput(f"文书的设置读不懂：{in_words(error)}", where=place.name, remedy=remedy) from error
    return facts, kinds


def complete_facts(kind: PaperKind, given: dict[str, Any]) -> dict[str, Value]:
    """Return the facts of a paper, defaults filled in.

    Raises BadInput that names what must be there and is not, and what the kind does not know.
    """
    known = paper_facts()
    filled = {key: known[key].default for key in kind.facts if known[key].default} | {
        k: v for k, v in given.items() if v
    }
    lacking = [known[key].label for key in kind.needs if key not in filled]
    if unknown := sorted(set(filled) - set(kind.facts)):
        lacking += [f"不认识的要素 {each}" for each in unknown]
    if lacking:
        problems = [Problem(f"缺少：{each}", field=each) for each in lacking]
        raise BadInput(f"{kind.label}缺少：{'、'.join(lacking)}", problems, remedy="请补齐后再发文。")
    return filled


def sample_facts(kind: PaperKind) -> dict[str, Value]:
    return {key: paper_facts()[key].sample for key in kind.facts}
