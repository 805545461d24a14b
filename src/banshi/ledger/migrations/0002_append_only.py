from django.db import migrations

from banshi.core.append_only import protect_in_migration


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_initial")]
    operations = [
        migrations.RunPython(*protect_in_migration("ledger_block", "number", "previous")),
        migrations.RunPython(*protect_in_migration("ledger_ledgerentry", "number", once="block_id")),
        migrations.RunPython(*protect_in_migration("ledger_anchor", "serial")),
    ]
