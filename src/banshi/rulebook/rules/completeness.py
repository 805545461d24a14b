"""完整: what every guide must say."""

from collections.abc import Iterator
from typing import ClassVar

from banshi.catalog.guide.document import Guide
from banshi.rulebook.enums import ProposedDisposition, Severity
from banshi.rulebook.rule import About, Flaw, Ground, Rule
from banshi.rulebook.rules.legal_sources import (
    ADVICE,
    COMPLAINTS,
    DISCLOSED_FEES,
    DISCLOSED_HANDLING,
    DISCLOSED_OFFICE,
    ELEMENTS,
    GUIDES,
    IN_TIME,
    LICENCE_FEES,
    LICENCE_PUBLIC,
    ONLINE_GUIDE,
    SIMPLIFY,
)


class MissingElement(Rule):
    """An element that stands empty. Subclasses name it."""

    element: ClassVar[str]
    label: ClassVar[str]
    basis: ClassVar[tuple[Ground, ...]] = (ELEMENTS,)
    severity = Severity.SHOULD
    disposition = ProposedDisposition.COMPLETE

    def __init_subclass__(cls) -> None:
        cls.reads = cls.__dict__.get("reads", (cls.element,))

    def flaws(self, guide: Guide, about: About) -> Iterator[Flaw]:
        if self.lacks(guide):
            yield Flaw(self.element, "", f"没有写{self.label}")

    def lacks(self, guide: Guide) -> bool:
        value = getattr(guide, self.element)
        return value is None or value == "" or not len(value) if not isinstance(value, bool | int) else False


class WZ01(MissingElement):
    """事项要有名称。"""

    element, label = "name", "事项名称"


class WZ02(MissingElement):
    """指南要写明服务对象。"""

    element, label = "audience", "服务对象"


class WZ03(MissingElement):
    """指南要写明受理条件。"""

    element, label = "conditions", "受理条件"
    basis = (ONLINE_GUIDE, DISCLOSED_HANDLING)
    severity = Severity.MUST


class WZ04(MissingElement):
    """指南要列出申请材料；确实不用交材料的，要写明“无需提交材料”。"""

    element, label = "materials", "申请材料（不用交的请勾“无需提交材料”）"
    basis = (ONLINE_GUIDE, LICENCE_PUBLIC)
    severity = Severity.MUST
    reads = ("materials", "no_materials")

    def lacks(self, guide: Guide) -> bool:
        return not guide.materials and not guide.no_materials


class WZ05(MissingElement):
    """指南要写明服务流程。"""

    element, label = "steps", "服务流程"
    basis = (ONLINE_GUIDE, DISCLOSED_HANDLING)
    severity = Severity.MUST


class WZ06(MissingElement):
    """指南要写明办理时限（承诺多久办好）。"""

    element, label = "promised_limit", "承诺时限"
    basis = (IN_TIME, SIMPLIFY)
    reads = ("promised_limit",)

    def lacks(self, guide: Guide) -> bool:
        limit = guide.promised_limit
        return limit.value is None and not limit.immediate and not limit.text


class WZ07(MissingElement):
    """指南要写明收不收费。"""

    element, label = "charged", "是否收费"
    basis = (DISCLOSED_FEES, LICENCE_FEES)


class WZ08(MissingElement):
    """指南要写明到哪里办：地点、窗口。"""

    element, label = "places", "办理地点"
    basis = (DISCLOSED_OFFICE, ELEMENTS)
    reads = ("handle_forms", "online", "places")

    def lacks(self, guide: Guide) -> bool:
        by_window = "1" in guide.handle_forms or not (guide.handle_forms or guide.online)
        return not guide.places and by_window


class WZ09(MissingElement):
    """指南要写明能不能在网上办。"""

    element, label = "online", "是否在线办理"


class WZ10(MissingElement):
    """指南要写明咨询方式。"""

    element, label = "consult", "咨询方式"
    basis = (DISCLOSED_OFFICE, SIMPLIFY)
    reads = ("consult",)

    def lacks(self, guide: Guide) -> bool:
        return not (guide.consult.phone or guide.consult.address or guide.consult.url)


class WZ11(MissingElement):
    """指南要写明监督投诉方式。"""

    element, label = "complaint", "监督投诉方式"
    basis = (COMPLAINTS, ELEMENTS)
    reads = ("complaint",)

    def lacks(self, guide: Guide) -> bool:
        return not (guide.complaint.phone or guide.complaint.address or guide.complaint.url)


class WZ12(MissingElement):
    """指南要写明是否纳入政府购买服务。"""

    element, label = "government_purchase", "是否纳入政府购买服务"
    basis = (ADVICE,)
    severity = Severity.HINT


class WZ13(MissingElement):
    """指南要写明办理结果，群众才知道能拿到什么。"""

    element, label = "result_name", "结果名称"
    basis = (GUIDES,)


class WZ14(MissingElement):
    """指南要写明由哪个科室或单位承办。"""

    element, label = "undertaker", "承办机构"
    basis = (SIMPLIFY, ELEMENTS)


class WZ15(MissingElement):
    """指南要有一句话说明，让群众先看懂这是办什么的。"""

    element, label = "summary", "一句话说明"
    basis = (GUIDES,)
    severity = Severity.HINT


RULES = (WZ01, WZ02, WZ03, WZ04, WZ05, WZ06, WZ07, WZ08, WZ09, WZ10, WZ11, WZ12, WZ13, WZ14, WZ15)
