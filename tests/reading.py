"""Fields of a query or a form that a view reads, seen by watching it read them."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any
from unittest.mock import patch

from django.http import QueryDict
from django.utils.datastructures import MultiValueDict

BY_NAME = {"__getitem__": MultiValueDict, "__contains__": dict, "getlist": MultiValueDict}
AS_A_WHOLE = {"items": MultiValueDict, "lists": MultiValueDict, "__iter__": dict, "keys": dict}
WHOLE = "*"


@contextmanager
def fields_read() -> Iterator[dict[str, None]]:
    """Yield the names asked of any query or form meanwhile, first asked first; `*` where all were gone through."""
    seen: dict[str, None] = {}

    def by_name(original: Any) -> Any:
        def asked(self: QueryDict, name: str, *more: Any, **named: Any) -> Any:
            seen[name] = None
            return original(self, name, *more, **named)

        return asked

    def as_a_whole(original: Any) -> Any:
        def asked(self: QueryDict) -> Any:
            seen[WHOLE] = None
            return original(self)

        return asked

    def filled(self: QueryDict, name: str, value: Any) -> None:
        """Django's own looks the name up first, which is no reading."""
        dict.setdefault(self, name, []).append(value)

    with ExitStack() as patches:
        patches.enter_context(patch.object(QueryDict, "appendlist", filled))
        for spy, methods in ((by_name, BY_NAME), (as_a_whole, AS_A_WHOLE)):
            for name, owner in methods.items():
                patches.enter_context(patch.object(QueryDict, name, spy(getattr(owner, name)), create=True))
        yield seen
    seen.pop("csrfmiddlewaretoken", None)
