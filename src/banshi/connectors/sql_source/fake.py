"""A register of tests in a database of its own."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Column, MetaData, Table, Text, create_engine, insert


def fill_register(address: str, name: str, rows: Sequence[Mapping[str, Any]], *, unique: str = "") -> str:
    """Write the table anew, and return the address."""
    engine = create_engine(address)
    table = Table(name, MetaData(), *(Column(each, Text, primary_key=each == unique) for each in rows[0]))
    table.drop(engine, checkfirst=True)
    table.create(engine)
    with engine.begin() as connection:
        connection.execute(insert(table), [dict(row) for row in rows])
    engine.dispose()
    return address
