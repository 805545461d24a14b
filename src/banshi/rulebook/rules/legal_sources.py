"""Legal grounds the rules name, each with its article, how it was checked and when.

`since` is when the document took effect; where only the day it was issued is known, that day.
"""

from datetime import date

from banshi.rulebook.enums import GroundCheck, GroundReach
from banshi.rulebook.rule import Ground

TEXT, NUMBER = GroundCheck.TEXT, GroundCheck.NUMBER
READ = date(2026, 11, 28)
SEEN = date(2026, 11, 27)

ADVICE = Ground("本平台建议", check=GroundCheck.ADVICE, since=date(2016, 1, 1))
"""No text in force orders it."""


def _online(article: str) -> Ground:
    return Ground(
        "国务院关于在线政务服务的若干规定", "国务院令第716号", article, TEXT, checked_on=READ, since=date(2019, 4, 26)
    )


ONLINE_GUIDE = _online("第六条")
"""Guides make clear 受理条件、办事材料、办理流程 and are public; services are among 政务服务事项 (第四条)."""
ONLINE_SHARED = _online("第七条")
"""What can be had by data sharing is not asked for again from who applies online."""
ONLINE_LICENCES = _online("第十条、第十一条")


def _disclosure(article: str) -> Ground:
    return Ground(
        "中华人民共和国政府信息公开条例",
        "国务院令第711号修订",
        article,
        TEXT,
        checked_on=READ,
        since=date(2019, 5, 15),
    )


DISCLOSED_EXACTLY = _disclosure("第六条")
"""政府信息 is made public in time and exactly."""
DISCLOSED_OFFICE = _disclosure("第二十条第（二）项")
"""办公地址、办公时间、联系方式."""
DISCLOSED_HANDLING = _disclosure("第二十条第（五）项")
"""依据、条件、程序 of 对外管理服务事项."""
DISCLOSED_FEES = _disclosure("第二十条第（八）项")
"""行政事业性收费项目及其依据、标准."""


def _business(article: str) -> Ground:
    return Ground(
        "优化营商环境条例",
        "国务院令第722号",
        article,
        TEXT,
        GroundReach.BUSINESS,
        checked_on=READ,
        since=date(2020, 1, 1),
    )


STANDARD_GUIDES = _business("第三十五条")
"""Fewer steps and materials; no condition and no step of handling without law, regulation or rule."""
IN_TIME = _business("第三十六条")
"""Handled on the spot, at one visit, within limits; statutory limits are kept; 现场踏勘 is done without delay."""
PROOFS = _business("第四十四条")
"""A proof needs a law, a regulation or a decision of the State Council."""
COMPLAINTS = _business("第四十九条")
"""Ways to complain are open and easy."""

DATA_SHARING = Ground("政务数据共享条例", "国务院令第809号", "第十九条", TEXT, checked_on=SEEN, since=date(2025, 8, 1))
"""What is shared is not collected again."""


def _licence(article: str) -> Ground:
    return Ground(
        "中华人民共和国行政许可法", "", article, TEXT, GroundReach.LICENCE, checked_on=SEEN, since=date(2004, 7, 1)
    )


LICENCE_CONDITIONS = _licence("第十六条")
LICENCE_PUBLIC = _licence("第三十条")
LICENCE_MATERIALS = _licence("第三十一条")
LICENCE_ACCEPT = _licence("第三十二条")
LICENCE_DAYS = _licence("第四十二条")
LICENCE_SPECIAL = _licence("第四十五条")
LICENCE_FREE = _licence("第五十八条")
LICENCE_FEES = _licence("第五十九条")
WORKING_DAYS = _licence("第八十二条")

VILLAGE = Ground(
    "关于改进和规范基层群众性自治组织出具证明工作的指导意见",
    "民发〔2020〕20号",
    "附件",
    TEXT,
    checked_on=SEEN,
    since=date(2020, 4, 28),
    note="附件20项的名称与五处公开的转载一致",
)
VILLAGE_MATTERS = Ground(
    "关于规范村级组织工作事务、机制牌子和证明事项的意见",
    "厅字〔2022〕28号",
    check=NUMBER,
    checked_on=SEEN,
    since=date(2022, 8, 22),
    note="施行日期未核对",
)
SIMPLIFY = Ground(
    "国务院办公厅关于简化优化公共服务流程方便基层群众办事创业的通知",
    "国办发〔2015〕86号",
    check=NUMBER,
    checked_on=READ,
    since=date(2015, 11, 27),
)
NO_PROOF_WITHOUT_LAW = Ground(
    "国务院办公厅关于做好证明事项清理工作的通知",
    "国办发〔2018〕47号",
    check=NUMBER,
    checked_on=READ,
    since=date(2018, 6, 15),
)
COMMITMENT = Ground(
    "国务院办公厅关于全面推行证明事项和涉企经营许可事项告知承诺制的指导意见",
    "国办发〔2020〕42号",
    check=NUMBER,
    checked_on=SEEN,
    since=date(2020, 10, 27),
    note="正文看过，没有对到具体条款",
)
CODES = Ground(
    "全国一体化政务服务平台 政务服务事项基本目录及实施清单 第1部分：编码要求",
    "GB/T 39554.1-2020",
    check=NUMBER,
    checked_on=SEEN,
    since=date(2020, 11, 19),
)
ELEMENTS = Ground(
    "全国一体化政务服务平台 政务服务事项基本目录及实施清单 第2部分：要素要求",
    "GB/T 39554.2-2020",
    check=NUMBER,
    checked_on=SEEN,
    since=date(2020, 11, 19),
    note="施行日期随第1部分，未单独核对",
)
GUIDES = Ground(
    "政务服务中心进驻事项服务指南编制规范",
    "GB/T 36114-2018",
    check=NUMBER,
    checked_on=SEEN,
    since=date(2018, 10, 1),
    note="施行日期有2018-07-01、2018-10-01两说，未核对，取后者",
)
USCC = Ground(
    "法人和其他组织统一社会信用代码编码规则",
    "GB 32100-2015",
    check=NUMBER,
    checked_on=SEEN,
    since=date(2015, 10, 1),
)
TOPICS = Ground(
    "国务院办公厅关于印发“互联网+政务服务”技术体系建设指南的通知",
    "国办函〔2016〕108号",
    check=NUMBER,
    checked_on=READ,
    since=date(2016, 12, 20),
)
STANDARD = Ground(
    "国务院关于加快推进政务服务标准化规范化便利化的指导意见",
    "国发〔2022〕5号",
    check=GroundCheck.NONE,
    since=date(2022, 2, 7),
)
