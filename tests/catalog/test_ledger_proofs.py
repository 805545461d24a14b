"""The ledger proves the texts too."""

import pytest
from tests.factories import NOON, TESTS, draft, guide, publication, published_item

from banshi.catalog.actions import drop_texts, return_texts, submit_drafts
from banshi.catalog.models import Publication, Revision
from banshi.ledger.verification import verify

pytestmark = pytest.mark.django_db


def altered(revision: Revision) -> None:
    Revision.objects.filter(pk=revision.pk).update(content={**revision.content, "name": "换过的名称"})


def test_a_guide_changed_past_the_actions_is_named_by_the_entry_of_its_publication() -> None:
    published_item()
    item = published_item()
    assert verify().holds
    altered(item.publications.get().revision)
    verdict = verify()
    assert verdict.problems[0].entry.subject == f"catalog.Item:{item.pk}"  # type: ignore[union-attr]
    assert "指南的内容与摘要不符" in str(verdict)


def test_with_its_digest_changed_too_it_is_no_longer_what_was_recorded() -> None:
    revision = published_item().publications.get().revision
    Revision.objects.filter(pk=revision.pk).update(content={"name": "换过的名称"}, digest="0" * 64)
    assert "连同摘要被改动过" in str(verify())


def test_a_publication_that_was_deleted_or_given_another_number_is_missed() -> None:
    item = published_item()
    Publication.objects.filter(item=item).update(number=7)
    assert "不再是公布的第1版" in str(verify())


@pytest.mark.parametrize("leave", [return_texts, drop_texts])
def test_texts_that_were_submitted_stay_proved_whatever_became_of_them(leave) -> None:  # type: ignore[no-untyped-def]
    texts = submit_drafts([draft()], by=TESTS, at=NOON)
    leave(texts, reason="不合格", by=TESTS, at=NOON)
    assert verify().holds
    altered(texts[0])
    assert not verify().holds


def test_a_draft_may_change() -> None:
    altered(draft())
    assert verify().holds


def test_laws_cited_beside_the_bases_are_the_same_in_whatever_order_the_database_keeps_a_document() -> None:
    cited = {"summary": "按《中华人民共和国教育法》办理", "notes": "另见《中华人民共和国户口登记条例》"}
    revision = publication(text=guide(**cited)).revision
    Revision.objects.filter(pk=revision.pk).update(content=dict(reversed(revision.content.items())))
    assert verify().holds
