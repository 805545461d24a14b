"""The rules of sharing, as officials keep them in data/exchange/policy.toml. Read here and nowhere else."""

from django.conf import settings
from pydantic import BaseModel, ConfigDict, Field

from banshi.core.declarations import read_declaration

Days = Field(ge=1, le=365)


class _SharingRules(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class AnswerDays(_SharingRules):
    """Working days of decree 809 §21."""

    unconditional: int = Days
    conditional: int = Days
    extension: int = Days


class WorkingDays(_SharingRules):
    days: int = Days


class CorrectionRules(WorkingDays):
    """Days to answer, and the resource behind each source a form is filled in from, by its code."""

    registers: dict[str, str]


class CatalogueDays(_SharingRules):
    update: int = Days
    extension: int = Days
    check: int = Days
    public_level: int = Field(ge=0, le=4)


class RecordYears(_SharingRules):
    years: int = Field(ge=3, le=100)


class CallLimits(_SharingRules):
    seconds: float = Field(gt=0, le=60)
    rows: int = Field(ge=1, le=100_000)
    guesses: int = Field(ge=1)
    guesses_of_clerk: int = Field(ge=1)
    absent_of_clerk: int = Field(ge=1)
    failures: int = Field(ge=1)
    rest_seconds: float = Field(gt=0)


class MeasureLimits(_SharingRules):
    seconds: float = Field(gt=0, le=3600)


class Masking(_SharingRules):
    """Items of this level and above are masked in a record, unless the grant gives them plain."""

    level: int = Field(ge=1, le=5)


class BatchLimits(_SharingRules):
    seconds: float = Field(gt=0)
    rows: int = Field(ge=1)
    hours: float = Field(gt=0)
    keep_days: int = Field(ge=1)


class ExchangePolicy(_SharingRules):
    answer: AnswerDays
    delivery: WorkingDays
    correction: CorrectionRules
    catalogue: CatalogueDays
    records: RecordYears
    calls: CallLimits
    measures: MeasureLimits
    batches: BatchLimits
    masking: Masking
    cycles: dict[str, int]
    """Words for how often data are updated, with the days after which they are no longer new. 0: never told."""


def exchange_policy() -> ExchangePolicy:
    return read_declaration(settings.EXCHANGE_POLICY, ExchangePolicy, called="数据共享的规矩")
