"""SF, SX, LC, DC, LX, JG, WD: how long, how much, how often."""

from banshi.rulebook.rule import About
from tests.rulebook.rules.bench import fails, passes, rewrites

FEE = {"name": "工本费", "standard": "10元/证", "basis": "发改价格〔2012〕1号"}


def test_SF01() -> None:
    passes("SF01", charged=True, fees=[FEE])
    fails("SF01", "fees", charged=True)


def test_SF02() -> None:
    passes("SF02", fees=[FEE])
    fails("SF02", "fees.0.basis", fees=[{**FEE, "basis": ""}])


def test_SF03() -> None:
    passes("SF03", fees=[FEE])
    fails("SF03", "fees.0.standard", fees=[{**FEE, "standard": "按规定"}])


def test_SF04() -> None:
    passes("SF04", charged=False)
    fails("SF04", "charged", charged=False, fees=[FEE])


def test_SF05() -> None:
    passes("SF05", charged=True, pay_online=True)
    rewrites(fails("SF05", "pay_online", charged=False, pay_online=True), "pay_online", False)


def test_SF06() -> None:
    passes("SF06", fees=[FEE])
    passes("SF06", fees=[{**FEE, "basis": ""}])
    fails("SF06", "fees.0.basis", fees=[{**FEE, "basis": "本单位收费公示"}])


def test_SX01() -> None:
    passes("SX01", promised_limit={"value": 5}, statutory_limit={"value": 5})
    passes("SX01", promised_limit={"immediate": True}, statutory_limit={"value": 5})
    passes("SX01", promised_limit={"value": 20}, statutory_limit={"value": 30, "unit": "2"})
    fails("SX01", "promised_limit", promised_limit={"value": 6}, statutory_limit={"value": 5})
    fails("SX01", "promised_limit", promised_limit={"value": 25}, statutory_limit={"value": 30, "unit": "2"})
    fails(
        "SX01", "promised_limit", promised_limit={"value": 40, "unit": "2"}, statutory_limit={"value": 30, "unit": "2"}
    )


def test_SX02() -> None:
    step = {"name": "审核", "limit": {"value": 3}}
    passes("SX02", promised_limit={"value": 6}, steps=[step, {**step, "name": "决定"}])
    passes(
        "SX02", promised_limit={"value": 3}, steps=[{**step, "group": "甲"}, {**step, "name": "核查", "group": "甲"}]
    )
    fails("SX02", "steps", promised_limit={"value": 5}, steps=[step, {**step, "name": "决定"}])


def test_SX03() -> None:
    step = {"name": "审核", "limit": {"value": 3}}
    passes("SX03", promised_limit={"value": 3}, steps=[step])
    rewrites(fails("SX03", "promised_limit", promised_limit={"value": 15}, steps=[step]), "promised_limit.value", 3)


def test_SX04() -> None:
    passes("SX04", case_type="1", promised_limit={"immediate": True})
    rewrites(fails("SX04", "case_type", case_type="1", promised_limit={"value": 3}), "case_type", "2")
    rewrites(fails("SX04", "case_type", case_type="2", promised_limit={"immediate": True}), "case_type", "1")


def test_SX05() -> None:
    passes("SX05", promised_limit={"value": 3})
    fails("SX05", "promised_limit.unit", promised_limit={"value": 30, "unit": "2"})


def test_SX06() -> None:
    passes("SX06", steps=[{"name": "专家评审", "kind": "special", "limit": {"value": 7}}])
    fails("SX06", "steps.0", steps=[{"name": "专家评审", "limit": {"value": 7}}])
    fails("SX06", "steps.0", steps=[{"name": "公示", "kind": "special", "limit": {"value": 7}}])


def test_SX07() -> None:
    passes("SX07", promised_limit={"value": 60})
    fails("SX07", "promised_limit", promised_limit={"value": 3650})


def test_SX08() -> None:
    passes("SX08", promised_limit={"value": 10}, statutory_limit={"value": 20})
    fails("SX08", "promised_limit", promised_limit={"value": 20}, statutory_limit={"value": 20})


def test_LC01() -> None:
    passes("LC01", steps=[{"name": "窗口受理"}])
    fails("LC01", "steps", steps=[{"name": "审核"}])


def test_LC02() -> None:
    passes("LC02", steps=[{"name": "审查"}])
    passes("LC02", steps=[{"name": "受理"}], promised_limit={"immediate": True})
    fails("LC02", "steps", steps=[{"name": "受理"}])


def test_LC03() -> None:
    passes("LC03", steps=[{"name": "发证"}], result_name="居住证")
    fails("LC03", "steps", steps=[{"name": "审核"}], result_name="居住证")


def test_LC04() -> None:
    passes("LC04", steps=[{"name": "受理", "actor": "窗口"}])
    for name in ("受理", "审核", "窗口申请受理", "登记申请审查"):
        fails("LC04", "steps.0.actor", steps=[{"name": name}])
    for own in ("申请", "个人申请", "家长申请", "提交材料", "网上申请", "领取结果", "报名"):
        passes("LC04", steps=[{"name": own}])


