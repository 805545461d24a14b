"""Matching of rows to organs by credit code, name or short name, with the likeliest organ as proposal."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property

from banshi.catalog.codes import uscc_problem
from banshi.core.id_numbers import uscc_is_valid
from banshi.people.enums import OrganKind
from banshi.people.models import Organ
from banshi.spreadsheets.cell_parsers.parsed import DAMAGED, DOUBT, ERROR, CellRemark
from banshi.spreadsheets.cells import folded, is_damaged_number, tidied, tidied_code

ALIKE = 70
_SUBUNIT = re.compile(r"(?P<uscc>[0-9A-Za-z-]{9,20})_\w{1,8}")
_KINDS: tuple[tuple[str, OrganKind], ...] = (
    (r"(?:村|居|社区).{0,8}(?:委员会|居委会|村委会)$|社区$|村$", OrganKind.VILLAGE),
    (r"(?:镇|乡|街道)(?:人民政府|办事处|党政办)?$", OrganKind.TOWN),
    (r"有限公司|集团|公司$", OrganKind.ENTERPRISE),
    (r"^(?:中共|.{0,4}委(?:办|组织部|宣传部|统战部|政法委|编办))|党委|区委|县委|市委", OrganKind.PARTY),
    (r"残联|残疾人联合会|妇联|工会|团委|科协|红十字会|联合会|文联|侨联|工商联", OrganKind.MASS),
    (r"税务局|气象局|海关|烟草|消防救援|公安分局|邮政管理", OrganKind.STATIONED),
    (r"局|委员会|办公室|政府办|委办|厅|公管办", OrganKind.DEPARTMENT),
    (r"中心|馆|院|所|站|学校|医院", OrganKind.INSTITUTION),
)


@dataclass(frozen=True)
class Owner:
    """The owner of a row, an organ there is, one to be created (`new`), or nobody, with remarks for its cells."""

    organ: Organ | None = None
    new: str = ""
    about_name: tuple[CellRemark, ...] = ()
    about_code: tuple[CellRemark, ...] = ()

    @cached_property
    def key(self) -> object:
        return self.organ.pk if self.organ else folded(self.new)


@dataclass
class Owners:
    """The organs there are (`organs`), those this person may import for (`allowed`, None: all), and new ones found.

    `default`: the owner of rows that name none. `create`: unknown owners are created by the import, not refused.
    `home`: the division whose organs are meant where several share a name.
    """

    organs: list[Organ]
    allowed: set[int] | None = None
    default: Organ | None = None
    create: bool = False
    home: str = ""
    new_codes: dict[str, str] = field(default_factory=dict)
    _found: dict[tuple[str, str], Owner] = field(default_factory=dict)
    _names: dict[str, list[Organ]] = field(default_factory=dict)
    _codes: dict[str, Organ] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for organ in self.organs:
            for name in {folded(organ.short_name), folded(organ.name)} - {""}:
                self._names.setdefault(name, []).append(organ)
            if organ.uscc:
                self._codes[organ.uscc] = organ

    @property
    def codes(self) -> Iterable[str]:
        return self._codes.keys()

    def find(self, name: str, code: str) -> Owner:
        key = (name, code)
        if key not in self._found:
            owner = self._find(name, tidied_code(code) if code else "")
            if (
                self.allowed is None
                or (owner.organ and owner.organ.pk in self.allowed)
                or not (owner.organ or owner.new)
            ):
                self._found[key] = owner
            else:
                who = owner.organ or owner.new
                said = CellRemark(
                    ERROR, "foreign", f"“{who}”不是您能导入的单位", "请只保留本单位的行，或请有权限的人导入"
                )
                self._found[key] = Owner(owner.organ, about_name=(said,), about_code=owner.about_code)
        return self._found[key]

    def _find(self, name: str, code: str) -> Owner:
        by_code = self._codes.get(code.upper())
        found = self._names.get(folded(name), []) if name else []
        if by_code in found:
            namesakes = [by_code]
        else:
            for nearer in (
                lambda o: self.allowed is None or o.pk in self.allowed,
                lambda o: o.division_id == self.home,
            ):
                found = [organ for organ in found if nearer(organ)] or found
            namesakes = found
        if len(namesakes) > 1:
            places = "、".join(str(organ.division) for organ in namesakes[:4])
            several = f"有 {len(namesakes)} 个单位叫“{name}”（在{places}），分不清是哪一个"
            ambiguous = CellRemark(ERROR, "organ", several, "请写能区分的全称，或补填统一社会信用代码")
            return Owner(about_name=(ambiguous,))
        by_name = namesakes[0] if namesakes else None
        if by_code and by_name and by_code.pk != by_name.pk:
            message = f"名称是“{by_name}”，代码却是“{by_code}”的"
            return Owner(by_name, about_code=(CellRemark(ERROR, "organ", message, by_name.uscc),))
        if by_name:
            return Owner(by_name, about_code=self._code_remarks(code, by_name))
        if by_code and name and folded(name) not in (folded(by_code.name), folded(by_code.short_name)):
            said = CellRemark(
                DOUBT, "organ", f"代码是“{by_code}”的，名称写的是“{name}”，按代码认作“{by_code}”", by_code.name
            )
            return Owner(by_code, about_name=(said,))
        if by_code:
            return Owner(by_code)
        if name or code:
            return self._stranger(tidied(name), code)
        if self.default:
            return Owner(self.default)
        return Owner(
            about_name=(
                CellRemark(
                    ERROR,
                    "no_organ",
                    "没有填实施主体",
                    "请填单位全称，或在预览页的“没写实施主体的行归”里选单位，再检查",
                ),
            )
        )

    def _stranger(self, name: str, code: str) -> Owner:
        about_code = self._code_remarks(code, None)
        if not name:
            near = uscc_problem(code, list(self._codes)).proposal if code else ""
            guess = f"，会不会是“{self._codes[near]}”（{near}）" if near in self._codes else ""
            return Owner(
                about_name=(
                    CellRemark(
                        ERROR, "organ", f"只填了代码“{code}”，没有登记过这个代码的单位{guess}", "请补填单位名称"
                    ),
                ),
                about_code=about_code,
            )
        if self.create:
            if uscc_is_valid(code):
                self.new_codes.setdefault(folded(name), code)
            return Owner(new=name, about_code=about_code)
        from rapidfuzz import fuzz, process

        names = [organ.name for organ in self.organs]
        alike = process.extractOne(name, names, scorer=fuzz.WRatio, score_cutoff=ALIKE)
        proposal = f"像是“{alike[0]}”，请改成这个名称" if alike else "请核对名称"
        new = "确实是新单位的，请系统管理员先登记"
        unknown = CellRemark(ERROR, "organ", f"没有登记过单位“{name}”", f"{proposal}；{new}")
        return Owner(about_name=(unknown,), about_code=about_code)

    def _code_remarks(self, code: str, organ: Organ | None) -> tuple[CellRemark, ...]:
        if not code or (organ and organ.uscc == code):
            return ()
        known = [organ.uscc] if organ and organ.uscc else list(self._codes)
        if is_damaged_number(code):
            return (DAMAGED,)
        if uscc_is_valid(code):
            if organ and organ.uscc:
                return (CellRemark(DOUBT, "organ_code", f"与登记的“{organ}”的代码不同", organ.uscc),)
            return ()
        subunit = _SUBUNIT.fullmatch(code)
        problem = uscc_problem(subunit["uscc"] if subunit else code, known)
        message = f"{problem.message}（“_”后面像是下属机构的编号）" if subunit else problem.message
        return (CellRemark(DOUBT, "organ_code", message, problem.proposal),)


def kind_of(name: str) -> OrganKind:
    """Guess the kind of owner from its name.

    An official can correct it afterwards.
    """
    return next((kind for pattern, kind in _KINDS if re.search(pattern, name)), OrganKind.INSTITUTION)
