"""The accounts of a demonstration: their one password is no secret, and the sign-in page shows them in demo mode only."""

from django.db.models import QuerySet

from banshi.people.models import User

DEMO_PASSWORD = "shili-banshi-2026"  # noqa: S105


def demo_accounts() -> QuerySet[User]:
    """List the accounts one can sign in as, each with its `demo_note`."""
    return User.objects.filter(is_active=True).exclude(demo_note="").order_by("id")
