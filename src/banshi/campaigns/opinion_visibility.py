"""Visibility of opinions, as one pure function tested for every case.

Bodies read and judge independently first; then each sees what the others said, and the lead sums up. The unit hears one
consolidated list, never single voices while they are being formed.
"""

from dataclasses import dataclass
from enum import StrEnum


class Viewer(StrEnum):
    """As what somebody looks at an entry."""

    UNIT = "unit"  # 清理单位
    LEAD = "lead"  # 牵头审核单位
    JOINT = "joint"  # 会同审核单位
    EXPERT = "expert"  # 专家、合法性审查人员
    ORGANIZER = "organizer"  # 组织单位
    STRANGER = "stranger"


class Voice(StrEnum):
    """The author of an opinion, seen from the reader."""

    OWN = "own"  # of the viewer's body, or the viewer's own
    BODY = "body"  # of another reviewing body
    EXPERT = "expert"  # of an expert or lawyer


@dataclass(frozen=True, slots=True)
class Moment:
    """The progress of the round in which the opinion was given."""

    own_given: bool  # the viewer's body has given its own opinion in this round
    concluded: bool  # the lead body has summed up this round


def may_see(viewer: Viewer, voice: Voice, moment: Moment) -> bool:
    match viewer:
        case Viewer.STRANGER:
            return False
        case Viewer.ORGANIZER:
            return True
        case Viewer.UNIT:
            return moment.concluded and voice == Voice.BODY
        case Viewer.LEAD | Viewer.JOINT:
            return voice != Voice.BODY or moment.own_given or moment.concluded
        case Viewer.EXPERT:
            return voice == Voice.OWN or (voice == Voice.BODY and moment.concluded)
