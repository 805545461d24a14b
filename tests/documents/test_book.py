import pytest
from tests.documents.reading import opened, words
from tests.documents.sheets import URL, sheet

from banshi.documents import book
from banshi.documents.book import Cover
from banshi.documents.qr import qr_svg
from banshi.documents.sheet import Lines


def made(chapters: int, **more: str) -> bytes:
    cover = Cover("示例县公共教育办事指南", "公共教育", "2026年11月23日", qr_svg(URL), chapters)
    return book.render(cover, (sheet(f"事项{n}", Lines(("内容",) * 60), **more) for n in range(1, chapters + 1)))


def chapter_pages(pdf: bytes) -> dict[str, int]:
    reader = opened(pdf)
    tops = [each for each in reader.outline if not isinstance(each, list)]
    return {each.title: reader.get_destination_page_number(each) for each in tops}


@pytest.fixture(params=["at once", "in parts"])
def size(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setattr(book, "AT_ONCE", 40 if request.param == "at once" else 2)
    return str(request.param)


def test_a_book_has_cover_contents_and_a_chapter_each(size: str) -> None:
    pdf = made(5)
    pages = ["".join(page.extract_text().split()) for page in opened(pdf).pages]
    assert "示例县公共教育办事指南" in pages[0]
    assert "共5项" in pages[0]
    assert pages[1].startswith("目录")
    assert list(chapter_pages(pdf)) == [f"事项{n}" for n in range(1, 6)]


def test_the_contents_name_owner_and_page_of_each_chapter(size: str) -> None:
    pdf = made(5)
    starts = chapter_pages(pdf)
    contents = opened(pdf).pages[1].extract_text()
    for name, place in starts.items():
        line = next(line for line in contents.splitlines() if line.replace(" ", "").startswith(name))
        assert "示例县教育局" in line
        assert line.split()[-1] == str(place - 1)


def test_pages_carry_the_numbers_that_the_contents_name(size: str) -> None:
    pdf = made(5)
    pages = opened(pdf).pages
    for place in chapter_pages(pdf).values():
        assert f"第{place - 1}页" in "".join(pages[place].extract_text().split())


def test_a_book_has_title_and_language(size: str) -> None:
    reader = opened(made(3))
    assert reader.metadata.title == "示例县公共教育办事指南"
    assert reader.root_object["/Lang"].startswith("zh")


def test_a_book_set_at_once_is_tagged() -> None:
    assert "/StructTreeRoot" in opened(made(2)).root_object


def test_only_chapters_that_are_examples_carry_the_mark() -> None:
    cover = Cover("指南", "", "2026年11月23日", qr_svg(URL), 2)
    pdf = book.render(cover, [sheet("甲", Lines(("内容",)), mark="示例"), sheet("乙", Lines(("内容",)))])
    first, second = opened(pdf).pages[2:4]
    assert "示例\n" in first.extract_text() + "\n"
    assert "示例\n" not in second.extract_text() + "\n"


def test_an_empty_book_is_a_cover_and_empty_contents() -> None:
    assert len(opened(made(0)).pages) == 2
    assert "共0项" in words(made(0))
