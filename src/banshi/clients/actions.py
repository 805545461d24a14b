"""Actions on OAuth clients. Secrets are hashed, told once, and go into no ledger."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.db import transaction
from django.dispatch import receiver
from oauth2_provider.generators import generate_client_secret
from oauth2_provider.models import get_access_token_model, get_grant_model, get_refresh_token_model
from oauth2_provider.settings import oauth2_settings

from banshi.access import Permission, authorize, permission_label
from banshi.clients.models import Client
from banshi.clients.scopes import scopes_of_apps, scopes_of_systems
from banshi.core.errors import BadInput, Conflict, Problem
from banshi.core.repeats import hold
from banshi.ledger import Actor, record
from banshi.people.models import Organ, User
from banshi.people.signals import sign_ins_ended


@transaction.atomic
def register_system(
    organ: Organ, *, name: str, permissions: Sequence[str], by: Actor, at: datetime
) -> tuple[Client, str]:
    """Register a system that acts for the organ, and return it with the secret, which is told only now."""
    secret = generate_client_secret()
    client = Client(
        organ=organ,
        name=name.strip(),
        permissions=sorted(set(permissions)),
        client_type=Client.CLIENT_CONFIDENTIAL,
        authorization_grant_type=Client.GRANT_CLIENT_CREDENTIALS,
        client_secret=secret,
        registered_at=at,
    )
    return _register(client, by, at), secret


@transaction.atomic
def register_app(
    organ: Organ, *, name: str, permissions: Sequence[str], redirect_uris: str, by: Actor, at: datetime
) -> Client:
    """Register an app for people, which has no secret but proves by PKCE that it asked."""
    client = Client(
        organ=organ,
        name=name.strip(),
        permissions=sorted(set(permissions)),
        client_type=Client.CLIENT_PUBLIC,
        authorization_grant_type=Client.GRANT_AUTHORIZATION_CODE,
        client_secret="",
        redirect_uris=" ".join(redirect_uris.split()),
        registered_at=at,
    )
    return _register(client, by, at)


def _register(client: Client, by: Actor, at: datetime) -> Client:
    authorize(by, Permission.CLIENT_MANAGE, client, at=at)
    if not client.organ.active:
        raise Conflict(f"{client.organ}已停用，不能接入应用")
    hold(client.organ)
    _check(client)
    client.save()
    facts = {"name": client.name, "organ": client.organ_id, "system": client.is_system, **_settings_of(client)}
    record("clients.register", client, by=by, at=at, facts=facts)
    return client


@transaction.atomic
def change_client(
    client: Client, *, name: str, permissions: Sequence[str], redirect_uris: str = "", by: Actor, at: datetime
) -> Client:
    """Change name, scopes or addresses.

    Tokens lose at once what they were given beyond them.
    """
    authorize(by, Permission.CLIENT_MANAGE, client, at=at)
    client = _locked(client)
    before = _settings_of(client)
    client.name, client.permissions = name.strip(), sorted(set(permissions))
    client.redirect_uris = " ".join(redirect_uris.split())
    _check(client)
    client.save()
    record(
        "clients.change", client, by=by, at=at, facts={"name": name, "before": before, "after": _settings_of(client)}
    )
    return client


@transaction.atomic
def renew_secret(client: Client, *, by: Actor, at: datetime) -> str:
    """Replace the secret of a system, whose tokens end at once, and return the new one, which is told only now."""
    authorize(by, Permission.CLIENT_MANAGE, client, at=at)
    before, client = client.client_secret, _locked(client)
    if not client.is_system:
        raise Conflict("群众用的应用没有密钥")
    if client.client_secret != before:
        raise Conflict(f"“{client}”的密钥刚刚换过", remedy="先换的那一次给出了新密钥；没有看到的，请刷新页面再更换。")
    client.client_secret = secret = generate_client_secret()
    client.save(update_fields=["client_secret"])
    _take_tokens(application=client)
    record("clients.renew_secret", client, by=by, at=at)
    return str(secret)


@transaction.atomic
def end_client(client: Client, *, by: Actor, at: datetime) -> Client:
    """End a client and all its tokens for good."""
    authorize(by, Permission.CLIENT_MANAGE, client, at=at)
    client = _locked(client)
    client.ended_at = at
    client.save(update_fields=["ended_at"])
    _take_tokens(application=client)
    record("clients.end", client, by=by, at=at)
    return client


@transaction.atomic
def lend_permissions(client: Client, person: User, *, permissions: Sequence[str], by: Actor, at: datetime) -> None:
    """Record that a person lends an app some of their own permissions (consent)."""
    authorize(by, Permission.ACCOUNT_OWN, person, at=at)
    record("clients.lend", client, by=by, at=at, facts={"person": person.pk, "permissions": list(permissions)})


@transaction.atomic
def take_back_permissions(client: Client, person: User, *, by: Actor, at: datetime) -> None:
    """Take back what a person lent an app, whose tokens for the person end at once."""
    authorize(by, Permission.ACCOUNT_OWN, person, at=at)
    _take_tokens(application=client, user=person)
    record("clients.take_back", client, by=by, at=at, facts={"person": person.pk})


def _locked(client: Client) -> Client:
    locked: Client = Client.objects.select_for_update(of=("self",)).select_related("organ").get(pk=client.pk)
    if locked.ended_at:
        raise Conflict(f"“{locked}”已经停用", remedy="需要时请重新登记。")
    return locked


def _settings_of(client: Client) -> dict[str, Any]:
    return {"permissions": client.permissions, "redirect_uris": client.redirect_uris}


@receiver(sign_ins_ended)
def end_lent_permissions(user: User, **signal: Any) -> None:
    """End what a person lent to apps, within the act that ends all their sessions."""
    _take_tokens(user=user)


def _take_tokens(**of: Any) -> None:
    for model in (get_grant_model(), get_access_token_model(), get_refresh_token_model()):
        model.objects.filter(**of).delete()


def _check(client: Client) -> None:
    """Refuse a name in use, permissions no program may have, and addresses people may not be sent back to."""
    problems = []
    if not client.name:
        problems.append(Problem("请填写名称", field="name"))
    if Client.objects.filter(name=client.name, ended_at=None).exclude(pk=client.pk).exists():
        problems.append(Problem("已有同名的应用，请换一个名称", field="name"))
    open_to = scopes_of_systems() if client.is_system else scopes_of_apps()
    if not client.permissions:
        problems.append(Problem("请选择它可以做什么", field="permissions"))
    for each in set(client.permissions) - set(open_to):
        words = permission_label(Permission(each)) if each in set(Permission) else each
        problems.append(Problem(f"不能给这类应用“{words}”", field="permissions"))
    if not client.is_system and not client.redirect_uris:
        problems.append(Problem("请填写授权后返回的地址", field="redirect_uris"))
    schemes = oauth2_settings.ALLOWED_REDIRECT_URI_SCHEMES
    for address in client.redirect_uris.split():
        parts = urlsplit(address)
        if parts.scheme not in schemes or not parts.netloc or parts.fragment or "*" in address:
            said = "、".join(f"{each}://" for each in schemes)
            problems.append(Problem(f"{address[:60]}：要写完整地址，以{said}开头，不带 # 和 *", field="redirect_uris"))
    if problems:
        raise BadInput("应用没有保存", problems)
