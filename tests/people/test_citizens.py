from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection
from stdnum.cn import ric
from tests import factories

from banshi.core.errors import BadInput, Conflict, Refused
from banshi.core.id_numbers import mask_name
from banshi.ledger.models import LedgerEntry
from banshi.people import actions
from banshi.people.models import Identity, User

pytestmark = pytest.mark.django_db
NOON = factories.NOON


def card(order=1):
    body = f"11010519900307{order:03}"
    return body + ric.calc_check_digit(body + "0")


def register(user=None, **more):
    user = user or factories.user()
    given = {"kind": "person", "name": "张三", "number": card(), "phone": "13800000000", **more}
    return actions.register_citizen(user, **given, by=user, at=NOON)


def test_what_lies_in_the_database_cannot_be_read():
    register()
    with connection.cursor() as cursor:
        cursor.execute("SELECT name_sealed, number_sealed, phone_sealed, number_index FROM people_identity")
        row = cursor.fetchone()
    stored = b"".join(value.encode() if isinstance(value, str) else bytes(value) for value in row)
    for secret in ("张三", card(), "13800000000"):
        assert secret.encode() not in stored


def test_the_ledger_knows_no_name_and_no_number():
    register()
    said = str(LedgerEntry.objects.last().facts)
    assert "张三" not in said
    assert card() not in said


def test_a_number_is_registered_once_even_with_a_small_x():
    register()
    with pytest.raises(Conflict, match="已经注册过"):
        register(number=f" {card().lower()} ")
    assert Identity.objects.count() == 1


@pytest.mark.parametrize(
    "phone", ["138 0000 0000", "+8613800000000", "+86 138-0000-0000", "１３８００００００００", "008613800000000"]
)
def test_a_mobile_number_may_be_written_as_people_write_it(phone):
    assert register(phone=phone).opened("phone") == "13800000000"


def test_an_id_number_may_have_blanks_and_full_width_digits():
    wide = "".join(chr(ord(sign) + 0xFEE0) for sign in card())
    assert register(number=f"{wide[:6]} {wide[6:14]} {wide[14:]}").opened("number") == card()


def test_nobody_is_born_after_today():
    body = "11010520990101001"
    with pytest.raises(BadInput) as refusal:
        register(number=body + ric.calc_check_digit(body + "0"))
    assert [problem.field for problem in refusal.value.problems] == ["number"]


def test_a_company_whose_code_fails_is_told_what_else_it_can_do():
    with pytest.raises(BadInput) as refusal:
        register(kind="company", number="91350203M0001QKT19")
    assert "窗口" in refusal.value.problems[0].message


@pytest.mark.parametrize(
    "wrong, field",
    [
        ({"name": " "}, "name"),
        ({"number": card()[:-1] + ("1" if card()[-1] != "1" else "2")}, "number"),
        ({"kind": "company"}, "number"),
        ({"phone": "12345"}, "phone"),
    ],
)
def test_wrong_data_is_refused_by_field(wrong, field):
    with pytest.raises(BadInput) as refusal:
        register(**wrong)
    assert [problem.field for problem in refusal.value.problems] == [field]


def test_a_company_registers_with_its_credit_code():
    assert register(kind="company", name="示例公司", number="91110000600037341L").kind == "company"


class TestErasing:
    def test_nothing_of_the_person_stays_but_that_it_happened(self):
        identity = register()
        user = identity.user
        user.sign_ins.create(session_key="k", address="10.1.2.3", began_at=NOON)
        actions.erase_identity(identity, reason="本人注销", by=user, at=NOON)
        assert not Identity.objects.exists()
        gone = User.objects.get()
        assert (gone.username, gone.full_name, gone.is_active) == (f"注销{gone.pk}", "", False)
        assert not gone.has_usable_password()
        assert not gone.sign_ins.exists()
        entry = LedgerEntry.objects.last()
        assert (entry.action, entry.facts) == ("people.erase_identity", {"own": True, "reason": "本人注销"})
        assert entry.actor_name == gone.username

    def test_the_number_may_be_registered_anew(self):
        identity = register()
        actions.erase_identity(identity, reason="本人注销", by=identity.user, at=NOON)
        assert register().opened("number") == card()

    def test_an_administrator_does_so_for_who_asks_and_nobody_else(self):
        identity = register()
        with pytest.raises(Refused):
            actions.erase_identity(identity, reason="好奇", by=factories.user(), at=NOON)
        actions.erase_identity(identity, reason="本人到窗口要求", by=factories.user("admin"), at=NOON)
        assert LedgerEntry.objects.last().facts == {"own": False, "reason": "本人到窗口要求"}

    def test_who_holds_a_post_lays_it_down_first(self):
        user = factories.user("clerk")
        identity = register(user)
        with pytest.raises(Conflict, match="还有岗位"):
            actions.erase_identity(identity, reason="注销", by=user, at=NOON)
        assert Identity.objects.exists()


class TestLooking:
    def test_one_sees_ones_own_data_and_the_look_is_recorded(self):
        identity = register()
        assert actions.look_at_identity(identity, field="number", reason="核对", by=identity.user, at=NOON) == card()
        entry = LedgerEntry.objects.last()
        assert (entry.action, entry.facts) == ("people.look_at_identity", {"field": "number", "reason": "核对"})

    def test_nobody_else_looks_not_even_the_administrator(self):
        identity = register()
        with pytest.raises(Refused):
            actions.look_at_identity(identity, field="name", reason="好奇", by=factories.user("admin"), at=NOON)
        assert LedgerEntry.objects.last().action != "people.look_at_identity"

    @pytest.mark.parametrize("wrong", [{"field": "password"}, {"reason": "  "}])
    def test_a_look_needs_a_field_and_a_reason(self, wrong):
        identity = register()
        with pytest.raises(BadInput):
            actions.look_at_identity(
                identity, **{"field": "name", "reason": "核对", **wrong}, by=identity.user, at=NOON
            )


@pytest.mark.parametrize("username", ["13800000000", "138-0000-0000", "a13800000000", card(), "张三1990", "张　三"])
def test_an_account_name_that_tells_who_one_is_is_refused(username):
    with pytest.raises(BadInput, match="身份信息有误") as refused:
        register(factories.user(username=username))
    assert [each.field for each in refused.value.problems] == ["username"]


@pytest.mark.parametrize("name", ["张", "张三", "欧阳小明", "阿卜杜热合曼·买买提", ""])
def test_what_is_masked_stays_as_it_is_when_masked_again(name):
    assert mask_name(mask_name(name)) == mask_name(name)


def test_accounts_of_before_are_masked_and_those_with_a_post_keep_the_name_of_office():
    person, company, official = factories.user(), factories.user(), factories.user("clerk", factories.organ())
    register(person, name="张三")
    register(official, name="李四", number=card(2))
    register(company, kind="company", name="例光科技有限公司", number="91990100EX9000017K")
    User.objects.filter(pk=person.pk).update(full_name="张三")
    User.objects.filter(pk=company.pk).update(full_name="")
    User.objects.filter(pk=official.pk).update(full_name="李四")
    import_module("banshi.people.migrations.0002_masked_names").mask_names(apps, None)
    names = [User.objects.get(pk=each.pk).full_name for each in (person, company, official)]
    assert names == ["张*", "例光科技有限公司", "李四"]
