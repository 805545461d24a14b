"""A kiosk without a network of its own fetches bundles in order and checks every digest."""

import io
import zipfile

import pytest
from tests.connectors.conftest import Turn, to_folder
from tests.factories import NOON, TESTS, guide, publication, published_item

from banshi.catalog.actions import withdraw
from banshi.catalog.models import Change
from banshi.catalog.provenance import ALL
from banshi.connectors.kiosk.fake import FakeKiosk, FakeKioskFolder

pytestmark = pytest.mark.django_db


def test_a_kiosk_has_what_is_in_force_with_a_paper_to_print(folder: FakeKioskFolder, turn: Turn) -> None:
    made = published_item("居住证申领")
    turn(to_folder(folder, papers=True))
    kiosk = FakeKiosk(folder)
    assert kiosk.catch_up() == 1
    page = kiosk.pages[str(made.guid)]
    assert page["guide"]["name"] == "居住证申领"
    assert page["address"].endswith(f"/items/{made.guid}/")
    assert kiosk.papers[str(made.guid)].startswith(b"%PDF")


def test_a_kiosk_is_told_whence_a_guide_is(folder: FakeKioskFolder, turn: Turn) -> None:
    publication(text=guide("甲"), source="某区页面", provenance={ALL: "page", "bases": "matched"})
    turn(to_folder(folder))
    kiosk = FakeKiosk(folder)
    kiosk.catch_up()
    [page] = kiosk.pages.values()
    assert "来自某区页面" in page["source_note"] and page["provenance"] == {ALL: "page", "bases": "matched"}


def test_it_fetches_only_what_is_new_and_forgets_what_is_withdrawn(folder: FakeKioskFolder, turn: Turn) -> None:
    outlet, kiosk = to_folder(folder), FakeKiosk(folder)
    first, other = publication(text=guide("甲")), publication(text=guide("乙"))
    turn(outlet)
    assert kiosk.catch_up() == 1
    publication(of=first.item, text=guide("甲新"))
    withdraw(other, ending="in_error", note="有误", by=TESTS, at=NOON)
    turn(outlet, 1)
    assert kiosk.catch_up() == 1
    assert [page["guide"]["name"] for page in kiosk.pages.values()] == ["甲新"]
    assert kiosk.catch_up() == 0


def test_a_kiosk_that_comes_late_ends_with_the_same(folder: FakeKioskFolder, turn: Turn) -> None:
    outlet, early, late = to_folder(folder), FakeKiosk(folder), FakeKiosk(folder)
    made = publication(text=guide("甲"))
    turn(outlet), early.catch_up()
    publication(of=made.item, text=guide("甲新"))
    turn(outlet, 1), early.catch_up(), late.catch_up()
    assert early.pages == late.pages


@pytest.mark.parametrize("lost", range(3))
def test_whichever_answer_is_lost_each_change_is_packed_once(lost: int, folder: FakeKioskFolder, turn: Turn) -> None:
    """Of reading the index, writing the bundle, writing the index."""
    outlet = to_folder(folder)
    for _ in range(3):
        published_item()
    folder.troubles = [0] * lost + [None]
    turn(outlet), turn(outlet, 2), turn(outlet, 5)
    kiosk = FakeKiosk(folder)
    kiosk.catch_up()
    assert sorted(kiosk.log) == sorted(str(guid) for guid in Change.objects.values_list("guid", flat=True))


def test_a_bundle_that_was_altered_is_not_taken_in(folder: FakeKioskFolder, turn: Turn) -> None:
    published_item()
    turn(to_folder(folder))
    name = next(name for name in folder.files if name.endswith(".zip"))
    with zipfile.ZipFile(io.BytesIO(folder.files[name])) as bundle:
        assert "manifest.json" in bundle.namelist()
    folder.files[name] += b"x"
    with pytest.raises(AssertionError):
        FakeKiosk(folder).catch_up()


def test_what_was_published_in_error_since_is_not_packed(folder: FakeKioskFolder, turn: Turn) -> None:
    outlet, wrong = to_folder(folder), publication(text=guide("错的"))
    withdraw(wrong, ending="in_error", note="有误", by=TESTS, at=NOON)
    turn(outlet)
    assert not any("错的".encode() in content for content in _contents(folder))


def _contents(folder: FakeKioskFolder) -> list[bytes]:
    bundles = [zipfile.ZipFile(io.BytesIO(body)) for name, body in folder.files.items() if name.endswith(".zip")]
    return [bundle.read(name) for bundle in bundles for name in bundle.namelist() if name.startswith("items/")]
