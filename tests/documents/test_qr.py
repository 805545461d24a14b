from xml.etree import ElementTree

from banshi.documents.qr import qr_svg


def test_a_code_is_svg_without_inline_styles_or_fixed_size() -> None:
    drawing = qr_svg("https://banshi.example.cn/items/0190a3c4-aaaa-7bbb-8ccc-000000000001/")
    root = ElementTree.fromstring(drawing)
    assert root.tag.endswith("svg")
    assert "viewBox" in root.attrib
    assert "style=" not in drawing
    assert "width=" not in drawing.split(">")[0]


def test_other_text_gives_another_code_and_the_same_text_the_same() -> None:
    assert qr_svg("a") == qr_svg("a") != qr_svg("b")
