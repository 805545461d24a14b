"""What stands readable in the database, whatever model wrote it."""

import json

from django.db import connection


def columns_with(text: str) -> set[str]:
    """`table.column` of every cell that shows a text, as it is or as JSON writes it."""
    ways, found = (text, json.dumps(text)[1:-1]), set()
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            names = [each[0] for each in cursor.description]
            for row in cursor:
                for name, cell in zip(names, row, strict=True):
                    plain = bytes(cell).decode(errors="ignore") if isinstance(cell, bytes | memoryview) else str(cell)
                    if any(way in plain for way in ways):
                        found.add(f"{table}.{name}")
    return found
