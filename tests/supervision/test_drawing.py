"""双随机: bound before, drawn after, recomputed by anybody; commitments checked through it."""

import json
import subprocess
import sys
from datetime import date, datetime
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from typer.testing import CliRunner

from banshi.access.actors import suspend_permissions
from banshi.cases.models import CaseOutcome, Promise
from banshi.command import app
from banshi.core.errors import BadInput, Conflict, Refused
from banshi.ledger.models import LedgerEntry
from banshi.ledger.verification import verify
from banshi.notifications.models import Notification
from banshi.people.models import Organ, User
from banshi.supervision import drawing
from banshi.supervision.actions import (
    add_number,
    ask_party,
    close_list,
    open_number,
    prepare_draw,
    put_right,
    record_inspection,
    run_draw,
    seal_number,
)
from banshi.supervision.drawing import draw, problems_of, recomputed, seal_of, sha256
from banshi.supervision.models import DrawParty, Inspection, InspectionDraw, Irregularity
from banshi.supervision.tasks import tell_of_openings
from banshi.supervision.warning import warn
from tests import factories as make
from tests.cases.hall import Hall, committed, granted, hall, moment
from tests.window.hall import town

pytestmark = pytest.mark.django_db
SINCE, BEACON = date(2026, 1, 1), "福彩2026130期"


@pytest.fixture
def of() -> Hall:
    return hall()


@pytest.fixture
def supervisor(of: Hall) -> User:
    return make.user("supervisor", make.organ("示例县监察办"), full_name="钱监察")


def inspectors(of: Hall, count: int = 2) -> list[User]:
    return [make.user("handler", make.organ(f"示例县第{Organ.objects.count()}检查队")) for _ in range(count)]


def drawn(kind: str, of: Hall, by: User, count: int = 1) -> InspectionDraw:
    at = moment("11-10")
    given = {"title": "十一月抽查", "kind": kind, "count": count, "checklist": ["材料齐全"]}
    made = prepare_draw(by.posts.get().organ, **given, by=by, at=at)  # type: ignore[arg-type]
    made = close_list(made, ended_since=SINCE, inspectors=inspectors(of), beacon=BEACON, by=by, at=at)
    add_number(made, number="20261110", by=by, at=at)
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
    assert run.facts["whole"] == told["whole"] and told["whole"] in verified.output
    for name, wrong, said in (
        ("seed", "0" * 64, "种子与事先公布的摘要不符"),
        ("numbers", [], "没有其他方给的数"),
        ("beacon", "另一期", "应当用事先写明的信标另一期的数"),
        ("result", [], "算出来1件，文件里写0件"),
        ("candidates", [], "名单与公布的摘要不符"),
        ("title", "十二月抽查", "与抽取时的摘要不符"),
        ("count", "一", "“count”写的不是该写的"),
        ("result", [{"drawn": told["result"][0]["drawn"], "inspector": "user:0"}], "由user:0检查"),
    ):
        file.write_text(json.dumps({**told, name: wrong}), encoding="utf-8")
        ran = CliRunner().invoke(app, ["draw", "verify", str(file)])
        assert ran.exit_code == 1 and said in ran.output.replace("\n", ""), (name, ran.output)


class Asked(NamedTuple):
    draw: InspectionDraw
    parties: list[DrawParty]
    accounts: list[User]

    def seal(self, place: int, number: str, at: datetime) -> None:
        party = self.parties[place]
        seal = seal_of(self.draw.commitment, party.name, number)
        seal_number(party, seal=seal, by=self.accounts[place], at=at)

    def open(self, place: int, number: str, at: datetime) -> None:
        open_number(self.parties[place], number=number, by=self.accounts[place], at=at)


def asked(of: Hall, supervisor: User, *names: str) -> Asked:
    """Prepare a draw with parties, its list closed at nine."""
    promise_drawn(of)
    at, organ = moment("11-10"), supervisor.posts.get().organ
    made = prepare_draw(organ, title="抽查", kind="commitments", count=1, checklist=[], by=supervisor, at=at)
    people = [make.user() for _ in names]
    parties = [
        ask_party(made, party=name, account=who.username, by=supervisor, at=at)
        for name, who in zip(names, people, strict=True)
    ]
    with pytest.raises(Conflict, match="名单还没有截止"):
        seal_number(parties[0], seal="0" * 64, by=people[0], at=at)
    made = close_list(made, ended_since=SINCE, inspectors=inspectors(of), beacon=BEACON, by=supervisor, at=at)
    return Asked(made, parties, people)


