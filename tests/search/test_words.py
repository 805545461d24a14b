from pathlib import Path

import pytest
from django.conf import settings

from banshi.search.models import Synonym
from banshi.search.relevance_eval import questions
from banshi.search.vocabulary import Vocabulary, read_vocabulary
from banshi.search.words import LONGEST, key, normalise, understand


def files(folder: Path, synonyms: str = "", stopwords: str = "", words: str = "") -> Path:
    (folder / "synonyms.csv").write_text(f"说法,也叫,方向\n{synonyms}", "utf-8")
    (folder / "stopwords.csv").write_text(f"词,作用\n{stopwords}", "utf-8")
    (folder / "dictionary.csv").write_text(f"词\n{words}", "utf-8")
    return folder


@pytest.fixture(scope="module")
def ours() -> Vocabulary:
    vocabulary = read_vocabulary(settings.DATA / "vocab")
    vocabulary.teach()
    return vocabulary


def meant(text: str, vocabulary: Vocabulary) -> list[str]:
    return [each.text for each in understand(text, vocabulary).needed]


def test_filler_is_left_out(ours: Vocabulary) -> None:
    assert meant("请问我想办低保需要什么材料", ours) == ["低保"]


def test_when_there_is_only_filler_it_is_what_is_meant(ours: Vocabulary) -> None:
    assert meant("怎么办", ours) == ["怎么办"]


def test_minor_words_rank_but_are_not_needed(ours: Vocabulary) -> None:
    understood = understand("居住证办理", ours)
    assert [(each.text, each.minor) for each in understood.concepts] == [("居住证", False), ("办理", True)]


def test_full_width_capitals_and_signs_make_no_difference() -> None:
    assert normalise("  ＡＢＣ《出生医学证明》、首次! ") == "abc 出生医学证明 首次"
    assert key("《出生医学证明》首次签发") == key("出生医学证明 首次签发")


def test_a_novel_is_cut_to_the_length_of_a_question() -> None:
    assert len(normalise("低保" * 10_000)) == LONGEST


def test_in_a_row_of_equals_everyone_stands_for_everyone(tmp_path: Path) -> None:
    words = read_vocabulary(files(tmp_path, synonyms="房本,产权证|房产证,等同\n"))
    assert {way.text for way in words.ways["产权证"]} == {"房本", "房产证"}


def test_a_one_way_synonym_does_not_lead_back(tmp_path: Path) -> None:
    words = read_vocabulary(files(tmp_path, synonyms="上学,义务教育 入学,单向\n"))
    assert [way.text for way in words.ways["上学"]] == ["义务教育 入学"]
    assert "义务教育 入学" not in words.ways and "入学" not in words.ways


def test_a_synonym_of_the_office_replaces_the_row_of_the_file(tmp_path: Path) -> None:
    words = read_vocabulary(
        files(tmp_path, synonyms="居委会,社区,等同\n"), [Synonym(term="居委会", means=["居民委员会"], one_way=True)]
    )
    assert [way.text for way in words.ways["居委会"]] == ["居民委员会"]


def test_words_known_together_are_taken_together(ours: Vocabulary) -> None:
    assert meant("农村养老保险", ours) == ["农村养老保险"]


def test_there_are_enough_synonyms() -> None:
    assert len((settings.DATA / "vocab" / "synonyms.csv").read_text("utf-8").splitlines()) > 250


def test_no_labelled_question_is_answered_by_listing_it_as_a_synonym() -> None:
    """A thing's everyday name may be both; a whole question may not."""
    words = read_vocabulary(settings.DATA / "vocab")
    assert [each.text for each in questions() if len(each.text) > 5 and each.text in words.ways] == []


def test_quantities_need_not_be_found(ours: Vocabulary) -> None:
    read = understand("瘫了三年", ours)
    assert {each.text: each.minor for each in read.concepts} == {"瘫": False, "三年": True}
