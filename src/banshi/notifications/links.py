"""Link resolver: sites register the addresses of their pages under names, so that nothing below them knows a URL."""

from collections.abc import Callable
from inspect import signature

from django.conf import settings

_resolvers: dict[str, Callable[..., str]] = {}


def register(name: str, resolver: Callable[..., str]) -> None:
    """Register a resolver of a page's path.

    A page of one thing takes that thing's key.
    """
    _resolvers[name] = resolver


def path_of(name: str, key: str = "") -> str:
    """Return a page's path, that of a list whatever of it somebody was told."""
    resolver = _resolvers[name]
    return resolver(key) if signature(resolver).parameters else resolver()


def address_of(name: str, key: str = "") -> str:
    """Return the whole address, for what leaves the house."""
    return f"{settings.SITE_URL}{path_of(name, key)}"


def names() -> set[str]:
    return set(_resolvers)
