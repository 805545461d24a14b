"""Places, organs and accounts of the demonstration."""

from datetime import date, datetime

from django.contrib.auth.hashers import make_password
from django.db import transaction

from banshi import ledger
from banshi.command.demo.tables import path_of, table
from banshi.people.actions import appoint, create_organ, load_divisions, register_citizen
from banshi.people.demo import DEMO_PASSWORD
from banshi.people.models import Division, Organ, User

SINCE = date(2024, 1, 1)


def build_places(*, by: ledger.Actor, at: datetime) -> None:
    lines = path_of("demo/divisions.csv").read_text(encoding="utf-8").splitlines()
    load_divisions(lines, by=by, at=at)
    real = [f"{row['division']},{row['division_name']}" for row in table("demo/real-guides.csv")]
    load_divisions(real, by=by, at=at)


def build_organs(*, by: ledger.Actor, at: datetime) -> dict[str, Organ]:
    """Return the organs of 示例市 by their keys in the file.

    Superiors stand above those they are over.
    """
    divisions = Division.objects.in_bulk()
    organs: dict[str, Organ] = {}
    for row in table("demo/organs.csv"):
        organs[row["key"]] = create_organ(
            name=row["name"],
            short_name=row["short_name"],
            kind=row["kind"],
            division=divisions[row["division"]],
            uscc=row["uscc"],
            superior=organs.get(row["superior"]),
            address=row["address"],
            phone=row["phone"],
            hours=row["hours"],
            is_example=True,
            by=by,
            at=at,
        )
    return organs


def build_accounts(organs: dict[str, Organ], *, by: ledger.Actor, at: datetime) -> dict[str, User]:
    """Create one account for each kind of user, all with DEMO_PASSWORD."""
    sealed = make_password(DEMO_PASSWORD)
    accounts = {}
    for row in table("demo/users.csv"):
        user = accounts[row["username"]] = _open_account(row, sealed, by=by, at=at)
        if row["role"]:
            organ = organs[row["organ"]]
            appoint(user, organ=organ, role=row["role"], title=row["title"], since=SINCE, by=by, at=at)
        else:
            register_citizen(user, kind=row["citizen_kind"], name=row["full_name"], number=row["number"], by=by, at=at)
    return accounts


@transaction.atomic
def _open_account(row: dict[str, str], sealed: str, *, by: ledger.Actor, at: datetime) -> User:
    """Create an account whose known password stays, being printed on the sign-in page of the demonstration."""
    name = row["full_name"] if row["role"] else ""
    user = User.objects.create(username=row["username"], full_name=name, password=sealed, demo_note=row["note"])
    ledger.record("demo.open_account", user, by=by, at=at, facts={"username": user.username})
    return user
