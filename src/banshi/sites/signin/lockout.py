"""Lock-out after wrong passwords, counted in the database and so the same for every process of every machine."""

from axes.attempts import get_cool_off_threshold
from axes.handlers.database import AxesDatabaseHandler
from axes.models import AccessAttempt
from django.conf import settings
from django.db.models import QuerySet, Sum
from django.http import HttpRequest

from banshi.sites.signin.adapter import account_name, client_address


class SignInFailures(AxesDatabaseHandler):
    """Count by name and address together, by name from anywhere, and by address whatever the names (password spraying)."""

    def get_failures(self, request: HttpRequest, credentials: dict[str, object] | None = None) -> int:
        """Report as many failures as the limit of name and address together, when one of the others is reached."""
        together: int = super().get_failures(request, credentials)
        name, address = account_name(request, credentials), client_address(request)
        of_name, of_address = failures_of(name, address, request)
        over = _sum(of_name) >= settings.SIGN_IN_FAILURES_OF_NAME or (
            bool(address) and _sum(of_address) >= settings.SIGN_IN_FAILURES_OF_ADDRESS
        )
        return max(together, settings.AXES_FAILURE_LIMIT) if over else together


def failures_of(
    name: str, address: str, request: HttpRequest
) -> tuple[QuerySet[AccessAttempt], QuerySet[AccessAttempt]]:
    """Find those of a name and of an address, as long as they count."""
    recent = AccessAttempt.objects.filter(attempt_time__gt=get_cool_off_threshold(request))
    return recent.filter(username=name), recent.filter(ip_address=address or None)


def _sum(attempts: QuerySet[AccessAttempt]) -> int:
    return attempts.aggregate(many=Sum("failures_since_start"))["many"] or 0
