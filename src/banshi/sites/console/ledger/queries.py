"""Ledger entries a person may read."""

from django.db.models import CharField, F, QuerySet, Value
from django.db.models.functions import Cast, Concat

from banshi.ledger.models import LedgerEntry
from banshi.people.models import User
from banshi.sites.kit.permissions import ROLES, Permission, Scope, current_posts, organs_where


def entries_visible_to(user: User) -> QuerySet[LedgerEntry]:
    """All acts for who reads the ledger everywhere. Else those of people with a post in an organ within reach."""
    if any(ROLES[post.role].reach(Permission.LEDGER_VIEW) is Scope.ALL for post in current_posts(user)):
        return LedgerEntry.objects.all()
    people = User.objects.filter(posts__organ__in=organs_where(user, Permission.LEDGER_VIEW))
    named = people.annotate(acted_as=Concat(Value("user:"), Cast(F("pk"), CharField())))
    return LedgerEntry.objects.filter(actor__in=named.values("acted_as"))
