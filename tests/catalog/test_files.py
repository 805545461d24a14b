"""A file that a guide names is open to everybody as long as what names it may be read, and never another organ's."""

import io

import pytest
from tests.factories import NOON, TESTS, draft, guide, item, organ, publication

from banshi.catalog.actions import publish, save_draft, withdraw
from banshi.catalog.guide.document import Material
from banshi.catalog.models import Item, Revision
from banshi.core.errors import BadInput
from banshi.core.models import StoredFile
from banshi.files import keep

pytestmark = pytest.mark.django_db


def sample(of: Item) -> StoredFile:
    return keep(io.BytesIO(b"a,b\n1,2\n"), name="样本.csv", purpose="guide", organ=of.organ, by=TESTS, at=NOON)


def naming(file: StoredFile, name: str = "入学"):  # type: ignore[no-untyped-def]
    return guide(name, materials=[Material(name="申请表", sample_file=str(file.guid))])


def written(of: Item, text) -> Revision:  # type: ignore[no-untyped-def]
    open_draft = draft(of)
    return save_draft(open_draft, guide=text, stamp=open_draft.stamp, by=TESTS, at=NOON)


def is_public(file: StoredFile) -> bool:
    return StoredFile.objects.get(pk=file.pk).public


def test_it_opens_with_the_publication_and_closes_when_that_was_in_error() -> None:
    it = item()
    file = sample(it)
    text = written(it, naming(file))
    assert not is_public(file)
    version = publish(text, by=TESTS, at=NOON)
    assert is_public(file)
    withdraw(version, ending="in_error", note="样本有真实身份证号", by=TESTS, at=NOON)
    assert not is_public(file)
    publish(draft(it), by=TESTS, at=NOON)
    assert is_public(file), "published again, it is open again"


def test_it_stays_open_while_something_else_in_force_names_it() -> None:
    one = item()
    other = item(one.organ)
    file = sample(one)
    version = publish(written(one, naming(file)), by=TESTS, at=NOON)
    publish(written(other, naming(file, "转学")), by=TESTS, at=NOON)
    withdraw(version, ending="in_error", note="写错", by=TESTS, at=NOON)
    assert is_public(file)


def test_stopped_with_notice_its_last_version_is_still_read_with_its_files() -> None:
    it = item()
    file = sample(it)
    version = publish(written(it, naming(file)), by=TESTS, at=NOON)
    withdraw(version, ending="withdrawn", note="停办", by=TESTS, at=NOON)
    assert is_public(file)


def test_another_organs_file_is_not_saved_and_not_opened_by_whatever_way_it_came() -> None:
    theirs, mine = item(), item(organ())
    file = sample(theirs)
    with pytest.raises(BadInput, match="不是本单位上传的文件"):
        written(mine, naming(file))
    publication(mine, naming(file))
    assert not is_public(file)
