"""What was never public can be deleted; the ledger keeps what it was."""

import pytest
from tests.factories import NOON, TESTS, draft, guide, item, organ, publication, user

from banshi.catalog.actions import delete_items, return_texts, submit_drafts
from banshi.catalog.models import Item, Revision
from banshi.core.errors import BadInput
from banshi.ledger.models import LedgerEntry
from banshi.ledger.text_proofs import differing_texts

pytestmark = pytest.mark.django_db


def test_a_draft_goes_with_its_texts_and_the_ledger_tells_what_it_was() -> None:
    junk = item(text=guide("测试测试"))
    delete_items([junk], reason="经办人删除", by=TESTS, at=NOON)
    assert not Item.objects.exists()
    assert not Revision.objects.exists()
    entry = LedgerEntry.objects.get(action="catalog.delete_item")
    assert (entry.facts["name"], entry.facts["guid"], entry.facts["reason"]) == (
        "测试测试",
        str(junk.guid),
        "经办人删除",
    )
    assert len(entry.facts["digest"]) == 64


def test_all_or_none_and_what_is_in_the_way_is_named() -> None:
    free, public, read = item(text=guide("草稿")), publication(text=guide("公布的")).item, item(text=guide("在审的"))
    submit_drafts([draft(read)], by=TESTS, at=NOON)
    with pytest.raises(BadInput, match="2个事项") as caught:
        delete_items([free, public, read], reason="", by=TESTS, at=NOON)
    assert {(each.where, each.message) for each in caught.value.problems} == {
        ("公布的", "公布过"),
        ("在审的", "正在审核"),
    }
    assert Item.objects.count() == 3


def test_the_ledger_still_proves_what_was_submitted_before() -> None:
    it = item()
    submit_drafts([draft(it)], by=TESTS, at=NOON)
    return_texts([it.revisions.get()], reason="补齐", by=TESTS, at=NOON)
    delete_items([it], reason="不办了", by=TESTS, at=NOON)
    assert list(differing_texts(LedgerEntry.objects.all())) == []


def test_only_its_own_clerk_deletes_it() -> None:
    it = item()
    from banshi.core.errors import Refused

    with pytest.raises(Refused):
        delete_items([it], reason="", by=user("clerk", organ()), at=NOON)
    delete_items([it], reason="", by=user("clerk", it.organ), at=NOON)
    assert not Item.objects.exists()
