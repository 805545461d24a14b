"""`migrate`, in place of Django's: an empty database gets its tables from the models, any other one is migrated."""

from typing import Any

from django.core.management.commands.migrate import Command as DjangoCommand
from django.db import connections

from banshi.core.schema import create_tables

PARTLY = ("app_label", "fake", "fake_initial", "plan", "check_unapplied", "prune")
"""Options that ask for something else than everything."""


class Command(DjangoCommand):
    def handle(self, *args: Any, **options: Any) -> None:
        connection = connections[options["database"]]
        connection.prepare_database()
        if not any(options[each] for each in PARTLY) and not connection.introspection.table_names():
            create_tables(connection)
        super().handle(*args, **options)
