"""The accounts of a demonstration: their one password is no secret, and the sign-in page shows them in demo mode only."""

from django.db.models import Exists, OuterRef, QuerySet

from banshi.people.models import Post, User

DEMO_PASSWORD = "shili-banshi-2026"  # noqa: S105


def demo_accounts(*, public_first: bool = False) -> QuerySet[User]:
    """List the accounts one can sign in as, each with its `demo_note`."""
    works = Exists(Post.objects.filter(user=OuterRef("pk")))
    accounts = User.objects.filter(is_active=True).exclude(demo_note="").annotate(works=works)
    return accounts.order_by("works", "id") if public_first else accounts.order_by("id")
