"""Every address the sites answer, read from the URL resolver, so that no test keeps a list by hand."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, get_resolver

PLACEHOLDER = re.compile(r"<(?:\w+:)?(\w+)>|\(\?P<(\w+)>(?:\[[^\]]*\]|[^()\[\]])*\)")
ANCHORS = re.compile(r"^\^|(?<!\\)\$|\\Z")


@dataclass(frozen=True, slots=True)
class Address:
    """`route` as one reads it, `/items/<guid>/`; `names` of what stands in it."""

    route: str
    names: tuple[str, ...]

    def filled(self, values: Mapping[str, Any]) -> str:
        return re.sub(r"<(\w+)>", lambda found: str(values[found[1]]), self.route)


def addresses() -> list[Address]:
    found = {_readable(route) for route in _routes(get_resolver().url_patterns, "")}
    return [Address(route, tuple(re.findall(r"<(\w+)>", route))) for route in sorted(found)]


def _routes(patterns: list[Any], before: str) -> Iterator[str]:
    for each in patterns:
        route = before + ANCHORS.sub("", str(each.pattern))
        if isinstance(each, URLPattern):
            yield route
        else:
            yield from _routes(each.url_patterns, route)


def _readable(route: str) -> str:
    return "/" + PLACEHOLDER.sub(lambda found: f"<{found[1] or found[2]}>", route)
