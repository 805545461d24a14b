"""Code tables of the field.

Values are the standard's codes (GB/T 39046-2020, exchange table C0111). Labels are the words people read.
"""

from django.db.models import TextChoices


class ItemKind(TextChoices):
    """事项类型, GB/T 39046-2020.

    Only SERVICE belongs in a public-service catalogue. The rest are powers and are queried.
    """

    POWER = "00", "行政权力"
    LICENCE = "01", "行政许可"
    PENALTY = "02", "行政处罚"
    COERCION = "03", "行政强制"
    LEVY = "04", "行政征收"
    PAYMENT = "05", "行政给付"
    INSPECTION = "06", "行政检查"
    CONFIRMATION = "07", "行政确认"
    REWARD = "08", "行政奖励"
    RULING = "09", "行政裁决"
    OTHER_POWER = "10", "其他行政权力"
    SERVICE = "20", "公共服务"


class Level(TextChoices):
    """行使层级."""

    STATE = "1", "国家级"
    PROVINCE = "2", "省级"
    CITY = "3", "市级"
    COUNTY = "4", "县级"
    TOWN = "5", "乡镇(街道)级"
    VILLAGE = "6", "村(社区)级"
    SHARED = "7", "分级管理"


class OrganNature(TextChoices):
    """实施主体性质."""

    STATUTORY = "1", "法定机关"
    AUTHORISED = "2", "授权组织"
    ENTRUSTED = "3", "受委托组织"
    OTHER = "9", "其他"


class PowerSource(TextChoices):
    """权力来源."""

    OWN = "1", "法定本级行使"
    DELEGATED_DOWN = "2", "上级下放"
    AUTHORISED_FROM_ABOVE = "3", "上级授权"
    AUTHORISED_BY_PEER = "4", "同级授权"
    ENTRUSTED_FROM_ABOVE = "5", "上级委托"
    ENTRUSTED_BY_PEER = "6", "同级委托"


class Origin(TextChoices):
    """事项来源: the three sources named by the provincial work plan."""

    LAW = "law", "法律法规规章"
    DOCUMENT = "document", "规范性文件（含“三定”规定）"
    PROMISE = "promise", "会议纪要、公开承诺或经常性服务"


class Audience(TextChoices):
    """服务对象 (C0111)."""

    PERSON = "1", "自然人"
    COMPANY = "2", "企业法人"
    INSTITUTION = "3", "事业法人"
    ASSOCIATION = "4", "社会组织法人"
    UNINCORPORATED = "5", "非法人企业"
    GOVERNMENT = "6", "行政机关"
    OTHER = "9", "其他组织"


class HandleForm(TextChoices):
    """办理形式."""

    WINDOW = "1", "窗口办理"
    ONLINE = "2", "网上办理"
    MOBILE = "3", "移动端办理"
    POST = "4", "快递申请"
    OTHER = "9", "其他"


class CaseType(TextChoices):
    """办件类型."""

    IMMEDIATE = "1", "即办件"
    PROMISED = "2", "承诺件"
    OTHER = "9", "其他"


class TimeUnit(TextChoices):
    """时限单位."""

    WORKING_DAY = "1", "工作日"
    DAY = "2", "自然日"
    MONTH = "3", "月"
    HOUR = "4", "小时"


class Reach(TextChoices):
    """通办范围."""

    NATION = "nation", "全国通办"
    PROVINCES = "provinces", "跨省通办"
    PROVINCE = "province", "全省通办（跨市）"
    CITY = "city", "全市通办（跨县）"
    LOCAL = "local", "本地办理"


class OnlineDepth(TextChoices):
    """网办深度."""

    INFORM = "1", "Ⅰ级：网上查询"
    PREEXAMINE = "2", "Ⅱ级：网上预审"
    APPLY = "3", "Ⅲ级：网上申报，到场一次"
    FULL = "4", "Ⅳ级：全程网办"


class MaterialType(TextChoices):
    """材料类型."""

    CERTIFICATE = "1", "证件证书证明"
    FORM = "2", "申请表格文书"
    OTHER = "3", "其他"


class MaterialForm(TextChoices):
    """材料形式."""

    PAPER = "1", "纸质"
    ELECTRONIC = "2", "电子"
    EITHER = "3", "纸质或电子"


class CopyKind(TextChoices):
    """原件或复印件."""

    ORIGINAL = "original", "原件"
    COPY = "copy", "复印件"
    BOTH = "both", "原件和复印件"
    SHOWN = "shown", "原件核验，不收取"


class Necessity(TextChoices):
    """必要性."""

    REQUIRED = "1", "必要"
    OPTIONAL = "2", "非必要"
    LATER = "3", "容缺后补"


class MaterialSource(TextChoices):
    """来源渠道."""

    APPLICANT = "10", "申请人自备"
    GOVERNMENT = "20", "政府部门核发"
    OTHER = "99", "其他"


class CollectWay(TextChoices):
    """收取方式."""

    PAPER = "1", "纸质收取"
    UPLOAD = "2", "附件上传"
    SCAN = "3", "窗口扫描"
    LATER = "4", "容缺后补"
    LICENCE_STORE = "5", "调用电子证照"


class StepKind(TextChoices):
    """办理环节."""

    APPLY = "apply", "申请"
    RECEIVE = "receive", "收件"
    ACCEPT = "accept", "受理"
    EXAMINE = "examine", "审查"
    SPECIAL = "special", "特别程序"
    DECIDE = "decide", "决定"
    PRODUCE = "produce", "制证"
    DELIVER = "deliver", "送达"
    OTHER = "other", "其他"


class ResultType(TextChoices):
    """审批结果类型."""

    LICENCE = "10", "证照"
    DOCUMENT = "20", "批文"
    OTHER = "30", "其他"
    NONE = "40", "无"


class DeliveryWay(TextChoices):
    """送达方式."""

    WINDOW = "window", "窗口领取"
    POST = "post", "邮寄送达"
    ONLINE = "online", "网上下载"
    KIOSK = "kiosk", "自助终端打印"
    HOME = "home", "送达上门"


class ConsultWay(TextChoices):
    """咨询方式."""

    WINDOW = "1", "窗口"
    NETWORK = "2", "网络"
    PHONE = "3", "电话"
    LETTER = "4", "信件"
    MAIL = "5", "邮件"
