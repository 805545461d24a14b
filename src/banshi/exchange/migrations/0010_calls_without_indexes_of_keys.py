import django.db.models.deletion
from django.db import migrations, models

INDEXES = (
    "exchange_callrecord_grant_id_f44bda0c",
    "exchange_callrecord_resource_id_3d0c42a9",
    "exchange_callrecord_organ_id_a213c9f5",
    "exchange_callrecord_item_id_1cf0a911",
    "exchange_usednonce_key_id_af19316b",
)


def _key(model: str, name: str, to: str, **options: object) -> migrations.AlterField:
    kept = {"on_delete": django.db.models.deletion.PROTECT, "related_name": "+", **options}
    return migrations.AlterField(model, name, models.ForeignKey(to=to, db_index=False, **kept))  # type: ignore[arg-type]


class Migration(migrations.Migration):
    """Nothing is found by these indexes that is not found by another. Dropped by name: SQLite would write the log anew."""

    dependencies = [
        ("catalog", "0007_remarks_are_no_numbers"),
        ("people", "0001_initial"),
        ("exchange", "0009_calls_in_time"),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(f"DROP INDEX IF EXISTS {each}", migrations.RunSQL.noop) for each in INDEXES
            ],
            state_operations=[
                _key(
                    "callrecord",
                    "grant",
                    "exchange.grant",
                    null=True,
                    related_name="calls",
                    help_text="None: refused before",
                ),
                _key("callrecord", "resource", "exchange.resource", null=True, related_name="calls"),
                _key("callrecord", "organ", "people.organ", verbose_name="谁问的"),
                _key("callrecord", "item", "catalog.item", null=True, verbose_name="事项"),
                _key("usednonce", "key", "exchange.callerkey", on_delete=models.CASCADE, related_name="nonces"),
            ],
        ),
    ]
