"""Clients for pages, and who stands behind a token."""

from datetime import datetime

from django.db.models import Max, QuerySet
from oauth2_provider.models import get_access_token_model, get_refresh_token_model

from banshi.access import Permission
from banshi.clients.models import Client
from banshi.people.models import User
from banshi.people.posts import organs_where


def clients_managed_by(user: User, at: datetime) -> QuerySet[Client]:
    managed: QuerySet[Client] = (
        Client.objects.filter(organ__in=organs_where(user, Permission.CLIENT_MANAGE, at))
        .select_related("organ")
        .annotate(last_token_at=Max("accesstoken__created"))
    )
    return managed


def apps_trusted_by(person: User, at: datetime) -> QuerySet[Client]:
    """List apps that may act for the person now: those with a token that still serves."""
    serving = get_access_token_model().objects.filter(user=person, expires__gt=at)
    renewable = get_refresh_token_model().objects.filter(user=person, revoked=None)
    keys = {*serving.values_list("application", flat=True), *renewable.values_list("application", flat=True)}
    trusted: QuerySet[Client] = Client.objects.filter(pk__in=keys, ended_at=None).select_related("organ")
    return trusted
