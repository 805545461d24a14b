from banshi.search.pinyin import initials, sound, syllables


def test_pinyin_without_tones() -> None:
    assert sound("社会保障卡") == "shehuibaozhangka"


def test_initials() -> None:
    assert initials("社保卡") == "sbk"


def test_words_that_sound_otherwise_than_their_characters() -> None:
    assert sound("会计") == "kuaiji"
    assert sound("行政审批") == "xingzhengshenpi"
    assert sound("给付") == "jifu"


def test_u_with_dots_is_typed_v() -> None:
    assert sound("绿") == "lv"


def test_letters_and_digits_stay_and_signs_go() -> None:
    assert syllables("A4纸(12345)") == ["a4", "zhi", "12345"]


def test_what_has_no_sound_is_left_out() -> None:
    assert syllables("😀、〇") in ([], ["ling"])
