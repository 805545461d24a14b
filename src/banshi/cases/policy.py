"""The rules of handling, as officials keep them in data/cases/policy.toml. Read here and nowhere else."""

from typing import Literal

from django.conf import settings
from pydantic import BaseModel, ConfigDict, Field, model_validator

from banshi.cases.enums import ActKind
from banshi.cases.models import Case
from banshi.cases.steps import guide_of
from banshi.catalog.enums import ItemKind
from banshi.core.declarations import read_declaration

OF_ALL = (ActKind.DISPUTE, ActKind.ANSWER_DISPUTE)
"""Acts whose article is of no licence law, so that it holds for every matter as it is."""
Days = Field(ge=1, le=365)


class _Rules(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class DayLimit(_Rules):
    """Working days."""

    days: int = Days


class SupplementLapse(_Rules):
    """A lawful act that may follow when the last day of a supplement is over, for some kinds of matters or all."""

    act: Literal[ActKind.TERMINATE, ActKind.REFUSE_TO_ACCEPT, ActKind.DEEM_WITHDRAWN]
    kinds: tuple[ItemKind, ...] = ()
    basis: str = ""
    cited: bool = False


LAPSES = {
    ActKind.TERMINATE: "终止办理",
    ActKind.REFUSE_TO_ACCEPT: "不予受理",
    ActKind.DEEM_WITHDRAWN: "视为撤回申请",
}


class SupplementPolicy(_Rules):
    """Working days to supply what was asked for, those before the last to remind on, and what may follow when nothing comes."""

    days: int = Days
    remind: int = Days
    lapses: tuple[SupplementLapse, ...] = Field(min_length=1)

    def basis_of_lapse(self, act: str, item_kind: str) -> str:
        return next((each.basis for each in self.lapses_for(item_kind) if each.act == act), "")

    def lapses_for(self, item_kind: str) -> list[SupplementLapse]:
        return [each for each in self.lapses if not each.kinds or item_kind in each.kinds]

    @model_validator(mode="after")
    def something_follows_in_every_kind(self) -> "SupplementPolicy":
        if not any(not each.kinds and not each.cited for each in self.lapses):
            raise ValueError("补正期满的处理（supplement.lapses）里，要有一种各类事项都用、不另写依据的")
        return self


class Extension(_Rules):
    single: int = Days
    joint: int = Days


class StopPolicy(_Rules):
    """Counting of stops (`inclusive` stops the first day too), and the closed list of procedures that may stop a clock."""

    inclusive: bool
    procedures: tuple[str, ...]
    procedures_basis: str


class FullLimit(_Rules):
    """Words in the name of a step whose limit is to pass in full, such as a public notice."""

    words: tuple[str, ...]


class Renewal(_Rules):
    apply_before: int = Days


class CommitmentPolicy(_Rules):
    check_days: int = Days
    sample_share: float = Field(ge=0, le=1)


class RefusalGround(_Rules):
    """A lawful ground to refuse acceptance, with its article or one to be cited."""

    name: str
    label: str
    basis: str = ""
    by_analogy: bool = False
    cited: bool = False
    after_supplement: bool = False

    @model_validator(mode="after")
    def has_an_article(self) -> "RefusalGround":
        if bool(self.basis) is self.cited:
            raise ValueError(f"“{self.label}”要么写明依据，要么由办理的人写明")
        return self


class Remedies(_Rules):
    """General words on reconsideration and suits, of powers and of services."""

    text: str
    service: str

    def of(self, item_kind: str) -> str:
        return self.service if item_kind == ItemKind.SERVICE else self.text


class CasePolicy(_Rules):
    draft_days: int = Days
    claim_minutes: int = Field(ge=1, le=24 * 60)
    acceptance: DayLimit
    supplement: SupplementPolicy
    statutory: DayLimit
    delivery: DayLimit
    extension: Extension
    stops: StopPolicy
    full_limit: FullLimit
    renewal: Renewal
    commitment: CommitmentPolicy
    basis: dict[ActKind, str]
    refusals: tuple[RefusalGround, ...]
    remedies: Remedies

    def basis_of(self, act: str, item_kind: str) -> str:
        """Return the article an act rests on, which matters other than licences follow by analogy."""
        text = self.basis.get(ActKind(act), "")
        return text if not text or item_kind == ItemKind.LICENCE or act in OF_ALL else f"参照{text}"

    def refusals_for(self, *, supplemented: bool) -> list[RefusalGround]:
        return [each for each in self.refusals if supplemented or not each.after_supplement]

    @model_validator(mode="after")
    def closed_list_is_named(self) -> "CasePolicy":
        if not self.stops.procedures:
            raise ValueError("没有写可以停表的程序")
        return self


def remedies_of(case: Case) -> str:
    """Return what the guide says of reconsideration and suits, with the law's general words where it names neither."""
    said = guide_of(case.publication).remedies
    if any(word in said for word in ("复议", "诉讼", "起诉")):
        return said
    return f"{said and said.rstrip('。') + '。'}{policy().remedies.of(case.item.kind)}"


def policy() -> CasePolicy:
    return read_declaration(settings.CASE_POLICY, CasePolicy, called="办件的规矩")
