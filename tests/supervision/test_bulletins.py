"""Monthly bulletins: numbered, frozen with their digest, printed as PDF and Word, unmoved by whatever happens afterwards."""

import io
from datetime import timedelta

import pytest
from docx import Document
from pypdf import PdfReader

from banshi.core.errors import BadInput, Conflict, Refused
from banshi.files import open_file
from banshi.ledger.models import LedgerEntry
from banshi.people.models import User
from banshi.supervision.actions import issue_bulletin
from banshi.supervision.bulletin_printing import print_bulletin, written
from banshi.supervision.bulletins import paper_of
from banshi.supervision.models import SupervisionBulletin
from banshi.supervision.periods import Period
from tests import factories as make
from tests.cases.hall import Hall, accepted, hall, moment
from tests.supervision.test_measures import acts, counted_to_the_end

pytestmark = pytest.mark.django_db


@pytest.fixture
def of() -> Hall:
    return hall()


@pytest.fixture
def supervisor(of: Hall) -> User:
    return make.user("supervisor", make.organ("示例县监察办"), full_name="钱监察")


def test_what_was_issued_stays_as_it_was(of: Hall, supervisor: User) -> None:
    case = accepted(of, moment("10-12"))
    acts(case, "grant", "10-20", 30, left=2, used=8, promised=10)
    acts(case, "grant", "10-21", 10, left=-2, used=12, promised=10)
    counted_to_the_end()
    office, october, at = supervisor.posts.get().organ, Period(2026, 10), moment("11-02")
    with pytest.raises(Refused):
        issue_bulletin(office, october, by=of.head, at=at)
    with pytest.raises(BadInput, match="还没有结束"):
        issue_bulletin(office, Period(2026, 11), by=supervisor, at=at)
    bulletin = issue_bulletin(office, october, by=supervisor, at=at)
    assert "监督通报〔2026〕1号" in bulletin.number
    [row] = bulletin.figures["tiers"][0]["rows"]
    assert row["name"] == of.bureau.name and row["figures"]["on-time"] == [75.0, 40, False]
    entry = LedgerEntry.objects.get(action="supervision.issue_bulletin")
    assert entry.facts["figures"] == bulletin.figures_digest
    print_bulletin(bulletin, at=at)
    bulletin.refresh_from_db()
    text = "".join(page.extract_text() for page in PdfReader(open_file(bulletin.pdf)).pages)
    text = "".join(text.split())
    assert "按期办结率" in text and bulletin.number in text and of.bureau.name in text
    word = Document(io.BytesIO(open_file(bulletin.docx).read()))
    assert len(word.inline_shapes) >= 1 and of.bureau.name in {
        cell.text for row in word.tables[-1].rows for cell in row.cells
    }
    kept, before = (bulletin.pdf_id, bulletin.docx_id), written(bulletin)
    acts(case, "deny", "10-22", 99, left=-9)
    counted_to_the_end()
    print_bulletin(bulletin, at=at + timedelta(days=1))
    after = SupervisionBulletin.objects.get()
    assert (after.pdf_id, after.docx_id) == kept and written(after) == before
    with pytest.raises(Conflict, match="已经发布过"):
        issue_bulletin(office, october, by=supervisor, at=at)
    after.figures["totals"]["decided"] = 1
    with pytest.raises(Conflict, match="和发布时不一样"):
        written(after)


def test_all_organs_stand_in_one_annex_that_says_what_its_stars_mean(of: Hall, supervisor: User) -> None:
    acts(accepted(of, moment("10-12")), "grant", "10-20", 30, left=2, used=8, promised=10)
    counted_to_the_end()
    bulletin = issue_bulletin(supervisor.posts.get().organ, Period(2026, 10), by=supervisor, at=moment("11-02"))
    tier = {"label": "镇级", "rows": bulletin.figures["tiers"][0]["rows"]}  # type: ignore[index, call-overload]
    figures = {**bulletin.figures, "tiers": [*bulletin.figures["tiers"], tier]}  # type: ignore[misc]
    one = paper_of(figures, organ="监察办", number="", on=moment("11-02").date(), is_draft=True, is_example=False)
    [annex] = one.annexes
    assert [row[0] for row in annex.table.rows][-1] == "镇级" and "带*的样本少" in annex.note
    assert "2025年11月到2026年10月各月收件" in str(one.sections[0])