def test_a_party_seals_its_number_before_anybody_sees_one_and_cannot_choose_by_the_others(
    of: Hall, supervisor: User, tmp_path: Path
) -> None:
    it, at = asked(of, supervisor, "人大代表", "报社"), moment("11-10", 10)
    suspend_permissions(it.accounts[0])  # as of everybody who has not signed in the way staff must
    assert Notification.objects.get(user=it.accounts[0]).page == "draw-party"
    it.seal(0, "314159265358", at)
    entry = LedgerEntry.objects.get(action="supervision.seal_number")
    seal = seal_of(it.draw.commitment, "人大代表", "314159265358")
    assert (entry.actor, entry.facts) == (it.accounts[0].ledger_id, {"party": "人大代表", "seal": seal})
    with pytest.raises(Conflict, match="还不能打开"):
        it.open(0, "314159265358", at)
    with pytest.raises(Conflict, match="已经封好"):
        it.seal(0, "271828182845", at)
    with pytest.raises(Conflict, match="报社还没有封数，要等到11月11日 09:00"):
        run_draw(it.draw, by=supervisor, at=at)
    with pytest.raises(Refused):
        seal_number(it.parties[1], seal="0" * 64, by=supervisor, at=at)
    with pytest.raises(BadInput):
        seal_number(it.parties[1], seal="不是摘要", by=it.accounts[1], at=at)
    it.seal(1, "271828182845", at)
    assert Notification.objects.filter(kind="supervision.number_open").count() == 2, "all have sealed, both may open"
    with pytest.raises(Conflict, match="已经开始打开"):
        ask_party(it.draw, party="律师", account=make.user().username, by=supervisor, at=at)
    it.open(0, "314159265358", at)
    for late in ("271828182846", "", "314159265358"):
        with pytest.raises(BadInput, match="打不开"):
            it.open(1, late, at)
    with pytest.raises(Conflict, match="打开封好的数，要等到"):
        run_draw(it.draw, by=supervisor, at=at)
    it.open(1, "271828182845", at)
    with pytest.raises(Conflict, match="不用信标"):
        add_number(it.draw, number="1", by=supervisor, at=at)
    told: dict[str, Any] = json.loads(json.dumps(run_draw(it.draw, by=supervisor, at=at).told))
    assert problems_of(told) == [] and (told["silent"], told["unopened"], told["procedure"]) == ([], [], 2)
    file = tmp_path / "draw.json"
    file.write_text(json.dumps(told), encoding="utf-8")
    assert "人大代表：自己给的数 314159265358" in CliRunner().invoke(app, ["draw", "verify", str(file)]).output
    chosen = json.loads(json.dumps(told))
    chosen["numbers"][1]["number"] = "271828182846"
    assert "报社打开的数与它先封的摘要不符" in problems_of(chosen)
    beside = {**told, "numbers": [*told["numbers"], {"party": BEACON, "number": "7", "own": False}]}
    assert "各方都打开了自己的数，不应当再用别的数" in problems_of(beside)
    assert problems_of({name: value for name, value in told.items() if name != "beacon"}) == ["“beacon”写的不是该写的"]
    assert verify().holds
    it.draw.parties.filter(name="报社").update(seal="0" * 64)
    assert "封的摘要与记录不符" in str(verify())
    it.draw.parties.filter(name="报社").update(seal=told["numbers"][1]["seal"])
    for changed in ({"number": "3142"}, {"given_by": None}):
        it.draw.numbers.filter(party="人大代表").update(number="314159265358", given_by=it.accounts[0])
        it.draw.numbers.filter(party="人大代表").update(**changed)
        assert "给的数与记录不符" in str(verify()), changed


