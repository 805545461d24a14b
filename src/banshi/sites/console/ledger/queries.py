"""Ledger entries a person may read."""

from collections import defaultdict
from collections.abc import Iterable

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
        if kind in NAMED and key.isdecimal():
            wanted[kind].append(key)
    named: dict[str, str] = {}
    for kind, keys in wanted.items():
        model, column, label = NAMED[kind]
        rows = model.objects.filter(pk__in=keys).values_list("pk", column)  # type: ignore[attr-defined]
        named |= {f"{kind}:{key}": f"{label}：{name}" for key, name in rows if name}
    return named
