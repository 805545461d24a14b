"""No link the public sites show leads nowhere."""

from django.test import Client
from tests import factories as make
from tests.crawling import crawl
from tests.foreign import Foreign

from banshi.catalog.guide.document import Guide


def test_every_link_of_a_small_city_leads_somewhere(client: Client, theirs: Foreign) -> None:
    make.publication(text=Guide(name="只有目录一行"))
    seen, wrong = crawl(client)
    assert not wrong
    assert any(address.endswith(".pdf") for address in seen)
    assert len(seen) > 60
