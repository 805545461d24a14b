"""Authentication by an OAuth 2.0 bearer token (RFC 6750), or by the session of somebody signed in on the pages."""

from typing import Any

from django.http import HttpRequest
from ninja.security import HttpBearer, SessionAuth
from oauth2_provider.oauth2_backends import get_oauthlib_core

from banshi.access import Permission, limit_permissions, suspend_permissions
from banshi.clients.models import Client
from banshi.people.models import User
from banshi.sites.api.errors import Unauthorized

Caller = Client | User


class BearerToken(HttpBearer):
    """A token of a system, which acts for its organ, or of an app, which acts for a person within what it was lent."""

    def authenticate(self, request: HttpRequest, token: str) -> Caller:
        # By its header alone: the library's own reading of the request stumbles over bodies that are no forms.
        address, headers = request.build_absolute_uri(request.path), {"Authorization": f"Bearer {token}"}
        serves, asked = get_oauthlib_core().server.verify_request(address, request.method, None, headers, scopes=[])
        if not serves:
            raise Unauthorized("令牌无效或已过期", remedy="请重新取得令牌；应用可能已停用，授权可能已收回。")
        client: Client = asked.client
        lent = frozenset(Permission(each) for each in asked.scopes if each in client.permissions)
        if client.is_system:
            limit_permissions(client, lent)
            return client
        person: User = asked.user
        if not person.is_active:
            raise Unauthorized("账号已停用", remedy="请联系系统管理员。")
        # An app is lent what is the person's own. What a post gives needs the person's own session.
        suspend_permissions(person)
        limit_permissions(person, lent)
        return person


class Session(SessionAuth):
    """The session of the pages. Writes need its CSRF token, as forms do."""

    def __call__(self, request: HttpRequest) -> Any:
        return super().__call__(request) if self.param_name in request.COOKIES else None


AUTHENTICATED = [BearerToken(), Session()]


def caller(request: HttpRequest) -> Caller:
    """Return who was authenticated for this operation."""
    found: Caller = request.auth  # type: ignore[attr-defined]
    return found
