"""CL, DX: what is demanded, and of whom."""

from typing import Any

from banshi.rulebook.rule import Finding
from tests.rulebook.rules import bench


def passes(code: str, **material: Any) -> None:
    bench.passes(code, materials=[material])


def fails(code: str, element: str, **material: Any) -> Finding:
    return bench.fails(code, f"materials.0.{element}", materials=[material])


def test_CL01() -> None:
    passes("CL01", name="照片", source="10")
    fails("CL01", "source", name="照片")


def test_CL02() -> None:
    passes("CL02", name="结婚证", source="20", issuer="民政部门")
    fails("CL02", "issuer", name="结婚证", source="20")


def test_CL03() -> None:
    passes("CL03", name="近期免冠照片")
    fails("CL03", "name", name="法律法规规定的其他材料")


def test_CL21() -> None:
    passes("CL21", name="法律法规规定的其他材料")
    fails("CL21", "name", name="家庭收入的相关证明")


def test_CL04() -> None:
    passes("CL04", name="亲属关系证明", issuer="公安机关")
    assert "亲属关系证明" in fails("CL04", "name", name="亲属关系证明", issuer="村委会").message


def test_CL05() -> None:
    passes("CL05", name="土地承包情况说明", issuer="村委会", basis="农村土地承包法第二十三条")
    fails("CL05", "basis", name="土地承包情况说明", issuer="村委会")


def test_CL06() -> None:
    passes("CL06", name="无房证明", basis="社会救助法第七条")
    passes("CL06", name="身份证")
    assert fails("CL06", "basis", name="无房证明").rewrite is None
    assert fails("CL06", "basis", name="学习情况证明").rewrite is None


def test_CL20() -> None:
    passes("CL20", name="离婚证")
    passes("CL20", name="离婚证明", basis="民法典第一千零八十条")
    passes("CL20", name="《护士执业资格考试成绩合格证明》")
    passes("CL20", name="无房证明")
    fails("CL20", "basis", name="离婚证明")


def test_CL07() -> None:
    passes("CL07", name="申请表", seal="签字")
    passes("CL07", name="申请表", seal="单位盖章", basis="某条例第三条")
    fails("CL07", "seal", name="申请表", seal="单位盖章")


def test_CL08() -> None:
    passes("CL08", name="居民身份证", shared=True)
    passes("CL08", name="近期免冠照片")
    passes("CL08", name="基本医疗保险职工参保登记表/增减变动表")
    bench.rewrites(fails("CL08", "shared", name="居民户口簿"), "materials.0.shared", True)


def test_CL09() -> None:
    passes("CL09", name="户口簿", shared=True, shared_from="公安机关人口库")
    fails("CL09", "shared_from", name="户口簿", shared=True)


def test_CL10() -> None:
    passes("CL10", name="照片", copies=2)
    bench.rewrites(fails("CL10", "copies", name="照片", copies=6), "materials.0.copies", 1)


def test_CL11() -> None:
    passes("CL11", name="身份证", copy_kind="original")
    fails("CL11", "copy_kind", name="身份证", copy_kind="both")


def test_CL12() -> None:
    bench.passes("CL12", materials=[{"name": "身份证"}, {"name": "户口簿"}])
    bench.fails("CL12", "materials.1", materials=[{"name": "身份证"}, {"name": "身份证（复印件）"}])
    bench.fails("CL12", "materials.1", materials=[{"name": "残疾人证"}, {"name": "残疾人证（复印件）"}])


def test_CL13() -> None:
    passes("CL13", name="收入证明", commitment_ok=True)
    fails("CL13", "commitment_ok", name="收入证明")


def test_CL14() -> None:
    bench.passes("CL14", materials=[{"name": f"材料{n}"} for n in range(15)])
    bench.fails("CL14", "materials", materials=[{"name": f"材料{n}"} for n in range(16)])


def test_CL15() -> None:
    passes("CL15", name="照片", basis="居住证暂行条例第九条")
    passes("CL15", name="申请表", type="2")
    fails("CL15", "basis", name="照片")


def test_CL16() -> None:
    passes("CL16", name="照片", necessity="3", requirement="可在领证时补交")
    fails("CL16", "necessity", name="照片", necessity="3", requirement="必须提交")


def test_CL17() -> None:
    bench.passes("CL17", no_materials=True)
    bench.fails("CL17", "no_materials", no_materials=True, materials=[{"name": "照片"}])


def test_CL18() -> None:
    passes("CL18", name="申请表", type="2", template_file="x")
    fails("CL18", "template_file", name="申请表", type="2")


def test_CL19() -> None:
    passes("CL19", name="结婚证", form="3", collect_ways=["5"])
    fails("CL19", "form", name="结婚证", form="1", collect_ways=["5"])


def test_DX01() -> None:
    bench.passes("DX01", audience=["1", "2"], topics=["婚姻登记", "设立变更"])
    bench.fails("DX01", "topics", audience=["2"], topics=["婚姻登记"])
    bench.fails("DX01", "topics", audience=["1"], topics=["法人注销"])
