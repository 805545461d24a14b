"""双随机: bound before, drawn after, recomputed by anybody; commitments checked through it."""

import json
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from banshi.cases.models import CaseOutcome, Promise
from banshi.command import app
from banshi.core.errors import BadInput, Conflict, Refused
from banshi.ledger.models import LedgerEntry
from banshi.people.models import User
from banshi.supervision import drawing
from banshi.supervision.actions import add_number, close_list, prepare_draw, put_right, record_inspection, run_draw
from banshi.supervision.drawing import draw, problems_of, sha256
from banshi.supervision.models import Inspection, InspectionDraw
from tests import factories as make
from tests.cases.hall import Hall, committed, granted, hall, moment

pytestmark = pytest.mark.django_db
SINCE = date(2026, 1, 1)


@pytest.fixture
def of() -> Hall:
    return hall()


@pytest.fixture
def supervisor(of: Hall) -> User:
    return make.user("supervisor", make.organ("示例县监察办"), full_name="钱监察")


def inspectors(of: Hall, count: int = 2) -> list[User]:
    return [make.user("handler", make.organ(f"示例县第{number}检查队")) for number in range(count)]


def drawn(kind: str, of: Hall, by: User, count: int = 1) -> InspectionDraw:
    at = moment("11-10")
    given = {"title": "十一月抽查", "kind": kind, "count": count, "checklist": ["材料齐全"]}
    made = prepare_draw(by.posts.get().organ, **given, by=by, at=at)  # type: ignore[arg-type]
    made = close_list(made, ended_since=SINCE, inspectors=inspectors(of), by=by, at=at)
    add_number(made, party="人大代表", number="20261110", by=by, at=at)
    return run_draw(made, by=by, at=at)


def promise_drawn(of: Hall) -> Promise:
    promise = committed(of, moment("11-03"))
    Promise.objects.filter(pk=promise.pk).update(drawn_at=moment("11-03"), last_rank=999_999)
    return promise


def test_what_was_bound_in_the_ledger_is_what_was_drawn_by(of: Hall, supervisor: User, tmp_path: Path) -> None:
    promise_drawn(of)
    it = drawn("commitments", of, supervisor)
    told: dict[str, Any] = json.loads(json.dumps(it.told))
    assert problems_of(told) == []
    acts = LedgerEntry.objects.filter(action__startswith="supervision.").order_by("number")
    bound, closed, number, run = acts
    assert [each.action.partition(".")[2] for each in acts] == ["prepare_draw", "close_list", "add_number", "run_draw"]
    assert (bound.facts["commitment"], closed.facts["digest"]) == (sha256(told["seed"]), told["list_digest"])
    assert number.facts["number"] == "20261110" and run.facts["result"] == told["result"]
    file = tmp_path / "draw.json"
    file.write_text(json.dumps(told), encoding="utf-8")
    verified = CliRunner().invoke(app, ["draw", "verify", str(file)])
    assert verified.exit_code == 0 and told["commitment"] in verified.output and told["list_digest"] in verified.output
    alone = [sys.executable, "-I", drawing.__file__, str(file)]
    assert subprocess.run(alone, capture_output=True, check=False).returncode == 0
    for name, wrong in (("seed", "0" * 64), ("numbers", []), ("result", []), ("candidates", [])):
        file.write_text(json.dumps({**told, name: wrong}), encoding="utf-8")
        assert CliRunner().invoke(app, ["draw", "verify", str(file)]).exit_code == 1, name


def test_nothing_out_of_order(of: Hall, supervisor: User) -> None:
    at = moment("11-10")
    promise_drawn(of)
    given = {"title": "抽查", "kind": "commitments", "count": 1, "checklist": []}
    made = prepare_draw(supervisor.posts.get().organ, **given, by=supervisor, at=at)  # type: ignore[arg-type]
    with pytest.raises(Conflict):
        add_number(made, party="甲", number="1", by=supervisor, at=at)
    with pytest.raises(BadInput):
        close_list(made, ended_since=date(2027, 1, 1), inspectors=inspectors(of), by=supervisor, at=at)
    close_list(made, ended_since=SINCE, inspectors=[of.handler], by=supervisor, at=at)
    for again in (
        lambda: run_draw(made, by=supervisor, at=at),
        lambda: close_list(made, ended_since=SINCE, inspectors=[of.handler], by=supervisor, at=at),
    ):
        with pytest.raises(Conflict):
            again()
    add_number(made, party="甲", number="1", by=supervisor, at=at)
    with pytest.raises(Conflict, match="别的单位"):
        run_draw(made, by=supervisor, at=at)


