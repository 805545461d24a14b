"""Legal grounds the rules name. `sure=False`: the article was not checked against the text, and the rule page says so."""

from banshi.cleanup.rule import Ground

SIMPLIFY = Ground("国务院办公厅关于简化优化公共服务流程方便基层群众办事创业的通知", "国办发〔2015〕86号")
NO_PROOF_WITHOUT_LAW = Ground("国务院办公厅关于做好证明事项清理工作的通知", "国办发〔2018〕47号")
COMMITMENT = Ground("国务院办公厅关于全面推行证明事项和涉企经营许可事项告知承诺制的指导意见", "国办发〔2020〕42号")
VILLAGE = Ground("民政部等关于印发《不应由基层群众性自治组织出具证明事项清单（第一批）》的通知", "民发〔2020〕20号")
BUSINESS = Ground("优化营商环境条例", "国务院令第722号", "第四十四条", sure=False)
ONCE_TOLD = Ground("优化营商环境条例", "国务院令第722号", "第三十六条", sure=False)
ONLINE = Ground("国务院关于在线政务服务的若干规定", "国务院令第716号")
SHARING = Ground("政务信息资源共享管理暂行办法", "国发〔2016〕51号")
LICENCE_CONDITIONS = Ground("中华人民共和国行政许可法", "", "第十六条")
LICENCE_PUBLIC = Ground("中华人民共和国行政许可法", "", "第三十条")
LICENCE_MATERIALS = Ground("中华人民共和国行政许可法", "", "第三十一条")
LICENCE_ACCEPT = Ground("中华人民共和国行政许可法", "", "第三十二条")
LICENCE_DAYS = Ground("中华人民共和国行政许可法", "", "第四十二条")
LICENCE_SPECIAL = Ground("中华人民共和国行政许可法", "", "第四十五条")
LICENCE_FREE = Ground("中华人民共和国行政许可法", "", "第五十八条")
LICENCE_FEES = Ground("中华人民共和国行政许可法", "", "第五十九条")
WORKING_DAYS = Ground("中华人民共和国行政许可法", "", "第八十二条")
LEGISLATION = Ground("中华人民共和国立法法", "", "第九十六条", sure=False)
CODES = Ground(
    "全国一体化政务服务平台 政务服务事项基本目录及实施清单 第1部分：编码要求", "GB/T 39554.1-2020", sure=False
)
ELEMENTS = Ground(
    "全国一体化政务服务平台 政务服务事项基本目录及实施清单 第2部分：要素要求", "GB/T 39554.2-2020", sure=False
)
GUIDES = Ground("政务服务中心 服务指南编制规范", "GB/T 36114-2018", sure=False)
DATA = Ground("政务服务平台基础数据规范", "GB/T 39046-2020")
USCC = Ground("法人和其他组织统一社会信用代码编码规则", "GB 32100-2015")
TOPICS = Ground("国务院办公厅关于印发“互联网+政务服务”技术体系建设指南的通知", "国办函〔2016〕108号", sure=False)
STANDARD = Ground("国务院关于加快推进政务服务标准化规范化便利化的指导意见", "国发〔2022〕5号", sure=False)
PLAN = Ground("清理规范公共服务事项工作方案", "", "二、工作任务")
POWER_BACK = Ground("省级公共服务事项清理规范工作方案", "", "三（四）防止已取消的权力事项变相转为公共服务事项")
ENTRY = Ground("政务服务事项录入质量校验要求（地方通行）", "", "", sure=False)
