"""No link of the whole example city leads nowhere. Apart from the small city, whose world lasts as long as its module."""

from collections.abc import Iterator
from typing import Any
from zlib import crc32

import pytest
from django.db import transaction
from django.test import Client, override_settings
from tests.crawling import crawl
from tests.factories import NOON

from banshi.search.index import rebuild


@pytest.fixture(scope="module")
def city(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    from banshi.command.demo.city import build_city

    home = tmp_path_factory.mktemp("city")
    own = {
        "HOME": home,
        "MEDIA_ROOT": home / "files",
        "SEARCH_INDEX": home / "index",
        "API_REQUESTS_PER_MINUTE": 0,
        "PASSWORD_HASHERS": ["django.contrib.auth.hashers.MD5PasswordHasher"],
        "DEMO": True,
        "CITY_NAME": "示例市",
    }
    with django_db_blocker.unblock(), override_settings(**own), transaction.atomic():
        build_city(at=NOON)
        rebuild()
        yield own
        transaction.set_rollback(True)


def all_but_of_a_kind(address: str) -> bool:
    """Of Word files, made of the same guide as the PDF, and of switches back to the page they stand on, every tenth."""
    return not (address.endswith(".docx") or address.startswith("/display/?")) or crc32(address.encode()) % 10 == 0


@pytest.mark.nightly
def test_every_link_of_the_example_city_leads_somewhere(city: Any, db: None, settings: Any, client: Client) -> None:
    for name, value in city.items():
        setattr(settings, name, value)
    seen, wrong = crawl(client, all_but_of_a_kind)
    assert not wrong
    assert len(seen) > 3000
