"""Papers as PDF: what offices wrote with the facts of the case, seal, QR code; what can't be printed is refused with its line."""

import io
from pathlib import Path

import pytest
from pdfua import validate
from pypdf import PdfReader

from banshi.core.errors import BadInput, Refused
from banshi.files import open_file
from banshi.papers.actions import write_template
from banshi.papers.kinds import kind_named, paper_kinds, sample_facts
from banshi.papers.models import Paper, PaperTemplate
from banshi.papers.printing import preview, print_paper
from banshi.papers.queries import papers_to_print
from banshi.papers.tasks import print_papers
from tests.documents.test_archives import against_archives
from tests.factories import NOON, organ, user
from tests.papers.issued import paper


def text_of(document: bytes) -> str:
    pages = PdfReader(io.BytesIO(document)).pages
    return "".join("".join(page.extract_text().split()) for page in pages)


def printed_text(made: Paper) -> str:
    with open_file(print_paper(made, at=NOON)) as file:
        return text_of(file.read())


def test_every_kind_is_printed_with_its_facts_and_can_be_read_aloud(tmp_path: Path) -> None:
    for kind in paper_kinds().values():
        file = tmp_path / f"{kind.code}.pdf"
        file.write_bytes(preview(kind, kind.text, sample_facts(kind)))
        assert [str(finding) for finding in validate(file).findings] == [], kind.code
        assert list(against_archives(file.read_bytes())) == [], kind.code
        said = text_of(file.read_bytes())
        for key in kind.needs:
            shown = sample_facts(kind)[key]
            first = shown if isinstance(shown, str) else shown[0] if isinstance(shown[0], str) else shown[0][0]
            assert "".join(first.split()) in said, (kind.code, key)
        if kind.code.startswith(("supervision", "accountability")):
            assert "收文单位和本机关各存一份" in said, kind.code


@pytest.mark.django_db
def test_a_paper_bears_organ_number_day_code_and_whom_it_is_for() -> None:
    made = paper("acceptance", organ("示例教育局", short_name="教育局"))
    said = printed_text(made)
    for words in ("示例教育局受理通知书", "教育局受理〔2026〕1号", "林小满：", "2026年11月23日", made.code, "/verify/"):
        assert words in said


@pytest.mark.django_db
def test_text_of_a_person_is_shown_and_never_set() -> None:
    facts = {**sample_facts(kind_named("refusal")), "reason": '#panic("x") $1/0$ *粗* {依据} ]'}
    facts = {key: value for key, value in facts.items() if key in kind_named("refusal").needs}
    assert '#panic("x")$1/0$*粗*{依据}]' in printed_text(paper("refusal", facts=facts))


@pytest.mark.django_db
@pytest.mark.parametrize(
    "basis, said", [("《某法》第一条", "依据《某法》第一条，"), ("参照《某法》第一条", "，参照《某法》第一条，")]
)
def test_what_was_typed_with_a_full_stop_has_one_and_what_is_applied_by_analogy_is_no_ground(
    basis: str, said: str
) -> None:
    facts = {
        **sample_facts(kind_named("not_ours")),
        "reason": "另有主管。",
        "where_to": "民政局。",
        "remedies": "可以投诉。",
        "basis": [basis],
    }
    facts = {key: value for key, value in facts.items() if key in kind_named("not_ours").facts}
    told = printed_text(paper("not_ours", facts=facts))
    assert "说明：另有主管。请向民政局申请。" in told and "可以投诉。" in told and "。。" not in told
    assert said in told and "依据参照" not in told


@pytest.mark.django_db
def test_it_is_printed_once_and_stays_what_it_was() -> None:
    made = paper()
    first = print_paper(made, at=NOON)
    assert print_paper(Paper.objects.get(pk=made.pk), at=NOON) == first
    again = Paper.objects.get(pk=made.pk)
    again.file = None  # as read by another before the first was done
    assert print_paper(again, at=NOON) == first


@pytest.mark.django_db
def test_papers_are_printed_after_the_act_and_one_that_can_not_be_holds_up_no_other() -> None:
    stuck, fine = paper(), paper("receipt")
    stuck.template = PaperTemplate.objects.create(kind="approval", text="{没有的}", at=NOON)
    stuck.save()
    assert print_papers.func(NOON.isoformat()) == 1
    assert list(papers_to_print()) == [stuck]
    stuck.refresh_from_db()
    assert "第1行" in stuck.print_error
    fine.refresh_from_db()
    assert fine.file and fine.file.name == f"{fine.number}收件凭证.pdf"


@pytest.mark.django_db
def test_an_office_writes_its_own_words_which_only_its_papers_bear() -> None:
    here, elsewhere = organ(), organ()
    write_template("approval", organ=here, text="恭喜{申请人}！{决定内容}。", by=user("head", here), at=NOON)
    assert "恭喜林小满！准予" in printed_text(paper("approval", here))
    assert "恭喜" not in printed_text(paper("approval", elsewhere))


@pytest.mark.django_db
def test_what_was_issued_keeps_the_words_it_was_issued_with() -> None:
    here = organ()
    head, before = user("head", here), paper("approval", here)
    write_template("approval", organ=here, text="新的写法", by=head, at=NOON)
    assert "新的写法" not in printed_text(before)
    assert "新的写法" in printed_text(paper("approval", here))
    write_template("approval", organ=here, text="", by=head, at=NOON)
    assert "新的写法" not in printed_text(paper("approval", here))


WRONG = {
    "first\n\n{没有的}": "第3行：准予决定书没有“没有的”这个要素",
    "好\n#unknown": "第2行：排版程序说：unknown variable: unknown",
    "好\n好\n#table(": "第3行：排版程序说：unclosed delimiter",
    '#import "/base.typ": *': "第1行：模板里不能写程序",
    '#read("notice.typ")': "第1行：模板里不能写程序",
    '好\n#import "@preview/x:1.0.0"': "第2行：模板里不能写程序",
    "#while true {}": "第1行：模板里不能写程序",
    "#for i in range(9) [x]": "第1行：模板里不能写程序",
    "#let x = 1": "第1行：模板里不能写程序",
}


@pytest.mark.django_db
@pytest.mark.parametrize("text", WRONG)
def test_a_text_that_can_not_be_printed_is_refused_with_its_line(text: str) -> None:
    here = organ()
    with pytest.raises(BadInput) as trouble:
        write_template("approval", organ=here, text=text, by=user("head", here), at=NOON)
    assert trouble.value.message.startswith(WRONG[text])
    assert trouble.value.problems[0].field == "text"
    assert not PaperTemplate.objects.exists()


@pytest.mark.django_db
def test_nobody_writes_for_another_office_nor_one_office_for_all() -> None:
    here = organ()
    for whose in (organ(), None):
        with pytest.raises(Refused):
            write_template("approval", organ=whose, text="好", by=user("head", here), at=NOON)
    write_template("approval", organ=None, text="都用{决定内容}", by=user("admin", organ()), at=NOON)
    assert "都用准予" in printed_text(paper("approval", here))
