"""What names mean."""

import pytest
from tests.factories import division

from banshi.analysis.duplicates.names import LONGEST, clean, reader_of_the_place, shipped_reader


def test_a_name_is_an_object_and_an_act() -> None:
    meaning = shipped_reader().meaning("居民身份证补领")
    assert (meaning.object, meaning.act, meaning.paper) == ("身份证", "补领", "证")


@pytest.mark.parametrize(
    ("name", "act"),
    [
        ("股权出质设立登记", "登记"),
        ("股权出质注销登记", "注销"),
        ("社会保障卡补换领", "换领、补领"),
        ("残疾人证到期换证", "换领"),
        ("教练车备案证办理（过户）", "过户"),
        ("无犯罪记录证明", "办理"),
    ],
)
def test_the_act_is_found_wherever_it_stands(name: str, act: str) -> None:
    assert shipped_reader().meaning(name).act == act


@pytest.mark.parametrize(
    ("name", "thing"),
    [
        ("停业登记(县级行使）", "停业登记"),
        ("区卫健局中医诊所备案", "中医诊所备案"),
        ("申领《四川省老年人优待证》", "老年人优待证"),
        ("对外国人的住宿登记", "外国人的住宿登记"),
        ("八十周岁以上老年人高龄津贴发放", "80周岁以上老年人高龄津贴"),
    ],
)
def test_places_organs_levels_and_ways_of_writing_say_nothing(name: str, thing: str) -> None:
    reader = shipped_reader()
    assert reader.meaning(name) == reader.meaning(thing)


def test_words_that_exclude_others_are_kept_as_qualifiers() -> None:
    assert shipped_reader().meaning("失业登记（个人）").qualifiers == ("个人", "失业")


def test_a_name_in_brackets_is_a_second_reading() -> None:
    objects = [each.object for each in shipped_reader().readings("异地就医备案（异地长期居住人员备案）")]
    assert "异地长期居住人员" in objects


def test_a_name_made_of_common_words_only_keeps_them() -> None:
    assert shipped_reader().meaning("服务").object == "服务"


def test_what_is_longer_than_a_name_is_told_apart_by_the_rest() -> None:
    assert clean("长" * (LONGEST + 1)) != clean("长" * (LONGEST + 2))


@pytest.mark.django_db
def test_the_names_of_known_divisions_say_nothing() -> None:
    place = division()
    reader = reader_of_the_place()
    assert reader.meaning(f"{place.name}居住证办理") == reader.meaning("居住证办理")
    assert shipped_reader().meaning(f"{place.name}居住证办理") != reader.meaning("居住证办理")
