from django.db import migrations, models

from banshi.core.append_only import protect_in_migration


class Migration(migrations.Migration):
    dependencies = [("ledger", "0002_append_only")]
    operations = [
        migrations.CreateModel(
            name="TimeStamp",
            fields=[
                (
                    "serial",
                    models.PositiveBigIntegerField(help_text="the anchor's", primary_key=True, serialize=False),
                ),
                ("token", models.BinaryField(help_text="DER, as it came")),
                (
                    "at",
                    models.DateTimeField(help_text="when we asked; the authority's own moment is in the token"),
                ),
            ],
            options={"ordering": ("serial",)},
        ),
        migrations.RunPython(*protect_in_migration("ledger_timestamp", "serial")),
    ]
