"""A draw by the pages alone: bound, closed, numbered, drawn, inspected, its file recomputed."""

import json

import pytest
from django.test import Client
from tests import factories as make
from tests.cases.hall import hall, moment
from tests.sites.oversight.test_board import as_, text
from tests.supervision.test_drawing import promise_drawn

from banshi.core.clock import stopped_at
from banshi.notifications.models import Notification
from banshi.supervision.actions import close_list, prepare_draw
from banshi.supervision.drawing import problems_of
from banshi.supervision.models import DrawParty, Inspection, InspectionDraw

pytestmark = pytest.mark.django_db


def test_a_draw_by_the_pages_alone() -> None:
    of = hall()
    supervisor = make.user("supervisor", make.organ("示例县监察办"))
    inspector = make.user("handler", make.organ("示例县检查队"), full_name="吴检查")
    deputy, press = make.user(), make.user()
    parties = {"代表": deputy, "报社": press}
    promise_drawn(of)
    with stopped_at(moment("11-10")):
        client = as_(supervisor)
        typed = {"title": "十一月抽查", "kind": "commitments", "count": "1", "checklist": "材料齐全\n结果相符"}
        assert client.post("/oversight/draws/new/", {**typed, "count": "0"}).status_code == 422
        assert client.post("/oversight/draws/new/", typed).status_code == 302
        page = f"/oversight/draws/{InspectionDraw.objects.get().pk}/"
        assert client.get(f"{page}draw.json").status_code == 404
        assert "吴检查（示例县检查队）" in text(client.get(f"{page}list/"))
        closing = {"ended_since": "2026-01-01", "inspectors": [inspector.pk], "beacon": "福彩2026130期"}
        assert "没有这个账号" in client.post(f"{page}party/", {"party": "代表", "account": "nobody"}).content.decode()
        for party, account in parties.items():
            assert client.post(f"{page}party/", {"party": party, "account": account.username}).status_code == 302
        assert "截止以后再封" in text(as_(deputy).get(f"/draws/giving/{DrawParty.objects.get(name='代表').pk}/"))
        assert client.post(f"{page}list/", {**closing, "beacon": ""}).status_code == 422
        assert client.post(f"{page}list/", closing).status_code == 302
        for party, account in parties.items():
            giving = f"/draws/giving/{DrawParty.objects.get(name=party).pk}/"
            own = as_(account)
            assert client.get(giving).status_code == 404 and giving in own.get("/draws/").content.decode()
            assert own.post(giving, {"number": ""}).status_code == 422
            assert own.post(giving, {"number": "12345"}).status_code == 422, "found by trying"
            kept = text(own.post(giving, {"number": f"27182818284590{account.pk}"}))
            assert f"27182818284590{account.pk}" in kept and "抄下来" in kept
            assert f"27182818284590{account.pk}" not in text(own.get(giving)) + text(Client().get("/draws/"))
        assert "已经封好，还没有打开" in text(client.get(page))
        for party, account in parties.items():
            giving, own = f"/draws/giving/{DrawParty.objects.get(name=party).pk}/", as_(account)
            assert own.post(giving, {"number": "271828182845"}).status_code == 422
            assert own.post(giving, {"number": f"27182818284590{account.pk}"}).status_code == 302
            assert "已经打开" in text(own.get(giving)) and "先封后开" in text(Client().get("/draws/"))
        assert "number/" not in client.get(page).content.decode(), "all have opened: no beacon"
        assert "只能抽一次" in text(client.get(f"{page}run/")) and not Inspection.objects.exists()
        assert client.post(f"{page}run/").status_code == 302
        assert "吴检查" in text(client.get(page))
        assert problems_of(json.loads(client.get(f"{page}draw.json").content)) == []
        one = Inspection.objects.get()
        mine = as_(inspector)
        assert "抽中我检查的" in text(mine.get("/oversight/draws/"))
        found = {"mark0": "ok", "mark1": "not", "faulty": "yes", "words": "与登记不符", "right_by": "2026-11-20"}
        form = f"/oversight/draws/inspections/{one.pk}/"
        assert as_(of.head).get(f"{form}right/").status_code == 409, "nothing was found yet"
        assert mine.post(form, {**found, "right_by": ""}).status_code == 422
        assert mine.post(form, {**found, "mark0": ""}).status_code == 422, "nothing is chosen beforehand"
        assert "<option selected" not in (blank := text(mine.get(form))) and blank.count(">请选择<") == 2
        assert "结果应当是发现问题" in mine.post(form, {**found, "faulty": "no"}).content.decode()
        assert mine.post(form, found).status_code == 302
        told = Notification.objects.get(kind="supervision.faulty")
        assert told.user == of.head and "2026年11月20日前改正" in told.body
        assert "结果相符：不符合" in text(as_(of.head).get(page))
        assert as_(of.head).post(f"{form}right/", {"words": "已撤销"}).status_code == 302
        assert as_(of.head).get(f"{form}right/").status_code == 409
        assert "已改正" in text(client.get(page))
        stranger = make.user("supervisor", make.organ("邻县监察办", division=make.division("990203", "邻县")))
        assert as_(stranger).get(page).status_code == 404
    assert Client().get(page).status_code == 302
    anybody, drawn = Client(), InspectionDraw.objects.get()
    public = text(anybody.get("/draws/"))
    assert all(
        each in public for each in (drawn.commitment, drawn.list_digest, drawn.told["seed"], drawn.told["whole"])
    )
    assert "吴检查" not in public and one.case.number not in public
    assert problems_of(json.loads(anybody.get(f"/draws/{drawn.pk}.json").content)) == []
    InspectionDraw.objects.update(told={"seed": "0"})
    assert anybody.get(f"/draws/{drawn.pk}.json").status_code == 404, "the first ones named cases"


def test_before_it_is_drawn_anybody_sees_what_binds_it_and_nothing_else() -> None:
    of = hall()
    supervisor = make.user("supervisor", make.organ("示例县监察办"))
    assert "还没有双随机抽查" in text(Client().get("/draws/"))
    office, at = supervisor.posts.get().organ, moment("11-10")
    made = prepare_draw(office, title="抽查", kind="guides", count=1, checklist=[], by=supervisor, at=at)
    assert made.commitment in (told := text(Client().get("/draws/"))) and "还没有抽取" in told
    assert Client().get(f"/draws/{made.pk}.json").status_code == 404
    able = [make.user("handler", make.organ())]
    made = close_list(made, ended_since=at.date(), inspectors=able, beacon="福彩", by=supervisor, at=at)
    assert made.list_digest in text(Client().get("/draws/")) and of
