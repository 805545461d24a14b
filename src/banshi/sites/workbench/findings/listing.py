"""Findings as the address asks for them."""

from django.db.models import Q, QuerySet

from banshi.core.clock import now
from banshi.people.models import User
from banshi.rulebook.models import FlawFound
from banshi.rulebook.queries import flaws_visible_to
from banshi.sites.kit.listing.filters import Contains, Equals, Filter, Filters, OrganNamed, Where
from banshi.sites.kit.permissions import Permission

PAGE = 25


class FindingFilters(Filters):
    """Those kept with a reason are left out unless `kept` asks for them."""

    q = Contains("item__name", label="事项名称")
    organ = OrganNamed(label="实施主体")
    severity = Equals("severity", "轻重")
    rule = Equals("rule", "规则")
    rewrite = Where(
        lambda yes: Q(rewrite__isnull=yes != "1"), "改法", options=[("1", "可以直接采用"), ("0", "要自己改")]
    )
    kept = Filter("处理", options=[("1", "已写保留理由")], every="还要改的")


def flaws_shown(
    user: User, filters: FindingFilters, permission: Permission = Permission.ITEM_VIEW
) -> QuerySet[FlawFound]:
    """Return the heaviest first."""
    kept = Q(retention__isnull=not filters.kept)
    return flaws_visible_to(user, permission, at=now()).filter(kept, filters.condition()).order_by("weight", "id")
