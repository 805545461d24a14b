"""Reads about places, organs and people."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db.models import Case, Count, Q, QuerySet, When

from banshi.access import Allowed, Permission
from banshi.core.crypto import blind_index
from banshi.core.id_numbers import mobile_is_valid, plain_number
from banshi.core.prepared import PreparedQuery
from banshi.ledger import Actor
from banshi.people.models import Delegation, Division, Identity, Organ, Post, SignIn, User
from banshi.people.posts import current_posts, posts_giving


def account_of(by: Actor) -> User | None:
    """Return the account behind an actor.

    None for the software itself and for those who need none.
    """
    actor = by.actor if isinstance(by, Allowed) else by
    return actor if isinstance(actor, User) else None


def office_of(by: Actor, at: datetime) -> str:
    """Name the office a person acts for, rather than the person.

    Returns "" for the software itself.
    """
    account = account_of(by)
    posts = current_posts(account, at) if account else []
    giving = [post for post, _ in posts_giving(account, Permission.ITEM_PUBLISH, at)] if posts else []
    return next((post.organ.name for post in (*giving, *posts)), "")


def mobiles_of(users: Iterable[int]) -> dict[int, str]:
    """Return by account the mobile numbers that messages go to.

    Nobody is shown them but where the person asked to be called.
    """
    phones = dict(User.objects.filter(pk__in=list(users), is_active=True).values_list("pk", "phone"))
    for each in Identity.objects.filter(user__in=[key for key, phone in phones.items() if not phone]):
        phones[each.user_id] = each.opened("phone")
    return {key: phone for key, phone in phones.items() if mobile_is_valid(phone)}


def names_of(users: Iterable[User]) -> dict[int, str]:
    """Return by account the names registered, else those the accounts are called by.

    For what is sealed again, or who goes to the person's door. Others are shown the account's, which is masked.
    """
    names = {each.pk: str(each) for each in users}
    sealed = Identity.objects.filter(user__in=names)
    return names | {each.user_id: each.opened("name") for each in sealed}


def posts_on(day: date) -> QuerySet[Post]:
    """List posts in force on a day."""
    return Post.objects.filter(Q(until=None) | Q(until__gte=day), since__lte=day).select_related(
        "user", "organ__division"
    )


def delegations_on(day: date) -> QuerySet[Delegation]:
    """List delegations that let somebody act on a day."""
    current = Delegation.objects.filter(since__lte=day, until__gte=day, ended_at=None)
    return current.select_related("post__user", "post__organ__division", "to")


@dataclass(frozen=True, slots=True)
class Acting:
    """A person acting in a post, its holder or a deputy."""

    user: int
    post: Post


def acting_at(organs: Iterable[int], roles: Iterable[str], day: date) -> dict[int, list[Acting]]:
    """Find by organ.

    Two queries for one organ as for thousands.
    """
    at, found = {"organ__in": list(organs), "role__in": list(roles)}, defaultdict(list)
    for post in posts_on(day).filter(**at):
        found[post.organ_id].append(Acting(post.user_id, post))
    for each in delegations_on(day).filter(post__in=posts_on(day).filter(**at)):
        found[each.post.organ_id].append(Acting(each.to_id, each.post))
    return found


def organs_with_counts(day: date) -> QuerySet[Organ]:
    """List organs, each with `holders`: how many people hold a post there."""
    in_force = Q(posts__since__lte=day) & (Q(posts__until=None) | Q(posts__until__gte=day))
    return Organ.objects.select_related("division", "superior").annotate(
        holders=Count("posts__user", filter=in_force, distinct=True)
    )


def organs_near(place: Division, organs: QuerySet[Organ]) -> QuerySet[Organ]:
    """Order organs by where they are: in a place, up its line, below it, elsewhere."""
    line = [place.pk[:digits] for digits in range(len(place.pk), 1, -1)]
    above = [When(division=code, then=distance) for distance, code in enumerate(line)]
    below = When(division__code__startswith=place.prefix, then=len(line))
    return organs.order_by(Case(*above, below, default=len(line) + 1), "division_id", "pk")


def staff(words: str = "") -> QuerySet[User]:
    """List accounts that are no citizen's.

    `words` in name or account.
    """
    found = User.objects.filter(identity=None).order_by("full_name", "username")
    return found.filter(Q(full_name__icontains=words) | Q(username__icontains=words)) if words else found


def identity_of(user: User) -> Identity | None:
    return IDENTITY.first(user.pk)


IDENTITY = PreparedQuery(lambda user: Identity.objects.filter(user=user))


def differs_from_identity(identity: Identity, field: str, text: str) -> bool:
    """Compare what was typed with the registered `name` or `number`, which nobody is shown by it."""
    return plain_number(identity.opened(field)) != plain_number(text)


def identity_by_number(number: str) -> Identity | None:
    """Find a citizen or enterprise by the number on the card, which is kept sealed."""
    index = blind_index(plain_number(number), purpose=Identity.PURPOSE)
    return Identity.objects.select_related("user").filter(number_index=index).first()


def recent_sign_ins(user: User, limit: int = 10) -> QuerySet[SignIn]:
    return SignIn.objects.filter(user=user)[:limit]


@dataclass(slots=True)
class OrganBranch:
    """A node of the tree of organs: an organ and those it is superior to."""

    organ: Organ
    branches: list["OrganBranch"] = field(default_factory=list)


@dataclass(slots=True)
class DivisionNode:
    """A division with the organs that stand at the top of their lines there, and the divisions below."""

    division: Division
    depth: int
    organs: list[OrganBranch]


def organ_tree(organs: Iterable[Organ]) -> list[DivisionNode]:
    """Arrange divisions in order of code, each with its trees of organs.

    An organ hangs under its superior when that is in the same division. Otherwise it stands in its own division, as
    people look for it.
    """
    branches = {organ.pk: OrganBranch(organ) for organ in organs}
    tops: dict[str, list[OrganBranch]] = defaultdict(list)
    for branch in branches.values():
        superior = branches.get(branch.organ.superior_id or 0)
        if superior and superior.organ.division_id == branch.organ.division_id:
            superior.branches.append(branch)
        else:
            tops[branch.organ.division_id].append(branch)
    divisions = Division.objects.filter(pk__in=tops).order_by("code")
    return [DivisionNode(division, division.level - 2, tops[division.pk]) for division in divisions]
