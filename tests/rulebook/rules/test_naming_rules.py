"""BM, MC, ZL: code, name, kind."""

from banshi.rulebook.rule import About
from tests.rulebook.rules.bench import fails, passes, rewrites

GOOD = "11430682006378338L4000511002000"


def test_BM01() -> None:
    passes("BM01", About(organ="民政局", code=GOOD))
    fails("BM01", "code", About(organ="民政局"))


def test_BM02() -> None:
    passes("BM02", About(code=GOOD))
    fails("BM02", "code", About(code=GOOD[1:]))
    fails("BM02", "code", About(code="11430682006378338M4000511002000"))


def test_BM03() -> None:
    passes("BM03", About(code=GOOD))
    fails("BM03", "code", About(code="512B0011200070-511602000000-000-11511300008778693M-1-00"))


def test_BM04() -> None:
    passes("BM04", About(uscc="11430682006378338L"))
    assert "11511300008778693M" in fails("BM04", "uscc", About(uscc="1151130000877869M")).message


def test_MC01() -> None:
    passes("MC01", About(organ="县民政局"), name="临时救助金给付")
    finding = fails("MC01", "name", About(organ="县民政局"), name="县民政局关于临时救助金给付")
    rewrites(finding, "name", "临时救助金给付")


def test_MC02() -> None:
    passes("MC02", name="生育保险待遇申领")
    fails("MC02", "name", name="生育保险")


def test_MC03() -> None:
    passes("MC03", name="出生登记")
    fails("MC03", "name", name="出生登记等相关事项")
    fails("MC03", "name", name="出生登记、死亡登记等")


def test_MC04() -> None:
    passes("MC04", name="出生登记（国内）")
    rewrites(fails("MC04", "name", name="1、出生 登记。"), "name", "出生登记")


def test_MC05() -> None:
    passes("MC05", name="出生登记")
    fails("MC05", "name", name="登记" * 30)


def test_ZL01() -> None:
    passes("ZL01", About(kind="20"))
    passes("ZL01", About(kind="05"))
    assert "行政处罚" in fails("ZL01", "kind", About(kind="02")).message
