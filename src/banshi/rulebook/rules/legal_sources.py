"""Legal grounds the rules name. `sure=False`: the article was not checked against the text, and the rule page says so.

`since` is when the document took effect (circulars: when they were issued); where only the year is known, the year's end.
"""

from datetime import date

from banshi.rulebook.rule import Ground

SIMPLIFY = Ground(
    "国务院办公厅关于简化优化公共服务流程方便基层群众办事创业的通知", "国办发〔2015〕86号", since=date(2015, 11, 27)
)
NO_PROOF_WITHOUT_LAW = Ground(
    "国务院办公厅关于做好证明事项清理工作的通知", "国办发〔2018〕47号", since=date(2018, 6, 15)
)
COMMITMENT = Ground(
    "国务院办公厅关于全面推行证明事项和涉企经营许可事项告知承诺制的指导意见",
    "国办发〔2020〕42号",
    since=date(2020, 10, 27),
)
VILLAGE = Ground(
    "民政部 国家发展改革委 公安部 司法部 人力资源社会保障部 国家卫生健康委关于改进和规范基层群众性自治组织出具证明工作的指导意见",
    "民发〔2020〕20号",
    "附件",
    since=date(2020, 12, 31),
)


def _business(article: str) -> Ground:
    return Ground("优化营商环境条例", "国务院令第722号", article, sure=False, since=date(2020, 1, 1))


STANDARD_GUIDES = _business("第三十五条")
"""Guides are written and public; no condition and no step of handling without law, regulation or rule."""
IN_TIME = _business("第三十六条")
"""Handled on the spot, at one visit, within limits; statutory limits are kept, shorter ones are told."""
PROOFS = _business("第四十四条")
"""A proof needs a law, a regulation or a decision of the State Council."""
ONLINE = Ground("国务院关于在线政务服务的若干规定", "国务院令第716号", since=date(2019, 4, 26))
DATA_SHARING = Ground("政务数据共享条例", "国务院令第809号", since=date(2025, 8, 1))


def _licence(article: str) -> Ground:
    return Ground("中华人民共和国行政许可法", "", article, since=date(2004, 7, 1))


LICENCE_CONDITIONS = _licence("第十六条")
LICENCE_PUBLIC = _licence("第三十条")
LICENCE_MATERIALS = _licence("第三十一条")
LICENCE_ACCEPT = _licence("第三十二条")
LICENCE_DAYS = _licence("第四十二条")
LICENCE_SPECIAL = _licence("第四十五条")
LICENCE_FREE = _licence("第五十八条")
LICENCE_FEES = _licence("第五十九条")
WORKING_DAYS = _licence("第八十二条")
LEGISLATION = Ground("中华人民共和国立法法", sure=False, since=date(2000, 7, 1))
"""Laws say from when they are in force, and how they are ended; its articles were renumbered in 2023."""
CODES = Ground(
    "全国一体化政务服务平台 政务服务事项基本目录及实施清单 第1部分：编码要求",
    "GB/T 39554.1-2020",
    sure=False,
    since=date(2021, 6, 1),
)
ELEMENTS = Ground(
    "全国一体化政务服务平台 政务服务事项基本目录及实施清单 第2部分：要素要求",
    "GB/T 39554.2-2020",
    sure=False,
    since=date(2021, 6, 1),
)
GUIDES = Ground("政务服务中心 服务指南编制规范", "GB/T 36114-2018", sure=False, since=date(2018, 10, 1))
USCC = Ground("法人和其他组织统一社会信用代码编码规则", "GB 32100-2015", since=date(2015, 10, 1))
TOPICS = Ground(
    "国务院办公厅关于印发“互联网+政务服务”技术体系建设指南的通知",
    "国办函〔2016〕108号",
    sure=False,
    since=date(2016, 12, 20),
)
STANDARD = Ground(
    "国务院关于加快推进政务服务标准化规范化便利化的指导意见", "国发〔2022〕5号", sure=False, since=date(2022, 2, 7)
)
PLAN = Ground("清理规范公共服务事项工作方案", "", "二、工作任务", since=date(2016, 1, 1))
POWER_BACK = Ground(
    "省级公共服务事项清理规范工作方案", "", "三（四）防止已取消的权力事项变相转为公共服务事项", since=date(2017, 12, 31)
)
ENTRY = Ground("政务服务事项录入质量校验要求（地方通行）", sure=False, since=date(2020, 12, 31))
