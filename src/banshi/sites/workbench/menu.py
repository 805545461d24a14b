"""Entries of the workbench in the staff menu."""

from django.db.models import QuerySet

from banshi.adjustments.queries import waiting_for
from banshi.campaigns.queries import desk_of, waiting
from banshi.cases.queries import DeskTab, desk
from banshi.catalog.models import Revision
from banshi.core.clock import now
from banshi.feedback.models import BadRating, Complaint
from banshi.feedback.queries import OPEN_BAD_RATINGS, OPEN_COMPLAINTS, bad_ratings_visible_to, complaints_visible_to
from banshi.people.models import User
from banshi.sites.kit.menu import COUNTED, MenuEntry, register
from banshi.sites.kit.permissions import Permission, organs_where
from banshi.sites.workbench.registers.kinds import REGISTERS

P = Permission


WORK = (P.ITEM_EDIT, P.ITEM_EXPORT, P.REPORT_SIGN, P.REVIEW_GIVE, P.CAMPAIGN_VIEW, P.LEDGER_VIEW)
"""Who works on the catalogue or watches over it; at the window one only looks things up."""


def open_drafts(user: User) -> QuerySet[Revision]:
    organs = organs_where(user, P.ITEM_EDIT)
    return Revision.objects.filter(state=Revision.State.DRAFT, item__organ__in=organs)


def open_bad_ratings(user: User) -> QuerySet[BadRating]:
    return bad_ratings_visible_to(user, at=now()).filter(state__in=OPEN_BAD_RATINGS)


def open_complaints(user: User) -> QuerySet[Complaint]:
    return complaints_visible_to(user, at=now()).filter(state__in=OPEN_COMPLAINTS, leader=None)


def reviews_waiting(user: User) -> int:
    """Count waiting reviews of all campaigns under way, whose groups are read before they can be asked for."""
    return waiting(desk_of(user, at=now())).order_by()[:COUNTED].count()


register(
    MenuEntry(
        "我的工作", "今天要做", icon="calendar2-check", url_name="workbench:today", order=10, waiting=open_drafts
    ),
    MenuEntry(
        "我的工作",
        "办件",
        icon="inbox",
        url_name="workbench:cases",
        permission=P.CASE_VIEW,
        order=15,
        waiting=lambda user: desk(user, DeskTab.UNIT, at=now()),
    ),
    MenuEntry(
        "我的工作",
        "差评",
        icon="chat-left-text",
        url_name="workbench:bad-ratings",
        permission=P.RATING_VERIFY,
        order=20,
        waiting=open_bad_ratings,
    ),
    MenuEntry(
        "我的工作",
        "诉求",
        icon="megaphone",
        url_name="workbench:complaints",
        permission=P.COMPLAINT_HANDLE,
        order=21,
        waiting=open_complaints,
    ),
    MenuEntry(
        "我的工作",
        "愿望",
        icon="stars",
        url_name="workbench:wishes",
        permission=(P.WISH_MODERATE, P.WISH_ANSWER),
        order=22,
    ),
    MenuEntry("事项", "事项", icon="card-list", url_name="workbench:items", permission=P.ITEM_VIEW, order=10),
    MenuEntry("事项", "表格导入", icon="upload", url_name="workbench:imports", permission=P.ITEM_IMPORT, order=20),
    MenuEntry("事项", "导出表格", icon="download", url_name="workbench:exports", permission=P.ITEM_EXPORT, order=30),
    MenuEntry(
        "事项",
        "统一参考目录",
        icon="journal-bookmark",
        url_name="workbench:references",
        permission=WORK,
        order=40,
    ),
    *(
        MenuEntry("名录", each.label, each.icon, f"workbench:{each.code}", permission=WORK, order=order)
        for order, each in enumerate(REGISTERS)
    ),
    MenuEntry("事项", "一件事", icon="balloon-heart", url_name="workbench:bundles", permission=WORK, order=41),
    MenuEntry("事项", "规则检查", icon="clipboard-check", url_name="workbench:findings", permission=WORK, order=42),
    MenuEntry("事项", "全目录对照", icon="diagram-3", url_name="workbench:whole", permission=WORK, order=43),
    MenuEntry("事项", "保留证明", icon="file-earmark-check", url_name="workbench:proofs", permission=WORK, order=44),
    MenuEntry(
        "数据共享",
        "数据资源目录",
        icon="database",
        url_name="workbench:data_resources",
        permission=P.EXCHANGE_VIEW,
        order=10,
    ),
    MenuEntry(
        "数据共享",
        "三张清单",
        icon="list-check",
        url_name="workbench:data_demands",
        permission=P.EXCHANGE_VIEW,
        order=15,
    ),
    MenuEntry(
        "数据共享",
        "共享申请",
        icon="arrow-left-right",
        url_name="workbench:data_requests",
        permission=(P.EXCHANGE_ASK, P.EXCHANGE_PROVIDE, P.EXCHANGE_OVERSEE),
        order=20,
    ),
    MenuEntry(
        "数据共享",
        "数据校核",
        icon="patch-question",
        url_name="workbench:data_corrections",
        permission=P.EXCHANGE_VIEW,
        order=25,
    ),
    MenuEntry(
        "数据共享",
        "调用记录",
        icon="journal-check",
        url_name="workbench:data_calls",
        permission=(P.EXCHANGE_ASK, P.EXCHANGE_PROVIDE, P.EXCHANGE_OVERSEE),
        order=30,
    ),
    MenuEntry("审核", "清理规范工作", icon="kanban", url_name="workbench:campaigns", permission=WORK, order=10),
    MenuEntry("审核", "上报", icon="send", url_name="workbench:reports", permission=P.REPORT_PREPARE, order=20),
    MenuEntry(
        "事项",
        "动态调整",
        icon="arrow-repeat",
        url_name="workbench:adjustments",
        permission=WORK,
        order=46,
        waiting=lambda user: waiting_for(user, at=now()),
    ),
    MenuEntry("事项", "法规", icon="journal-text", url_name="workbench:laws", permission=P.ITEM_VIEW, order=48),
    MenuEntry("事项", "公告", icon="megaphone", url_name="workbench:notices", permission=P.NOTICE_EDIT, order=50),
    MenuEntry(
        "审核",
        "审核台",
        icon="clipboard2-check",
        url_name="workbench:desk",
        permission=P.REVIEW_GIVE,
        order=30,
        count=reviews_waiting,
    ),
)
