"""A paper is issued with its act: number, facts, record. None is lost, doubled or changed unseen."""

import pytest
from django.db import transaction

from banshi.core.errors import BadInput, Conflict, Refused
from banshi.events.models import Event
from banshi.ledger.models import LedgerEntry
from banshi.ledger.verification import verify
from banshi.papers.actions import issue, revoke, set_letterhead
from banshi.papers.kinds import kind_named, paper_facts, paper_kinds, sample_facts
from banshi.papers.models import Letterhead, Paper
from banshi.papers.numbering import next_number
from banshi.papers.queries import paper_by_code
from tests.at_once import at_once
from tests.factories import NOON, organ, user
from tests.papers.issued import BY, paper


@pytest.mark.django_db
def test_numbers_go_by_organ_kind_and_year_without_a_gap() -> None:
    education, water = organ("示例教育局", short_name="教育局"), organ("示例水务局", short_name="水务局")
    Letterhead.objects.create(organ=education, sign="示教")
    assert [paper("acceptance", education).number for _ in range(3)] == [f"示教受理〔2026〕{n}号" for n in (1, 2, 3)]
    assert paper("supplement", education).number == "示教补正〔2026〕1号"
    assert paper("acceptance", water).number == "水务局受理〔2026〕1号"


@pytest.mark.django_db
def test_a_new_year_begins_at_one() -> None:
    here = organ(short_name="教育局")
    said = paper("acceptance", here).facts
    told = {key: said[key] for key in kind_named("acceptance").needs}
    new_year = NOON.replace(year=2027, month=1, day=1, hour=0)
    made = issue("acceptance", organ=here, recipient="林小满", facts=told, about="1", by=BY, at=new_year)
    assert made.number == "教育局受理〔2027〕1号"


@pytest.mark.django_db
def test_the_number_of_an_act_that_is_undone_is_given_again() -> None:
    here = organ()
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        paper("receipt", here)
        1 / 0  # noqa: B018
    assert paper("receipt", here).serial == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.postgres
def test_of_thirty_two_who_issue_at_once_each_has_a_number_of_its_own_and_none_is_left_out() -> None:
    here = organ()

    def numbers(_: int) -> list[int]:
        taken = []
        for _ in range(20):
            with transaction.atomic():
                taken.append(next_number("acceptance", here, series="受理", year=2026).serial)
        return taken

    given = [number for some in at_once(numbers, 32) for number in some]
    assert sorted(given) == list(range(1, 32 * 20 + 1))


@pytest.mark.django_db(transaction=True)
@pytest.mark.postgres
def test_papers_issued_at_once_are_numbered_once_each() -> None:
    here = organ()

    def of_an_act(_: int) -> int:
        with transaction.atomic():
            return paper("receipt", here).serial

    assert sorted(at_once(of_an_act, 8)) == list(range(1, 9))
    assert verify().holds


@pytest.mark.django_db
def test_who_it_is_for_and_what_it_says_are_sealed_and_only_a_masked_name_is_plain() -> None:
    made = paper(recipient="欧阳小满")
    row = Paper.objects.values().get()
    assert (made.recipient, row["recipient_masked"]) == ("欧阳小满", "欧**满")
    assert not any("欧阳小满" in str(value) for value in row.values())
    assert made.facts["decision"].startswith("准予")
    entry = LedgerEntry.objects.get(action="papers.issue")
    assert entry.facts == {
        "number": made.number,
        "kind": "approval",
        "facts": made.facts_digest,
        "about": "990102202611230001",
    }


@pytest.mark.django_db
def test_a_paper_without_what_the_law_wants_on_it_is_not_issued() -> None:
    with pytest.raises(BadInput, match="不予受理通知书缺少：理由、依据"):
        paper("refusal_to_accept", facts={"item": "入学", "case_number": "1", "applied_on": "2026年9月18日"})
    with pytest.raises(BadInput, match="不认识的要素 colour"):
        paper("receipt", facts={**sample_facts(kind_named("receipt")), "colour": "红"})
    assert not Paper.objects.exists()


def test_every_kind_of_the_law_is_there_and_says_what_must_stand_on_it() -> None:
    known = paper_facts()
    assert set(paper_kinds()) >= {
        *("receipt", "acceptance", "supplement", "refusal_to_accept", "not_ours", "special_procedure", "extension"),
        *(
            "suspension",
            "resumption",
            "termination",
            "approval",
            "refusal",
            "delivery",
            "fee",
            "deferral",
            "commitment",
        ),
        *("result", "revocation"),
    }
    for kind in paper_kinds().values():
        written = {known[key].label for key in kind.needs}
        assert {label for label in written if f"{{{label}}}" not in kind.text} == set(), kind.code


@pytest.mark.django_db
def test_a_paper_is_revoked_once_with_a_reason_which_supervision_hears_of() -> None:
    made = paper()
    with pytest.raises(BadInput, match="请写明为什么撤销"):
        revoke(made, reason=" ", by=BY, at=NOON)
    revoke(made, reason="承诺不实", by=BY, at=NOON)
    assert (made.revoked_at, made.revoke_reason) == (NOON, "承诺不实")
    assert Event.objects.get(kind="papers.revoked").payload.paper_kind == "approval"
    with pytest.raises(Conflict, match="已经撤销过"):
        revoke(made, reason="再来", by=BY, at=NOON)


@pytest.mark.django_db
@pytest.mark.parametrize("typed", ["{0}", "{1}", " {2} ", "{3}"])
def test_a_code_is_found_however_it_is_typed(typed: str) -> None:
    made = paper()
    ways = made.code, made.code.replace("-", ""), made.code.lower(), made.code.replace("-", " ")
    assert paper_by_code(typed.format(*ways)) == made
    assert paper_by_code("2222-2222-2222") is None


@pytest.mark.django_db
def test_a_changed_paper_is_found_by_the_ledger() -> None:
    made = paper()
    assert verify().holds
    Paper.objects.filter(pk=made.pk).update(**Paper.seal(recipient="李四", facts='{"decision": "准予李四"}'))
    assert "文书的内容与摘要不符" in str([each.words for each in verify().problems])


@pytest.mark.django_db
def test_an_office_sets_its_own_sign_and_nobody_elses() -> None:
    here, elsewhere = organ(), organ()
    set_letterhead(here, sign="示 教", seal=None, by=user("head", here), at=NOON)
    assert Letterhead.objects.get().sign == "示教"
    with pytest.raises(Refused):
        set_letterhead(elsewhere, sign="示教", seal=None, by=user("head", here), at=NOON)
