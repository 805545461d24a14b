"""YJ, TJ: bases and conditions."""

from tests.rulebook.rules.bench import fails, passes, rewrites


def test_YJ01() -> None:
    passes("YJ01", bases=[{"title": "中华人民共和国义务教育法"}])
    fails("YJ01", "bases")


def test_YJ02() -> None:
    passes("YJ02", bases=[{"title": "中华人民共和国义务教育法", "articles": "第十一条"}])
    passes("YJ02", bases=[{"title": "关于做好入学工作的通知", "doc_no": "示教〔2026〕1号"}])
    fails("YJ02", "bases.0.articles", bases=[{"title": "中华人民共和国义务教育法"}])


def test_YJ03() -> None:
    passes("YJ03", bases=[{"title": "关于做好入学工作的通知", "doc_no": "示教〔2026〕1号"}])
    fails("YJ03", "bases.0.doc_no", bases=[{"title": "关于做好入学工作的通知"}])


def test_YJ04() -> None:
    passes("YJ04", bases=[{"title": "新办法"}])
    rewrites(fails("YJ04", "bases.0.title", bases=[{"title": "旧办法"}]), "bases.0.title", "新办法")


def test_YJ05() -> None:
    passes("YJ05", bases=[{"title": "新办法"}])
    fails("YJ05", "bases.0.title", bases=[{"title": "未来法"}])


def test_YJ06() -> None:
    passes("YJ06", bases=[{"title": "甲法", "articles": "第一条"}, {"title": "甲法", "articles": "第二条"}])
    fails("YJ06", "bases.1", bases=[{"title": "甲法", "articles": "第一条"}] * 2)


def test_YJ07() -> None:
    passes("YJ07", bases=[{"title": "居住证暂行条例"}])
    fails("YJ07", "bases.0.title", bases=[{"title": "国家有关政策规定"}])
    rewrites(fails("YJ07", "bases.0.title", bases=[{"title": "《居住证暂行条例》"}]), "bases.0.title", "居住证暂行条例")


def test_TJ01() -> None:
    passes("TJ01", conditions=[{"text": "必须年满六周岁", "basis": "义务教育法第十一条"}])
    passes("TJ01", conditions=[{"text": "年满六周岁"}])
    fails("TJ01", "conditions.0.basis", conditions=[{"text": "必须在本地购房"}])


def test_TJ02() -> None:
    passes("TJ02", conditions=[{"text": "年满六周岁"}])
    fails("TJ02", "conditions.0.text", conditions=[{"text": "法律法规规定的其他条件"}])


def test_TJ03() -> None:
    passes("TJ03", conditions=[{"text": "甲"}, {"text": "乙"}])
    fails("TJ03", "conditions.1.text", conditions=[{"text": "甲"}, {"text": "甲"}])
