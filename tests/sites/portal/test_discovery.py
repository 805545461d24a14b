"""What crawlers, browsers, feed readers and calendars look for."""

import xml.etree.ElementTree as ET
from datetime import date
from typing import Any

import pytest
from django.test import Client
from icalendar import Calendar
from tests import factories as make
from tests.factories import NOON, TESTS

from banshi.catalog.actions import publish_notice
from banshi.catalog.enums import TimeUnit
from banshi.catalog.guide.document import TimeLimit

pytestmark = pytest.mark.django_db
SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
ATOM = "{http://www.w3.org/2005/Atom}"


def xml(client: Client, address: str) -> ET.Element:
    return ET.fromstring(client.get(address).content)


def texts(root: ET.Element, name: str) -> list[str]:
    return [each.text or "" for each in root.iter(name)]


def test_robots_are_kept_from_staff_pages_and_led_to_the_sitemap(client: Client, settings: Any) -> None:
    text = client.get("/robots.txt").content.decode()
    assert "Disallow: /work/" in text and "Disallow: /console/" in text
    assert f"Sitemap: {settings.SITE_URL}/sitemap.xml" in text


def test_the_sitemap_is_an_index_with_the_day_of_the_last_change(client: Client) -> None:
    make.published_item()
    index = xml(client, "/sitemap.xml")
    assert index.tag == f"{SITEMAP}sitemapindex"
    assert any("sitemap-items.xml" in each for each in texts(index, f"{SITEMAP}loc"))
    assert NOON.date().isoformat() in " ".join(texts(index, f"{SITEMAP}lastmod"))


def test_an_empty_sitemap_is_not_listed(client: Client) -> None:
    held = texts(xml(client, "/sitemap.xml"), f"{SITEMAP}loc")
    assert [each.rsplit("/", 1)[1] for each in held] == ["sitemap-pages.xml"]


def test_the_sitemap_holds_what_the_city_offers_and_neither_examples_nor_samples(client: Client) -> None:
    own = make.published_item()
    example = make.published_item(is_example=True)
    sample = make.published_item(source="x", provenance={"*": "page"})
    assert sample.publications.get().source_note
    held = " ".join(texts(xml(client, "/sitemap-items.xml"), f"{SITEMAP}loc"))
    assert str(own.guid) in held and str(example.guid) not in held
    assert str(sample.guid) not in held


@pytest.mark.parametrize("section", ["pages", "items", "notices"])
def test_every_address_of_the_sitemap_answers(client: Client, section: str) -> None:
    make.published_item()
    publish_notice(organ=make.organ(), title="停电公告", body="今天停电", by=TESTS, at=NOON)
    found = texts(xml(client, f"/sitemap-{section}.xml"), f"{SITEMAP}loc")
    assert found
    for address in found:
        assert client.get(address.split("testserver", 1)[1]).status_code == 200, address


def test_security_txt_names_a_contact_and_a_day_to_come(client: Client, settings: Any) -> None:
    settings.SECURITY_CONTACT = "mailto:security@example.gov.cn"
    text = client.get("/.well-known/security.txt").content.decode()
    fields = dict(line.split(": ", 1) for line in text.strip().split("\n"))
    assert fields["Contact"] == "mailto:security@example.gov.cn"
    assert date.fromisoformat(fields["Expires"][:10]) > date.today()


def test_a_browser_can_search_here(client: Client) -> None:
    template = xml(client, "/opensearch.xml").find("{http://a9.com/-/spec/opensearch/1.1/}Url")
    assert template is not None and template.attrib["template"].endswith("/search?q={searchTerms}")
    assert "/opensearch.xml" in client.get("/").content.decode()


def test_the_favicon_is_found_where_browsers_ask(client: Client) -> None:
    response = client.get("/favicon.ico")
    assert response.status_code == 302 and "favicon" in response["Location"]


def test_notices_and_guides_can_be_followed(client: Client) -> None:
    item = make.published_item("小学入学报名")
    publish_notice(organ=item.organ, title="停电公告", body="今天停电", by=TESTS, at=NOON)
    notices, guides = xml(client, "/notices/feed.atom"), xml(client, "/guides.atom")
    assert "停电公告" in texts(notices, f"{ATOM}title")
    assert "小学入学报名" in texts(guides, f"{ATOM}title")
    assert texts(guides, f"{ATOM}updated")[0].startswith("2026-11-23")


def test_the_day_told_on_the_page_goes_into_a_calendar(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    item = make.publication(text=make.guide(promised_limit=TimeLimit(value=5, unit=TimeUnit.WORKING_DAY))).item
    page = client.get(f"/items/{item.guid}/").content.decode()
    assert f"/items/{item.guid}/done-by.ics" in page
    event: Any = next(iter(Calendar.from_ical(client.get(f"/items/{item.guid}/done-by.ics").content).walk("VEVENT")))
    day = event.decoded("dtstart")
    assert f"{day.month}月{day.day}日" in page
    assert item.name in event["summary"]


def test_no_day_no_calendar(client: Client) -> None:
    item = make.publication(text=make.guide(promised_limit=TimeLimit(text="未规定"))).item
    assert "done-by.ics" not in client.get(f"/items/{item.guid}/").content.decode()
    assert client.get(f"/items/{item.guid}/done-by.ics").status_code == 404


def test_without_a_contact_there_is_no_security_txt(client: Client, settings: Any) -> None:
    settings.SECURITY_CONTACT = ""
    assert client.get("/.well-known/security.txt").status_code == 404


def test_the_feed_of_guides_marks_examples_and_leaves_out_other_places_pages(client: Client) -> None:
    make.published_item("小学入学报名", is_example=True)
    make.published_item("别处的事项", source="x", provenance={"*": "page"})
    titles = texts(xml(client, "/guides.atom"), f"{ATOM}title")
    assert "示例：小学入学报名" in titles
    assert not any("别处的事项" in title for title in titles)