def test_the_commitment_is_checked_by_the_inspection_and_faults_are_put_right(of: Hall, supervisor: User) -> None:
    promise = promise_drawn(of)
    it = drawn("commitments", of, supervisor)
    one = Inspection.objects.get(draw=it)
    assert one.promise == promise and one.inspector.posts.get().organ != of.bureau
    at = moment("11-11")
    with pytest.raises(Refused):
        record_inspection(one, faulty=False, words="属实", by=of.handler, at=at)
    with pytest.raises(BadInput):
        record_inspection(one, faulty=True, words="不实", by=one.inspector, at=at)
    record_inspection(
        one, faulty=True, marks=["not"], words="不实", right_by=date(2026, 11, 20), by=one.inspector, at=at
    )
    promise.refresh_from_db()
    assert promise.ending == "false"
    put_right(one, words="已经撤销决定", by=of.head, at=moment("11-12"))
    one.refresh_from_db()
    assert one.righted_at == moment("11-12")


def test_everybody_is_drawn_as_often_and_inspectors_have_as_much_to_do() -> None:
    candidates = [{"key": f"case:{n}", "label": "", "organ": n % 5} for n in range(20)]
    people = [{"key": f"user:{n}", "label": "", "organ": n} for n in range(5)]
    times = dict.fromkeys((each["key"] for each in candidates), 0)
    for round_ in range(400):
        result = draw(sha256(str(round_)), candidates, people, 5)
        load = [each["inspector"] for each in result]
        assert max(load.count(each["key"]) for each in people) <= 2
        for each in result:
            times[each["drawn"]] += 1
            assert int(each["drawn"][5:]) % 5 != int(each["inspector"][5:])
    assert all(60 <= count <= 140 for count in times.values()), times


def test_a_case_that_ended_may_be_drawn(of: Hall, supervisor: User) -> None:
    outcome: CaseOutcome = granted(of, moment("11-02"))
    type(outcome.case).objects.filter(pk=outcome.case_id).update(ended_at=moment("11-03"))
    assert Inspection.objects.get(draw=drawn("cases", of, supervisor)).case == outcome.case


def test_an_inspector_is_of_the_organ_of_today_and_not_of_a_post_that_ended(of: Hall, supervisor: User) -> None:
    promise_drawn(of)
    person, moved_to = make.user("handler", make.organ()), make.organ()
    post = person.posts.get()
    type(post).objects.filter(pk=post.pk).update(until=date(2026, 11, 1))
    person.posts.create(organ=moved_to, role=post.role, since=date(2026, 11, 2))
    at, organ = moment("11-10"), supervisor.posts.get().organ
    made = prepare_draw(organ, title="抽查", kind="commitments", count=1, checklist=[], by=supervisor, at=at)
    made = close_list(made, ended_since=SINCE, inspectors=[person], by=supervisor, at=at)
    assert [each["organs"] for each in made.inspectors] == [[moved_to.pk]]


def test_an_inspector_with_a_second_post_in_the_organ_is_left_out(of: Hall, supervisor: User) -> None:
    promise_drawn(of)
    person = make.user("handler", make.organ())
    person.posts.create(organ=of.bureau, role=person.posts.get().role, since=SINCE)
    at, organ = moment("11-10"), supervisor.posts.get().organ
    made = prepare_draw(organ, title="抽查", kind="commitments", count=1, checklist=[], by=supervisor, at=at)
    made = close_list(made, ended_since=SINCE, inspectors=[person], by=supervisor, at=at)
    add_number(made, party="甲", number="1", by=supervisor, at=at)
    with pytest.raises(Conflict, match="别的单位"):
        run_draw(made, by=supervisor, at=at)
