"""Ledger entries a person may read."""

from collections import defaultdict
from collections.abc import Iterable

from django.apps import apps
from django.db.models import CharField, F, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat

from banshi.campaigns.models import Campaign, Participation
from banshi.catalog.models import Item
from banshi.ledger.models import LedgerEntry
from banshi.people.models import Organ, User
from banshi.sites.kit.permissions import ROLES, Permission, Scope, current_posts, organs_where


def entries_visible_to(user: User) -> QuerySet[LedgerEntry]:
    """List all acts for who reads the ledger everywhere.

    Else those of people with a post in an organ within reach.
    """
    if any(ROLES[post.role].reach(Permission.LEDGER_VIEW) is Scope.ALL for post in current_posts(user)):
        return LedgerEntry.objects.all()
    people = User.objects.filter(posts__organ__in=organs_where(user, Permission.LEDGER_VIEW))
    named = people.annotate(acted_as=Concat(Value("user:"), Cast(F("pk"), CharField())))
    return LedgerEntry.objects.filter(actor__in=named.values("acted_as"))


NAMED: dict[str, tuple[type, str, str]] = {
    "catalog.Item": (Item, "name", "事项"),
    "people.Organ": (Organ, "name", "单位"),
    "people.User": (User, "full_name", "人员"),
    "campaigns.Campaign": (Campaign, "name", "工作"),
    "campaigns.Participation": (Participation, "organ__name", "参加单位"),
}
"""Kinds of things an act may be about that people know by a name."""
AT_MOST = 50
CALLED = {
    "adjustments.Adjustment": ("item__name", "动态调整"),
    "bundles.BundleVersion": ("code", "一件事"),
    "campaigns.Bulletin": ("title", "通报"),
    "campaigns.Comment": ("consultation__title", "公示意见"),
    "campaigns.Consultation": ("title", "公示"),
    "campaigns.Entry": ("item__name", "参审事项"),
    "campaigns.Order": ("participation__organ__name", "限期整改"),
    "campaigns.Report": ("participation__organ__name", "上报"),
    "campaigns.Review": ("entry__item__name", "审核意见"),
    "campaigns.Stage": ("campaign__name", "阶段"),
    "cases.Application": ("publication__item__name", "申请"),
    "cases.Case": ("number", "办件"),
    "cases.CaseAct": ("case__number", "办件"),
    "cases.CaseMaterial": ("name", "办件材料"),
    "cases.CaseTask": ("case__number", "办件环节"),
    "catalog.LifeEvent": ("name", "人生大事"),
    "catalog.Notice": ("title", "公告"),
    "catalog.ReferenceItem": ("name", "参考目录"),
    "catalog.Revision": ("item__name", "指南"),
    "clients.Client": ("name", "接入应用"),
    "core.StoredFile": ("name", "文件"),
    "exchange.DataRequest": ("resource__name", "共享申请"),
    "exchange.DataSystem": ("name", "数据系统"),
    "exchange.Demand": ("wanted", "数据需求"),
    "exchange.Grant": ("request__resource__name", "共享授权"),
    "exchange.Resource": ("name", "数据资源"),
    "feedback.KnowledgeEntry": ("question", "问答"),
    "feedback.Wish": ("title", "心愿"),
    "law.Law": ("title", "法规"),
    "papers.Paper": ("number", "文书"),
    "people.Division": ("name", "区划"),
    "people.Post": ("organ__name", "岗位"),
    "people.SignIn": ("user__full_name", "登录"),
    "feedback.RatingInvitation": ("label", "评价邀请"),
    "supervision.RuleStanding": ("code", "监察规则"),
    "registers.Agency": ("name", "中介机构"),
    "registers.IntermediaryService": ("name", "中介服务"),
    "registers.Power": ("name", "权力"),
    "registers.Proposal": ("name", "自编事项"),
    "registers.Purchase": ("service", "购买服务"),
    "registers.Transfer": ("function", "转移职能"),
    "rulebook.ProofKept": ("name", "保留的证明"),
    "window.Counter": ("hall__name", "窗口"),
    "window.Hall": ("name", "大厅"),
    "window.Skill": ("name", "业务类别"),
}
"""Further kinds by what they are called, in lists and not sought by it."""


def subjects_named(text: str) -> list[str]:
    """Find the things of that name, or the thing itself when its code is written."""
    if "." in text and ":" in text:
        return [text]
    found = []
    for kind, (model, column, _) in NAMED.items():
        keys = model.objects.filter(**{f"{column}__contains": text}).values_list("pk", flat=True)  # type: ignore[attr-defined]
        found += [f"{kind}:{key}" for key in keys[:AT_MOST]]
    return found


def about_named(text: str) -> Q:
    return Q(subject__in=subjects_named(text))


def named_subjects(subjects: Iterable[str]) -> dict[str, str]:
    """Say of each subject what people call it.

    Costs one query for each kind.
    """
    wanted: dict[str, list[str]] = defaultdict(list)
    for subject in subjects:
        kind, _, key = subject.partition(":")
        if (kind in NAMED or kind in CALLED) and key.isdecimal():
            wanted[kind].append(key)
    named: dict[str, str] = {}
    for kind, keys in wanted.items():
        model, column, label = NAMED.get(kind) or (apps.get_model(kind), *CALLED[kind])
        rows = model.objects.filter(pk__in=keys).values_list("pk", column)  # type: ignore[attr-defined]
        named |= {f"{kind}:{key}": f"{label}：{name}" for key, name in rows if name}
    return named
