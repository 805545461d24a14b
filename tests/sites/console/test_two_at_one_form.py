"""Two who set the same thing at the console: the second is told once what the first has saved, and may go over it."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from lxml import html
from tests import factories as make
from tests.factories import NOON, TESTS, campaigns
from tests.test_leaks import signed_in
from tests.window.hall import town

from banshi.campaigns import actions
from banshi.clients.actions import register_system
from banshi.connectors.actions import add_outlet
from banshi.papers.actions import write_template
from banshi.papers.models import PaperTemplate
from banshi.people.models import User

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("menu_without_figures")]
Case = tuple[str, str, Callable[[], Any]]
"""The page, a field of it, and what is stored of it."""


@pytest.fixture
def who() -> User:
    at = make.organ()
    one = make.user("admin", at)
    for role in ("organizer", "publisher", "clerk"):
        make.post(one, role, at)
    return one


def sent_from(page: Any, **typed: str) -> dict[str, Any]:
    """What the form that carries what was seen would send."""
    forms = html.fromstring(page.content.decode()).forms
    form = next(each for each in forms if any(name.endswith("seen") for name in each.fields) and each.method == "POST")
    sent: dict[str, Any] = {}
    for name, value in form.form_values():
        sent.setdefault(name, []).append(value)
    sent.pop("csrfmiddlewaretoken", None)
    return {**sent, **typed}


def a_template(who: User) -> Case:
    organ = who.posts.get(role="admin").organ
    write_template("acceptance", organ=organ, text="先前的写法", by=TESTS, at=NOON)
    return (
        f"{reverse('console:paper-template', args=['acceptance'])}?organ={organ.pk}",
        "text",
        lambda: PaperTemplate.objects.filter(organ=organ).first().text,  # type: ignore[union-attr]
    )


def a_hall(who: User) -> Case:
    hall = town().hall
    hall.organ = who.posts.get(role="admin").organ
    hall.save()

    def name() -> str:
        hall.refresh_from_db()
        return hall.name

    return reverse("console:hall-change", args=[hall.pk]), "name", name


def places_of_a_hall(who: User) -> Case:
    of = town()
    of.hall.organ = who.posts.get(role="admin").organ
    of.hall.save()

    def morning() -> str:
        of.general.refresh_from_db()
        return str(of.general.morning_places)

    return reverse("console:hall-places", args=[of.hall.pk, of.general.pk]), "morning", morning


def an_outlet(who: User) -> Case:
    place, secrets = {"address": "https://upper.example/exchange", "app": "banshi"}, {"secret": "a secret of tests"}
    one = add_outlet(kind="upper_platform", name="省平台", place=place, secrets=secrets, by=TESTS, at=NOON)

    def name() -> str:
        one.refresh_from_db()
        return one.name

    return reverse("console:outlet-edit", args=[one.pk]), "name", name


def a_client(who: User) -> Case:
    one, _ = register_system(
        who.posts.get(role="admin").organ, name="审批系统", permissions=["item.view"], by=TESTS, at=NOON
    )

    def name() -> str:
        one.refresh_from_db()
        return one.name

    return reverse("console:client-edit", args=[one.pk]), "name", name


def an_answer(who: User) -> Case:
    unit = campaigns.opened()
    make.post(who, "clerk", unit.organ)
    order = actions.order_rectification(unit, text="补报", due=NOON.date() + timedelta(days=9), by=TESTS, at=NOON)

    def answer() -> str:
        order.refresh_from_db()
        return order.answer

    return reverse("workbench:order", args=[order.pk]), "answer", answer


@pytest.mark.parametrize("case", [a_template, a_hall, places_of_a_hall, an_outlet, a_client, an_answer])
def test_the_second_is_told_what_the_first_has_saved_and_may_go_over_it(
    who: User, case: Callable[[User], Case]
) -> None:
    address, field, stored = case(who)
    first, second = signed_in(who), signed_in(who)
    pages = [client.get(address) for client in (first, second)]
    mine, theirs = (sent_from(page, **{field: words}) for page, words in zip(pages, ("111", "222"), strict=True))
    assert first.post(address, mine).status_code == 302
    told = second.post(address, theirs)
    said = told.content.decode()
    assert "有人改过这一条，没有保存" in said and "现在保存的是“111”" in said and "222" in said
    assert stored() == "111"
    assert second.post(address, sent_from(told)).status_code == 302
    assert stored() == "222"


def test_of_the_dates_of_a_campaign_only_those_one_has_changed_are_saved(who: User) -> None:
    of = campaigns.campaign()
    who.posts.filter(role="organizer").update(organ=of.organ)
    address = reverse("workbench:campaign-dates", args=[of.guid])
    first, second = signed_in(who), signed_in(who)
    pages = [client.get(address) for client in (first, second)]
    stages = list(of.stages.order_by("begins", "pk"))
    one, other = stages[0], stages[-1]

    def later(page: Any, stage: Any, days: int) -> dict[str, Any]:
        key = f"s{stage.pk}-ends"
        form = next(each for each in html.fromstring(page.content.decode()).forms if key in each.fields)
        sent = {name: value for name, value in form.form_values() if name != "csrfmiddlewaretoken"}
        return {**sent, key: (stage.ends + timedelta(days=days)).isoformat()}

    assert first.post(address, later(pages[0], other, 1)).status_code == 302
    theirs = later(pages[1], other, 2)
    told = second.post(address, theirs)
    assert "有人改过这一条" in told.content.decode()
    assert f"现在保存的是“{other.ends + timedelta(days=1)}”" in told.content.decode()
    assert second.post(address, later(pages[1], one, -1)).status_code == 302
    one.refresh_from_db()
    ends = one.ends
    other.refresh_from_db()
    assert (ends, other.ends) == (stages[0].ends, stages[-1].ends)
    final = html.fromstring(pages[1].content.decode()).forms
    [laying] = [each for each in final if "final" in each.fields]
    sent = {name: value for name, value in laying.form_values() if name != "csrfmiddlewaretoken"}
    refused = second.post(reverse("workbench:campaign-lay-out", args=[of.guid]), {**sent, "final": "2027-05-31"})
    assert refused.status_code == 409 and "有人改过日期" in refused.content.decode()


def test_of_a_long_text_the_place_is_told_where_it_differs(who: User) -> None:
    address, _, _ = a_template(who)
    client = signed_in(who)
    page, long = client.get(address), "同样的一段话，" * 20
    assert client.post(address, sent_from(page, text=f"{long}先到")).status_code == 302
    told = client.post(address, sent_from(page, text=f"{long}后到")).content.decode()
    assert "现在保存的是“…" in told and "先到”" in told