def test_LC05() -> None:
    passes("LC05", steps=[{"name": "受理"}] * 8)
    fails("LC05", "steps", steps=[{"name": "审核"}] * 9)


def test_LC06() -> None:
    passes("LC06", steps=[{"name": "受理"}, {"name": "审核"}])
    fails("LC06", "steps.1.name", steps=[{"name": "审核"}] * 2)


def test_DC01() -> None:
    passes("DC01", visits=1, visit_reason="需采集指纹")
    passes("DC01", visits=0)
    fails("DC01", "visit_reason", visits=1)


def test_DC02() -> None:
    passes("DC02", visits=0)
    fails("DC02", "visit_reason", visits=0, visit_reason="需采集指纹")


def test_DC03() -> None:
    passes("DC03", visits=1)
    fails("DC03", "visits", visits=3)


def test_DC04() -> None:
    passes("DC04", online_depth="4", visits=0)
    fails("DC04", "visits", online_depth="4", visits=1)


def test_DC05() -> None:
    passes("DC05", visits=0, online=False, express=True)
    fails("DC05", "visits", visits=0, online=False)


def test_DC06() -> None:
    passes("DC06", online=True, handle_forms=["1", "2"])
    fails("DC06", "online", online=False, handle_forms=["2"])
    fails("DC06", "handle_forms", online=True, handle_forms=["1"])


def test_DC07() -> None:
    passes("DC07", online=True, online_url="https://example.invalid/apply")
    fails("DC07", "online_url", online=True)
    fails("DC07", "online_url", online_url="www.example.invalid")


def test_DC08() -> None:
    passes("DC08", places=[{"name": "政务中心", "address": "示例路1号2楼6号窗口", "hours": "工作日 9:00—17:00"}])
    fails("DC08", "places.0.address", places=[{"name": "政务中心", "address": "示例路", "hours": "工作日"}])
    fails("DC08", "places.0.hours", places=[{"name": "政务中心", "address": "示例路1号"}])


def test_DC09() -> None:
    passes("DC09", appointment=True, appointment_how="拨打电话预约")
    fails("DC09", "appointment_how", appointment=True)


def test_LX01() -> None:
    passes("LX01", consult={"phone": "0000-1234567"}, complaint={"phone": "12345"})
    fails("LX01", "complaint.phone", consult={"phone": "0000-1234567"}, complaint={"phone": "00001234567"})


def test_LX02() -> None:
    passes("LX02", consult={"phone": "0826-2222222"}, complaint={"phone": "12345"})
    passes("LX02", about=About(uscc="11990100EX0000010E"), consult={"phone": "0000-1234567"})
    for phone in ("0000-1234567", "000-88010005", "0001-2345678", "0000-88010005转2"):
        fails("LX02", "consult.phone", consult={"phone": phone})
    fails("LX02", "consult.phone", consult={"phone": "1234567"})


def test_JG01() -> None:
    passes("JG01", result_name="居住证", result_type="10")
    rewrites(fails("JG01", "result_type", result_name="食品经营许可证", result_type="30"), "result_type", "10")
    rewrites(fails("JG01", "result_type", result_name="关于项目的批复", result_type="10"), "result_type", "20")


def test_JG02() -> None:
    passes("JG02", result_name="居住证", result_type="10")
    fails("JG02", "result_type", result_name="居住证", result_type="40")
    fails("JG02", "result_type", result_name="居住证")


def test_JG03() -> None:
    passes("JG03", result_name="居住证", result_type="10", delivery_ways=["window"])
    fails("JG03", "delivery_ways", result_name="居住证", result_type="10")


def test_WD01() -> None:
    passes("WD01", About(volume=10))
    passes(
        "WD01", About(volume=5000), faqs=[{"question": "甲？", "answer": "乙"}, {"question": "丙？", "answer": "丁"}]
    )
    fails("WD01", "faqs", About(volume=5000))


def test_WD02() -> None:
    passes("WD02", faqs=[{"question": "能代办吗？", "answer": "能"}])
    fails("WD02", "faqs.0.answer", faqs=[{"question": "能代办吗？"}])


def test_LC07() -> None:
    about = About(organ="示例县水利局", division="530102")
    for known in ("示例县水利局", "省水利厅", "审批科", "窗口", "本局", "示例县水利局审批部门", ""):
        passes("LC07", about, steps=[{"name": "审核", "actor": known}])
    for nobody in ("街道", "邻县民政局", "有关部门"):
        finding = fails("LC07", "steps.1.actor", about, steps=[{"name": "受理"}, {"name": "审核", "actor": nobody}])
        assert "会由示例县水利局自己办" in finding.message
    passes("LC07", About(), steps=[{"name": "审核", "actor": "街道"}])  # of a file, whose city nobody knows
