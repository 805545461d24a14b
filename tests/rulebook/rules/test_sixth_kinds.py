"""Kinds of fault met on the lists of rounds 23 and 24: fees and legal bases as offices publish them."""

from typing import Any

import pytest

from tests.rulebook.rules.bench import fails, found
from tests.rulebook.rules.test_kinds_of_fault import material


def fee(basis: str, standard: str = "10元") -> dict[str, Any]:
    return {"fees": [{"name": "费", "standard": standard, "basis": basis}]}


def basis(title: str, doc_no: str = "") -> dict[str, Any]:
    return {"bases": [{"title": title, "doc_no": doc_no, "articles": "第三条"}]}


RIGHTLY_SILENT: list[tuple[str, dict[str, Any]]] = [
    *[
        ("SF06", fee(number))
        for number in (
            "无价服【2013】56号",
            "盐政发【2012】72号、盐价【2012】25号",
            "财综﹝2014﹞77号",
            "示价费〖1995〗1号",
            "同上",
            "（同上）",
            "同上栏",
            "",
        )
    ],
    *[
        ("YJ04", basis(title))
        for title in (
            "【法律】《新办法》",
            "[行政法规]《将改条例》（2018年1月1日修正）",
            "2.《中华人民共和国示例法》（2000年1月1日第九届全国人民代表大会通过）",
            "中华人民共和国《示例法》",
        )
    ],
    *[
        ("YJ07", basis(title))
        for title in (
            "乡镇企业法",
            "街道办事处工作规定",
            "地方各级人民政府机构设置和编制管理条例",
            "城市配套费征收办法",
            "本地最低生活保障办法",
            "同上",
        )
    ],
    *[
        ("CL07", material("申请表", requirement=said))
        for said in ("不再要求加盖公章", "不用单位盖章", "公章可不盖", "未要求盖章", "公章可免", "没有要求加盖单位公章")
    ],
    *[
        ("CL08", material(name))
        for name in ("德国驾驶证", "韩国结婚证", "法国学历证书", "所在国结婚证", "俄罗斯驾驶证", "加拿大婚姻证明")
    ],
]
RIGHTLY_FOUND: list[tuple[str, dict[str, Any]]] = [
    *[("SF06", fee(own)) for own in ("本中心【收费公示】", "同上级口头要求", "窗口历年做法", "局务会议纪要")],
    *[
        ("YJ04", basis(title))
        for title in (
            "【规章】《旧办法》",
            "[规范性文件]《旧办法》（示政发〔2010〕3号）",
            "旧办法（2010年3月1日示例市政府第1次会议通过，根据2015年《示例市政府关于修改〈旧办法〉的决定》修正）",
            "《旧办法》（示例市2010年3月1日公布，自2010年4月1日起施行）",
            "3.《旧办法》",
            "①《旧办法》",
            "旧办法（已废止）",
        )
    ],
    *[
        ("YJ07", basis(title))
        for title in (
            "各地配套政策法规文件",
            "各地相关政策法规文件",
            "镇配套政策法规文件",
            "当地有关规定",
            "地方性法规",
            "街道相关文件",
            "各级有关政策",
        )
    ],
    *[("CL07", material("申请表", requirement=said)) for said in ("须加盖公章", "单位盖章", "不盖公章的不予受理")],
    *[("CL08", material(name)) for name in ("驾驶证", "结婚证", "学历证书")],
]


@pytest.mark.parametrize(("code", "guide"), RIGHTLY_SILENT)
def test_what_is_in_order_is_left_alone(code: str, guide: dict[str, Any]) -> None:
    assert not found(code, **guide)


@pytest.mark.parametrize(("code", "guide"), RIGHTLY_FOUND)
def test_what_is_wrong_is_found(code: str, guide: dict[str, Any]) -> None:
    assert found(code, **guide)


def test_a_title_in_brackets_of_its_own_is_not_put_into_brackets_again() -> None:
    finding = fails("YJ02", "bases.0.articles", bases=[{"title": "《示例法》"}])
    assert finding.message.startswith("《示例法》没有写到")
