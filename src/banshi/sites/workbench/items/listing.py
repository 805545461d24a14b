"""The list of items as its address describes it."""

from django.db.models import Q, QuerySet

from banshi.catalog.models import Item
from banshi.catalog.queries import items_visible_to
from banshi.core.clock import now
from banshi.people.models import User
from banshi.sites.kit.listing.filters import Contains, Equals, Filter, Filters, OrganNamed, Where

PAGE = 25
NO_CATEGORY = "none"
SHOWN = (
    *("guid", "name", "code", "kind", "state", "flow", "percent", "is_example"),
    *("organ__name", "organ__short_name", "category__name", "listing__item"),
)
"""What a row of the list needs of an item."""


NEVER_PUBLISHED = "draft"


def _in_state(code: str) -> Q:
    if code == NEVER_PUBLISHED:
        return Q(state="active", ever_published=False)
    return Q(state=code, ever_published=True) if code == "active" else Q(state=code)


class ItemListFilters(Filters):
    dense = Filter(narrows=False)
    q = Contains("name", "code", label="名称或编码")
    organ = OrganNamed(label="实施主体")
    category = Where(lambda code: Q(category=None) if code == NO_CATEGORY else Q(category_id=code), "类别")
    state = Where(_in_state, "状态")
    kind = Equals("kind", "类型")
    draft = Where(lambda yes: Q(has_draft=yes == "1"), "草稿", options=[("1", "有草稿"), ("0", "没有草稿")])
    complete = Where(
        lambda yes: Q(percent=100) if yes == "1" else Q(percent__lt=100),
        "完整度",
        options=[("1", "已齐全"), ("0", "还缺内容")],
    )


def items_shown(user: User, filters: ItemListFilters) -> QuerySet[Item]:
    """List all items the filters ask for among those the user may see, newest first."""
    return items_visible_to(user, at=now()).filter(filters.condition()).only(*SHOWN).order_by("-id")
