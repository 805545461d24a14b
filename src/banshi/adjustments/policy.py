"""The rules of adjusting, as officials keep them in data/adjustments/policy.toml. Read here and nowhere else."""

from collections.abc import Sequence
from typing import Literal, NamedTuple

from django.conf import settings
from pydantic import BaseModel, ConfigDict, Field, model_validator

from banshi.adjustments.enums import Office
from banshi.catalog.guide.differences import Difference, differences
from banshi.catalog.guide.document import Guide
from banshi.catalog.models import Publication, Revision
from banshi.core.declarations import read_declaration
from banshi.core.errors import Refused
from banshi.people.enums import OrganKind

SUPERIOR = "superior"
Days = Field(ge=1, le=365)


class Limits(BaseModel):
    """Working days each stage may last. Names as in the workflow's states."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    apply: int = Days
    examine: int = Days
    publish: int = Days
    check: int = Days


class Urgent(Limits):
    publish_at_once: bool


class Minor(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)
    elements: tuple[str, ...]

    @model_validator(mode="after")
    def are_elements(self) -> "Minor":
        if unknown := set(self.elements) - set(Guide.model_fields):
            raise ValueError(f"指南里没有这些要素：{'、'.join(sorted(unknown))}")
        return self


class Route(BaseModel):
    """The examiners of organs of some kinds, as offices of the division or the organ's superior."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    kinds: tuple[OrganKind, ...]
    examiner: Office | Literal["superior"]
    second: Office | Literal["superior"] | None = None


class AdjustmentPolicy(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)
    direct_publication: Literal["all", "minor", "none"]
    limits: Limits
    urgent: Urgent
    minor: Minor
    routes: tuple[Route, ...]

    @model_validator(mode="after")
    def every_kind_has_one_route(self) -> "AdjustmentPolicy":
        named = [kind for route in self.routes for kind in route.kinds]
        if missing := set(OrganKind) - set(named):
            raise ValueError(f"没有写谁审核：{'、'.join(sorted(kind.label for kind in missing))}")
        if len(named) != len(set(named)):
            raise ValueError("同一类别写了不止一条路线")
        return self

    def route(self, kind: str) -> Route:
        return next(each for each in self.routes if kind in each.kinds)

    def days(self, limit: str, *, urgent: bool) -> int:
        return int(getattr(self.urgent if urgent else self.limits, limit))

    def is_minor(self, found: list[Difference]) -> bool:
        """Tell whether only listed elements differ.

        A row that came or went is never minor.
        """
        paths = [(each.path.partition("."), each.sign) for each in found]
        return bool(found) and all(
            element in self.minor.elements and (not row or sign == "=") for (element, _, row), sign in paths
        )


class Refusal(NamedTuple):
    """The reason why a draft may not be published directly, and the remedy."""

    message: str
    remedy: str


NOT_DIRECTLY = {
    "minor": Refusal("这不是电话、地址之类的小改，要先申请调整，审核通过后公布", "请点“申请调整”。"),
    "none": Refusal("公布前要先申请调整，审核通过后公布", "请点“申请调整”。"),
}


def why_not_directly(drafts: Sequence[Revision]) -> dict[int, Refusal]:
    """List drafts that may not be published without anybody having examined them, by key.

    Costs one query for all.
    """
    rules = policy()
    if rules.direct_publication == "all":
        return {}
    current: dict[int, Guide] = {}
    if rules.direct_publication == "minor":
        found = Publication.objects.filter(item__in={each.item_id for each in drafts}, until=None)
        current = {each.item_id: each.revision.guide for each in found.select_related("revision")}
    return {
        each.pk: NOT_DIRECTLY[rules.direct_publication]
        for each in drafts
        if each.item_id not in current or not rules.is_minor(differences(current[each.item_id], each.guide))
    }


EXAMINED_LIFE = {"suspend", "resume", "cancel", "merge"}
"""Changes of an item's life that people feel. Splitting only makes drafts; what was published in error must go at once."""


def why_not_at_once(change: str) -> Refusal | None:
    """Refuse a change of an item's life that nobody examined."""
    if policy().direct_publication == "all" or change not in EXAMINED_LIFE:
        return None
    return Refusal("这要先申请调整，审核通过后生效", "请回到事项页面，点“申请调整”。")


def check_free_publication() -> None:
    """Refuse whole files of drafts, which may hold anything, unless all may be published directly."""
    rules = policy()
    if rules.direct_publication != "all":
        raise Refused(
            "按规矩，导入的内容不能马上公布",
            remedy="请先导入为草稿，再申请调整，或在清理规范工作中上报；建库时搬入公布过的目录，请系统管理员先放开规矩。",
        )


def policy() -> AdjustmentPolicy:
    return read_declaration(settings.ADJUSTMENT_POLICY, AdjustmentPolicy, called="动态调整的规矩")
