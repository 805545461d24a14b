"""WZ: an element that must be there."""

from tests.rulebook.rules.bench import fails, passes


def test_WZ01() -> None:
    passes("WZ01", name="居住证申领")
    fails("WZ01", "name")


def test_WZ02() -> None:
    passes("WZ02", audience=["1"])
    fails("WZ02", "audience")


def test_WZ03() -> None:
    passes("WZ03", conditions=[{"text": "在本地居住半年以上"}])
    fails("WZ03", "conditions")


def test_WZ04() -> None:
    passes("WZ04", materials=[{"name": "照片"}])
    passes("WZ04", no_materials=True)
    fails("WZ04", "materials")


def test_WZ05() -> None:
    passes("WZ05", steps=[{"name": "受理"}])
    fails("WZ05", "steps")


def test_WZ06() -> None:
    passes("WZ06", promised_limit={"value": 3})
    passes("WZ06", promised_limit={"immediate": True})
    fails("WZ06", "promised_limit")


def test_WZ07() -> None:
    passes("WZ07", charged=False)
    fails("WZ07", "charged")


def test_WZ08() -> None:
    passes("WZ08", handle_forms=["1"], places=[{"name": "政务服务中心"}])
    passes("WZ08", handle_forms=["2"])
    fails("WZ08", "places", handle_forms=["1"])


def test_WZ09() -> None:
    passes("WZ09", online=False)
    fails("WZ09", "online")


def test_WZ10() -> None:
    passes("WZ10", consult={"phone": "0000-1234567"})
    fails("WZ10", "consult")


def test_WZ11() -> None:
    passes("WZ11", complaint={"url": "https://example.invalid"})
    fails("WZ11", "complaint")


def test_WZ12() -> None:
    passes("WZ12", government_purchase=False)
    fails("WZ12", "government_purchase")


def test_WZ13() -> None:
    passes("WZ13", result_name="居住证")
    fails("WZ13", "result_name")


def test_WZ14() -> None:
    passes("WZ14", undertaker="户政科")
    fails("WZ14", "undertaker")


def test_WZ15() -> None:
    passes("WZ15", summary="为外来人口办理居住证")
    fails("WZ15", "summary")
