"""Who may do what: permissions and roles in code, each with words an official can read.

A role gives permissions over some organs: its holder's own organ and those it is superior to (`OWN`), all organs of
the division and below (`DIVISION`), or everywhere (`ALL`). `require()` is the one call at the top of a view.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.db.models import Q, QuerySet

from banshi.core.clock import today
from banshi.core.errors import Refused
from banshi.people.models import Organ, Post, User


class Permission(StrEnum):
    """Each value is its code; `PERMISSION_WORDS` says what it allows."""

    ITEM_VIEW = "item.view"
    ITEM_EDIT = "item.edit"
    ITEM_IMPORT = "item.import"
    ITEM_EXPORT = "item.export"
    ITEM_PUBLISH = "item.publish"
    ITEM_WITHDRAW = "item.withdraw"
    ITEM_LIFECYCLE = "item.lifecycle"
    REPORT_PREPARE = "report.prepare"
    REPORT_SIGN = "report.sign"
    REVIEW_GIVE = "review.give"
    CAMPAIGN_MANAGE = "campaign.manage"
    CAMPAIGN_VIEW = "campaign.view"
    ADJUST_APPLY = "adjust.apply"
    ADJUST_EXAMINE = "adjust.examine"
    LAW_EDIT = "law.edit"
    REGISTER_EDIT = "register.edit"
    OUTLET_MANAGE = "outlet.manage"
    REFERENCE_EDIT = "reference.edit"
    NOTICE_EDIT = "notice.edit"
    PEOPLE_MANAGE = "people.manage"
    CALENDAR_EDIT = "calendar.edit"
    LEDGER_VIEW = "ledger.view"
    SEARCH_VIEW = "search.view"
    SEARCH_EDIT = "search.edit"
    SYSTEM_VIEW = "system.view"


PERMISSION_WORDS = {
    Permission.ITEM_VIEW: "查看事项和指南（含未公布的）",
    Permission.ITEM_EDIT: "编写、修改事项和指南草稿",
    Permission.ITEM_IMPORT: "从表格导入事项",
    Permission.ITEM_EXPORT: "导出目录表、梳理表",
    Permission.ITEM_PUBLISH: "公布指南",
    Permission.ITEM_WITHDRAW: "撤下已公布的指南",
    Permission.ITEM_LIFECYCLE: "暂停、恢复、取消、合并、拆分事项",
    Permission.REPORT_PREPARE: "准备清理规范的上报材料",
    Permission.REPORT_SIGN: "代表单位审签上报",
    Permission.REVIEW_GIVE: "代表审核单位提出审核意见",
    Permission.CAMPAIGN_MANAGE: "组织清理规范工作，登记审定结果",
    Permission.CAMPAIGN_VIEW: "查看清理规范工作的进度、名单和通报",
    Permission.ADJUST_APPLY: "申请事项的动态调整",
    Permission.ADJUST_EXAMINE: "审核事项的动态调整",
    Permission.LAW_EDIT: "登记法律法规的修改和废止",
    Permission.REGISTER_EDIT: "维护权责清单、中介服务和可转移职能等名录",
    Permission.OUTLET_MANAGE: "管理对外发布渠道",
    Permission.REFERENCE_EDIT: "维护统一参考目录",
    Permission.NOTICE_EDIT: "发布公告",
    Permission.PEOPLE_MANAGE: "管理机构、岗位和授权",
    Permission.CALENDAR_EDIT: "维护工作日历",
    Permission.LEDGER_VIEW: "查阅操作记录",
    Permission.SEARCH_VIEW: "查看搜索情况",
    Permission.SEARCH_EDIT: "维护搜索用语（同义词）",
    Permission.SYSTEM_VIEW: "查看系统运行情况",
}


class Scope(StrEnum):
    OWN = "own"
    DIVISION = "division"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Role:
    code: str
    label: str
    description: str
    scope: Scope
    permissions: frozenset[Permission]


def _role(code: str, label: str, description: str, scope: Scope, *permissions: Permission) -> tuple[str, Role]:
    return code, Role(code, label, description, scope, frozenset(permissions))


P = Permission
ROLES: dict[str, Role] = dict(
    [
        _role(
            "clerk",
            "单位经办人",
            "编写本单位及所属单位的事项和指南",
            Scope.OWN,
            P.ITEM_VIEW,
            P.ITEM_EDIT,
            P.ITEM_IMPORT,
            P.ITEM_EXPORT,
            P.REPORT_PREPARE,
            P.ADJUST_APPLY,
        ),
        _role(
            "head",
            "单位负责人",
            "查看本单位事项，审签上报",
            Scope.OWN,
            P.ITEM_VIEW,
            P.ITEM_EXPORT,
            P.REPORT_PREPARE,
            P.REPORT_SIGN,
        ),
        _role(
            "reviewer",
            "审核人",
            "审核本级及以下各单位的事项",
            Scope.DIVISION,
            P.ITEM_VIEW,
            P.ITEM_EXPORT,
            P.SEARCH_VIEW,
            P.REVIEW_GIVE,
            P.ADJUST_EXAMINE,
        ),
        _role(
            "organizer",
            "清理规范组织人员",
            "制定清理规范工作的计划，督促进度，登记审定结果，维护名录和法规",
            Scope.DIVISION,
            P.ITEM_VIEW,
            P.ITEM_EXPORT,
            P.SEARCH_VIEW,
            P.CAMPAIGN_MANAGE,
            P.CAMPAIGN_VIEW,
            P.REVIEW_GIVE,
            P.ADJUST_EXAMINE,
            P.LAW_EDIT,
            P.REGISTER_EDIT,
            P.REFERENCE_EDIT,
            P.NOTICE_EDIT,
        ),
        _role(
            "publisher",
            "公布管理员",
            "公布和撤下指南，办理事项的调整",
            Scope.DIVISION,
            P.ITEM_VIEW,
            P.ITEM_EDIT,
            P.ITEM_IMPORT,
            P.ITEM_EXPORT,
            P.ITEM_PUBLISH,
            P.ITEM_WITHDRAW,
            P.ITEM_LIFECYCLE,
            P.REFERENCE_EDIT,
            P.NOTICE_EDIT,
            P.SEARCH_VIEW,
            P.SEARCH_EDIT,
        ),
        _role("window", "窗口人员", "为群众查询、打印指南", Scope.DIVISION, P.ITEM_VIEW),
        _role("handler", "后台办理人", "办理本单位的办件", Scope.OWN, P.ITEM_VIEW),
        _role(
            "supervisor",
            "监察员",
            "查阅记录，监督办理",
            Scope.DIVISION,
            P.ITEM_VIEW,
            P.CAMPAIGN_VIEW,
            P.LEDGER_VIEW,
            P.SEARCH_VIEW,
        ),
        _role("leader", "领导", "查看情况和通报", Scope.DIVISION, P.ITEM_VIEW, P.CAMPAIGN_VIEW, P.SEARCH_VIEW),
        _role("data_manager", "数据管理员", "管理数据共享", Scope.DIVISION, P.ITEM_VIEW, P.ITEM_EXPORT),
        _role(
            "admin",
            "系统管理员",
            "管理机构、人员、日历和运行",
            Scope.ALL,
            P.PEOPLE_MANAGE,
            P.CALENDAR_EDIT,
            P.LEDGER_VIEW,
            P.SEARCH_VIEW,
            P.SEARCH_EDIT,
            P.SYSTEM_VIEW,
            P.OUTLET_MANAGE,
        ),
    ]
)


def roles_with(permission: Permission) -> list[str]:
    """Codes of the roles that give it."""
    return [code for code, role in ROLES.items() if permission in role.permissions]


def posts_of(user: User) -> QuerySet[Post]:
    """Posts the user holds today, own and delegated."""
    day = today()
    current = Q(since__lte=day) & (Q(until=None) | Q(until__gte=day))
    delegated = Q(
        delegations__to=user, delegations__since__lte=day, delegations__until__gte=day, delegations__ended_at=None
    )
    return Post.objects.filter(current & (Q(user=user) | delegated)).select_related("organ__division").distinct()


def current_posts(user: Any) -> list[Post]:
    """`posts_of`, asked once for each user object (that is: once a request)."""
    if not getattr(user, "is_authenticated", False):
        return []
    if "_current_posts" not in user.__dict__:
        user.__dict__["_current_posts"] = list(posts_of(user))
    return user.__dict__["_current_posts"]  # type: ignore[no-any-return]


def withhold_posts(user: Any) -> None:
    """For this request the user counts as holding no post."""
    user.__dict__["_current_posts"] = []


def permissions_of(user: Any) -> frozenset[Permission]:
    return frozenset(p for post in current_posts(user) for p in ROLES[post.role].permissions)


def organs_where(user: Any, permission: Permission) -> QuerySet[Organ]:
    """The organs over which the user holds the permission. Every list of staff pages starts here."""
    reach = Q(pk__in=[])
    for post in current_posts(user):
        role = ROLES[post.role]
        if permission in role.permissions:
            reach |= _reach(role.scope, post.organ)
    return Organ.objects.filter(reach)


def _reach(scope: Scope, organ: Organ) -> Q:
    if scope is Scope.ALL:
        return Q(pk__isnull=False)
    if scope is Scope.DIVISION:
        return Q(division__code__startswith=organ.division.prefix)
    return Q(pk=organ.pk) | Q(superior=organ) | Q(superior__superior=organ)


def may(user: Any, permission: Permission, organ: Organ | None = None) -> bool:
    if permission not in permissions_of(user):
        return False
    return organ is None or organs_where(user, permission).filter(pk=organ.pk).exists()


def require(user: Any, permission: Permission, organ: Organ | None = None) -> None:
    """Refuse with a reason a person can act on."""
    if not may(user, permission, organ):
        raise Refused(
            f"您没有“{PERMISSION_WORDS[permission]}”的权限" + (f"（对{organ}）" if organ else ""),
            remedy="如果工作需要，请联系本单位负责人或系统管理员开通。",
        )
