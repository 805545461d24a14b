"""一件事 as officials write it: which items, when each applies, what waits for whose result, which questions mean the same."""

import json
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from banshi.core.crypto import digest
from banshi.core.errors import BadInput
from banshi.core.validation_errors import toml_sentence
from banshi.forms.standard import ApplyingAs


class _Written(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class BundleQuestion(_Written):
    """A question whose answer decides which items apply."""

    key: str = Field(pattern="^[a-z][a-z0-9_]{0,30}$")
    label: str = Field(min_length=1, max_length=100)
    help: str = Field(default="", max_length=300)
    choices: tuple[str, ...] = ("是", "否")


class AppliesWhen(_Written):
    question: str = Field(min_length=1)
    values: tuple[str, ...] = Field(min_length=1)


class NeededResult(_Written):
    """The result of another part: as `material` of this one's list, or only before it, for a `reason`."""

    part: str = Field(min_length=1)
    material: str = ""
    reason: str = ""


class PartDefinition(_Written):
    """An item by its code in the reference catalogue (基本编码), so that every place finds its own."""

    key: str = Field(pattern="^[a-z][a-z0-9_]{0,30}$")
    item: str = Field(min_length=1, max_length=31)
    name: str = Field(min_length=1, max_length=200)
    when: AppliesWhen | None = None
    needs: tuple[NeededResult, ...] = ()


class SameQuestion(_Written):
    """Questions of several items that mean the same though they are worded otherwise, as `part.field`."""

    label: str
    fields: tuple[str, ...] = Field(min_length=2)


class BundleDefinition(_Written):
    code: str = Field(pattern="^[a-z][a-z0-9-]{0,30}$")
    name: str = Field(min_length=1, max_length=60)
    summary: str = Field(default="", max_length=300)
    icon: str = "collection"
    policy: str = Field(default="", max_length=200)
    batch: str = Field(default="", max_length=60)
    doubt: str = Field(default="", max_length=200)
    party: ApplyingAs = ApplyingAs.SELF
    questions: tuple[BundleQuestion, ...] = ()
    parts: tuple[PartDefinition, ...] = ()
    same: tuple[SameQuestion, ...] = ()
    lacking: tuple[str, ...] = ()

    @property
    def digest(self) -> str:
        return digest(json.dumps(self.model_dump(mode="json"), ensure_ascii=False, sort_keys=True).encode())

    def part(self, key: str) -> PartDefinition | None:
        return next((each for each in self.parts if each.key == key), None)


def circle_in(definition: BundleDefinition) -> list[str]:
    """Find parts that wait for one another in a circle, by depth-first search, the first one named again at the end."""
    waits = {each.key: [need.part for need in each.needs] for each in definition.parts}
    done: set[str] = set()

    def visit(key: str, path: list[str]) -> list[str]:
        if key in path:
            return [*path[path.index(key) :], key]
        if key in done:
            return []
        for other in waits.get(key, ()):
            if found := visit(other, [*path, key]):
                return found
        done.add(key)
        return []

    return next((found for key in waits if (found := visit(key, []))), [])


def in_order(definition: BundleDefinition, keys: set[str]) -> list[PartDefinition]:
    """Arrange the parts topologically, each after those it waits for."""
    ordered: list[PartDefinition] = []
    waiting = [each for each in definition.parts if each.key in keys]
    while waiting:
        open_keys = {each.key for each in waiting}
        ready = [each for each in waiting if not open_keys & {need.part for need in each.needs}]
        if not ready:
            raise BadInput("各项互相等待，排不出先后", remedy="请在“一件事”里去掉其中一个先后关系。")
        ordered += ready
        waiting = [each for each in waiting if each not in ready]
    return ordered


def read_bundle(text: str, *, where: str) -> BundleDefinition:
    try:
        return BundleDefinition.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise BadInput(f"这份“一件事”读不懂：{toml_sentence(error)}", where=where) from error
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"]))
        raise BadInput(f"这份“一件事”的“{place}”写得不对", where=where, remedy="请照已有的文件改正。") from error


PLANNED = "planned.toml"


class PlannedBundle(_Written):
    """A name of the lists from above for which this place has no items yet."""

    name: str
    batch: str = ""
    doubt: str = ""


@cache
def planned_bundles(folder: Path) -> tuple[PlannedBundle, ...]:
    path = folder / PLANNED
    told = tomllib.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    return tuple(PlannedBundle.model_validate(each) for each in told.get("planned", []))


def read_bundles(folder: Path) -> Iterator[BundleDefinition]:
    """Read the files of a folder, in the order of their names."""
    for path in sorted(each for each in folder.glob("*.toml") if each.name != PLANNED):
        yield read_bundle(path.read_text(encoding="utf-8"), where=path.name)
