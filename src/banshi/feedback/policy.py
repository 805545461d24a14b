"""The rules of ratings, complaints and wishes, as officials keep them in data/feedback/policy.toml. Read here and nowhere else."""

from django.conf import settings
from pydantic import BaseModel, ConfigDict, Field, model_validator

from banshi.core.declarations import read_declaration
from banshi.feedback.enums import ComplaintKind

Days = Field(ge=1, le=365)


class _Rule(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class RatingTag(_Rule):
    """A reason that is picked with a grade."""

    code: str
    label: str
    bad: bool = False


class RatingPolicy(_Rule):
    basis: str
    contact_days: int = Days
    mend_days: int = Days
    plan_days: int = Days
    open_days: int = Days
    least_shown: int = Field(ge=1, le=100)
    outlier_raters: int = Field(ge=10, le=10_000)
    burst: int = Field(ge=2, le=10_000)
    same_device: int = Field(ge=1, le=10_000)
    tags: tuple[RatingTag, ...]


class KindLimit(_Rule):
    """Working days to answer one kind of complaint, and why so many."""

    code: ComplaintKind
    days: int = Days
    basis: str
    elsewhere: bool = False
    """Whether it goes to another than whom it accuses."""


class ComplaintClass(_Rule):
    code: str
    label: str
    words: tuple[str, ...]


class ComplaintPolicy(_Rule):
    accept_days: int = Days
    reopen_days: int = Days
    join_days: int = Days
    an_hour: int = Field(default=20, ge=1, le=10_000)
    crowd_of_address: int = Field(default=2000, ge=0, le=1_000_000)
    crowd_of_all: int = Field(default=20_000, ge=0, le=10_000_000)
    """What comes beyond `an_hour` from one address is kept and looked at first, so many a day from one and from all."""
    letters_a_day: int = Field(ge=1, le=10_000)
    knowledge_shown: int = Field(ge=1, le=20)
    elsewhere_to: tuple[str, ...] = ("superior", "desk")
    """Who gets what accuses an organ, in this order: its superior, the desk, or an organ by its name."""
    kinds: tuple[KindLimit, ...]
    classes: tuple[ComplaintClass, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def every_kind_has_its_limit(self) -> "ComplaintPolicy":
        if missing := set(ComplaintKind) - {each.code for each in self.kinds}:
            raise ValueError(f"没有写期限的类型：{'、'.join(sorted(str(each.label) for each in missing))}")
        return self

    def limit_of(self, kind: str) -> KindLimit:
        return next(each for each in self.kinds if each.code == kind)

    def class_named(self, code: str) -> ComplaintClass:
        return next((each for each in self.classes if each.code == code), self.classes[-1])


class AbuseKind(_Rule):
    """Words of one kind of abuse, in small letters without marks and blanks."""

    code: str
    label: str
    words: tuple[str, ...] = Field(min_length=1)


class WishPolicy(_Rule):
    threshold: int = Field(ge=1, le=1_000_000)
    answer_days: int = Days
    young_account_hours: int = Field(ge=0, le=8760)
    similar_shown: int = Field(ge=1, le=20)


class FeedbackPolicy(_Rule):
    rating: RatingPolicy
    complaint: ComplaintPolicy
    wish: WishPolicy
    abuse: tuple[AbuseKind, ...] = ()


def policy() -> FeedbackPolicy:
    return read_declaration(settings.FEEDBACK_POLICY, FeedbackPolicy, called="评价和诉求的规矩")