def test_who_does_not_open_in_time_is_named_and_left_out_and_the_beacon_decides(
    of: Hall, supervisor: User, tmp_path: Path
) -> None:
    it = asked(of, supervisor, "人大代表", "报社", "律师")
    it.seal(0, "314159265358", moment("11-10", 10))
    it.seal(1, "271828182845", moment("11-10", 10))
    with pytest.raises(Conflict, match="还不能打开"):
        it.open(0, "314159265358", moment("11-11", 8))
    tell_of_openings.call(moment("11-11", 8).isoformat())
    assert not Notification.objects.filter(kind="supervision.number_open").exists()
    for _ in range(2):
        tell_of_openings.call(moment("11-11", 9).isoformat())
    assert Notification.objects.filter(kind="supervision.number_open").count() == 2, "once each"
    with pytest.raises(Conflict, match="封数的时间已经过了"):
        it.seal(2, "161803398874", moment("11-11", 9))
    it.open(0, "314159265358", moment("11-11", 10))
    with pytest.raises(Conflict, match="报社还没有打开封好的数，要等到11月12日 09:00"):
        add_number(it.draw, number="03 11 17", by=supervisor, at=moment("11-12", 8))
    with pytest.raises(Conflict, match="打开的时间已经过了"):
        it.open(1, "271828182845", moment("11-12", 9))
    with pytest.raises(Conflict, match="要用信标的数"):
        run_draw(it.draw, by=supervisor, at=moment("11-12", 9))
    add_number(it.draw, number="03 11 17", by=supervisor, at=moment("11-12", 9))
    with pytest.raises(Conflict, match="只登记一次"):
        add_number(it.draw, number="03 11 18", by=supervisor, at=moment("11-12", 9))
    told: dict[str, Any] = json.loads(json.dumps(run_draw(it.draw, by=supervisor, at=moment("11-12", 9)).told))
    assert problems_of(told) == [] and told["silent"] == ["律师"]
    assert told["unopened"] == [{"party": "报社", "seal": seal_of(it.draw.commitment, "报社", "271828182845")}]
    file = tmp_path / "draw.json"
    file.write_text(json.dumps(told), encoding="utf-8")
    said = CliRunner().invoke(app, ["draw", "verify", str(file)]).output
    assert "报社：封了，没有打开" in said and "律师：请了，没有给数" in said
    assert f"{BEACON}：组织的一方登记的数 03 11 17" in said
    assert any("应当用事先写明的信标" in each for each in problems_of({**told, "numbers": told["numbers"][:1]}))
    assert "写了不止一次" in problems_of({**told, "silent": ["人大代表"]})[0]
    assert problems_of({**told, "silent": [1]}) and problems_of({**told, "unopened": [1]})


def test_only_parties_that_neither_organise_nor_inspect_are_asked_and_each_once(of: Hall, supervisor: User) -> None:
    it, at = asked(of, supervisor, "人大代表"), moment("11-10")
    inspector = User.objects.get(pk=int(it.draw.inspectors[0]["key"].partition(":")[2]))
    for wrong in ("nobody-here", supervisor.username, inspector.username):
        with pytest.raises(BadInput):
            ask_party(it.draw, party="律师", account=wrong, by=supervisor, at=at)
    for name, account in (("人大代表", make.user()), ("律师", it.accounts[0]), (BEACON, make.user())):
        with pytest.raises(Conflict):
            ask_party(it.draw, party=name, account=account.username, by=supervisor, at=at)
    other = prepare_draw(it.draw.organ, title="另", kind="guides", count=1, checklist=[], by=supervisor, at=at)
    for beacon in ("", " "):
        with pytest.raises(BadInput, match="信标"):
            close_list(other, ended_since=SINCE, inspectors=[inspector], beacon=beacon, by=supervisor, at=at)


def test_one_byte_changed_anywhere_in_a_file_is_told(of: Hall, supervisor: User) -> None:
    promise_drawn(of)
    written = json.dumps(drawn("commitments", of, supervisor).told, ensure_ascii=False, indent=1).encode()
    assert recomputed(written)[1] == []
    unseen = [
        place
        for place, byte in enumerate(written)
        if not recomputed(written[:place] + bytes([byte ^ 1]) + written[place + 1 :])[1]
    ]
    assert not unseen
    assert recomputed(b"[]")[1] == ["文件里写的不是一次抽查"]
    assert "第1行第1个字读不懂" in recomputed("抽查".encode())[1][0]


