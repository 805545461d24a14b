from datetime import UTC, datetime

from django.db import migrations, models
from django.db.models import Max

from banshi.core.append_only import lift, protect
from banshi.ledger.recording import digest_of

TABLE, ANCHORED = "exchange_callrecord", "exchange.anchor_calls"
COUNTED_ON = """
SELECT setval(pg_get_serial_sequence('exchange_callrecord', 'number'), MAX(number)) FROM exchange_callrecord HAVING MAX(number) > 0
"""


def anchor_end(apps, editor):
    """Name the end of the chain in the ledger once more, since nothing else remembers it from now on."""
    head = apps.get_model("exchange", "CallHead").objects.filter(number__gt=0).first()
    entries = apps.get_model("ledger", "LedgerEntry").objects
    newest = entries.filter(action=ANCHORED).order_by("-number").first()
    if head is None or (newest and newest.facts["number"] == head.number):
        return
    entry = entries.model(
        at=max(datetime.now(UTC), entries.aggregate(at=Max("at"))["at"]),
        actor="system:exchange",
        actor_name="系统（exchange）",
        action=ANCHORED,
        subject="exchange.CallHead:1",
        facts={"number": head.number, "digest": head.digest},
    )
    entry.digest = digest_of(entry)
    entry.save(force_insert=True)


def number_on(apps, editor):
    if editor.connection.vendor == "postgresql":
        editor.execute(COUNTED_ON)


class Migration(migrations.Migration):
    """A call has its digest in the ledger's entry of it, and takes its number without waiting for the one before."""

    dependencies = [
        ("ledger", "0004_roots_and_skips"),
        ("exchange", "0012_row_guids_of_the_organ"),
    ]

    operations = [
        migrations.RunPython(anchor_end, migrations.RunPython.noop),
        migrations.RunPython(
            lambda apps, editor: lift(editor.connection, TABLE),
            lambda apps, editor: protect(editor.connection, TABLE, "number"),
        ),
        migrations.AlterField(
            "callrecord",
            "number",
            models.BigAutoField(primary_key=True, serialize=False, help_text="rises; what was taken back leaves a gap"),
        ),
        migrations.AlterField(
            "callrecord",
            "previous",
            models.CharField(
                max_length=64, blank=True, help_text="digest of the call before, of calls that stood in one chain"
            ),
        ),
        migrations.AlterField("callrecord", "digest", models.CharField(max_length=64, help_text="of everything above")),
        migrations.RunPython(
            lambda apps, editor: protect(editor.connection, TABLE, "number"),
            lambda apps, editor: lift(editor.connection, TABLE),
        ),
        migrations.RunPython(number_on, migrations.RunPython.noop),
        migrations.DeleteModel("CallHead"),
    ]
