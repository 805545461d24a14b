"""OAuth 2.0 pages of people: consent to an app, the apps one trusts, and the endpoints that give and take tokens."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST
from oauth2_provider.exceptions import OAuthToolkitError
from oauth2_provider.views import AuthorizationView, OAuthServerMetadataView, RevokeTokenView, TokenView
from oauthlib.oauth2.rfc6749.errors import InvalidRequestError

from banshi.access import Permission, permission_label
from banshi.clients.actions import lend_permissions, take_back_permissions
from banshi.clients.models import Client
from banshi.clients.queries import apps_trusted_by
from banshi.core.clock import now
from banshi.core.errors import Missing
from banshi.core.rate_limits import within
from banshi.sites.kit.staff import StaffRequest
from banshi.sites.signin.adapter import client_address

WRONG = {
    "InvalidClientIdError": "没有登记过这个应用，或它已停用",
    "MissingClientIdError": "应用没有说它是谁",
    "MismatchingRedirectURIError": "应用要返回的地址没有登记过",
    "InvalidRedirectURIError": "应用要返回的地址不对",
    "MissingRedirectURIError": "应用没有说授权后返回哪里",
}
"""The library's errors that must not lead back to the app."""


@method_decorator(never_cache, name="dispatch")
class Consent(AuthorizationView):
    """The page on which a person lends an app some of their own permissions."""

    template_name = "signin/consent.html"

    def validate_authorization_request(self, request: HttpRequest) -> tuple[list[str], dict[str, Any]]:
        """Refuse a proof key in plain text before anybody is asked, where the library does so only after consent."""
        scopes, asked = super().validate_authorization_request(request)
        if asked.get("code_challenge_method") != "S256":
            wrong = InvalidRequestError("code_challenge_method must be S256", state=asked.get("state"))
            raise OAuthToolkitError(wrong, redirect_uri=asked["redirect_uri"])
        return scopes, asked

    def get_context_data(self, **more: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**more)
        asked = context["form"]["scope"].value() if "form" in context else ""
        context["permissions"] = [permission_label(Permission(each)) for each in str(asked or "").split()]
        return context

    def render_to_response(self, context: dict[str, Any], **more: Any) -> HttpResponse:
        if "error" in context:
            context = {"wrong": WRONG.get(type(context["error"]).__name__, "应用发来的请求不对")}
            return render(self.request, self.template_name, context, status=more.get("status", 400))
        response: HttpResponse = super().render_to_response(context, **more)
        # The answer to the form leads on to the app, where a browser would stop by our policy.
        origin = urlsplit(context["form"]["redirect_uri"].value() or "")
        response._csp_update = {"form-action": [f"{origin.scheme}://{origin.netloc}"]}  # type: ignore[attr-defined]
        return response

    def form_valid(self, form: Any) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)
        if "code" in parse_qs(urlsplit(response.headers.get("Location", "")).query):
            client = Client.objects.get(client_id=form.cleaned_data["client_id"])
            lent = form.cleaned_data["scope"].split()
            lend_permissions(client, self.request.user, permissions=lent, by=self.request.user, at=now())
        return response


class Token(TokenView):
    """The token endpoint, which may be asked as often as the API."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        limit = settings.API_REQUESTS_PER_MINUTE
        if limit and not within(f"{limit}/minute", "token", client_address(request)):
            return JsonResponse({"error": "temporarily_unavailable"}, status=429, headers={"Retry-After": "60"})
        response: HttpResponse = super().post(request, *args, **kwargs)
        return response


@login_required
@never_cache
@require_POST
def take_back(request: StaffRequest, pk: int) -> HttpResponse:
    app = apps_trusted_by(request.user, now()).filter(pk=pk).first()
    if app is None:
        raise Missing("没有这个授权", remedy="它可能已经收回，或者过期了。")
    take_back_permissions(app, request.user, by=request.user, at=now())
    return redirect(f"{reverse('my')}#apps")


endpoints = [
    path("authorize/", Consent.as_view(), name="authorize"),
    path("token/", Token.as_view(), name="token"),
    path("revoke/", RevokeTokenView.as_view(), name="revoke-token"),
]
metadata = [
    path(".well-known/oauth-authorization-server", OAuthServerMetadataView.as_view(), name="oauth-server-metadata"),
]