def test_windows_and_guides_are_drawn_inspected_and_put_right(of: Hall, supervisor: User) -> None:
    place = town(of.bureau)
    counters = {f"window:{each.pk}" for hall in of.bureau.halls.all() for each in hall.counters.all()}
    windows, guides = drawn("windows", of, supervisor), drawn("guides", of, supervisor)
    assert {each["key"] for each in windows.candidates} == counters and place
    assert {each["label"] for each in guides.candidates} == {of.item.name}
    at = moment("11-11")
    for it, number in ((windows, "窗口"), (guides, "办事指南第1版")):
        assert problems_of(it.told) == []
        one = Inspection.objects.get(draw=it)
        assert (one.organ, one.number, one.key) == (of.bureau, number, it.told["result"][0]["drawn"])  # type: ignore[index]
        assert one.inspector.posts.get().organ != of.bureau
        record_inspection(
            one, faulty=True, words="没有公开投诉电话", right_by=date(2026, 11, 20), by=one.inspector, at=at
        )
        told = Notification.objects.filter(user=of.head, kind="supervision.faulty").latest("pk")
        assert str(one) in told.body and "2026年11月20日前改正" in told.body
        put_right(one, words="已经贴出来", by=of.head, at=moment("11-12"))


def test_the_file_names_neither_cases_nor_inspectors(of: Hall, supervisor: User) -> None:
    promise = promise_drawn(of)
    it = drawn("commitments", of, supervisor)
    one = Inspection.objects.get(draw=it)
    told = json.dumps(it.told, ensure_ascii=False)
    assert one.case is not None and one.case.number not in told and one.inspector.full_name not in told
    assert f"promise:{promise.pk}" in told


def test_a_fault_that_is_not_put_right_by_its_day_is_found(of: Hall, supervisor: User) -> None:
    promise_drawn(of)
    one = Inspection.objects.get(draw=drawn("commitments", of, supervisor))
    record_inspection(one, faulty=True, words="不实", right_by=date(2026, 11, 20), by=one.inspector, at=moment("11-11"))
    for day, levels in (
        ("11-18", []),
        ("11-19", ["yellow"]),
        ("11-23", ["yellow", "red"]),
        ("11-24", ["yellow", "red"]),
    ):
        warn(at=moment(day, 7))
        found = Irregularity.objects.filter(rule="fault-not-righted", organ=of.bureau, case=one.case)
        assert list(found.order_by("id").values_list("level", flat=True)) == levels, day


def test_nothing_out_of_order(of: Hall, supervisor: User) -> None:
    at = moment("11-10")
    promise_drawn(of)
    given = {"title": "抽查", "kind": "commitments", "count": 1, "checklist": []}
    made = prepare_draw(supervisor.posts.get().organ, **given, by=supervisor, at=at)  # type: ignore[arg-type]
    with pytest.raises(Conflict):
        add_number(made, number="1", by=supervisor, at=at)
    with pytest.raises(BadInput):
        close_list(made, ended_since=date(2027, 1, 1), inspectors=inspectors(of), beacon=BEACON, by=supervisor, at=at)
    close_list(made, ended_since=SINCE, inspectors=[of.handler], beacon=BEACON, by=supervisor, at=at)
    for again in (
        lambda: run_draw(made, by=supervisor, at=at),
        lambda: close_list(made, ended_since=SINCE, inspectors=[of.handler], beacon=BEACON, by=supervisor, at=at),
    ):
        with pytest.raises(Conflict):
            again()
    add_number(made, number="1", by=supervisor, at=at)
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
    made = close_list(made, ended_since=SINCE, inspectors=[person], beacon=BEACON, by=supervisor, at=at)
    assert [each["organs"] for each in made.inspectors] == [[moved_to.pk]]


def test_an_inspector_with_a_second_post_in_the_organ_is_left_out(of: Hall, supervisor: User) -> None:
    promise_drawn(of)
    person = make.user("handler", make.organ())
    person.posts.create(organ=of.bureau, role=person.posts.get().role, since=SINCE)
    at, organ = moment("11-10"), supervisor.posts.get().organ
    made = prepare_draw(organ, title="抽查", kind="commitments", count=1, checklist=[], by=supervisor, at=at)
    made = close_list(made, ended_since=SINCE, inspectors=[person], beacon=BEACON, by=supervisor, at=at)
    add_number(made, number="1", by=supervisor, at=at)
    with pytest.raises(Conflict, match="别的单位"):
        run_draw(made, by=supervisor, at=at)
