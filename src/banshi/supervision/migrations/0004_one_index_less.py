from django.db import migrations, models
from django.db.models.deletion import PROTECT

INDEXES = {
    "case_id": "supervision_irregularity_case_id_57276695",
    "organ_id": "supervision_irregularity_organ_id_24443c64",
}


class Migration(migrations.Migration):
    """Other indexes begin with these columns, and a city's morning writes tens of thousands of rows."""

    dependencies = [
        ("cases", "0013_fetched_records"),
        ("people", "0001_initial"),
        ("supervision", "0003_measures"),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            [
                migrations.RunSQL(
                    f"DROP INDEX IF EXISTS {name}", f"CREATE INDEX {name} ON supervision_irregularity ({column})"
                )
                for column, name in INDEXES.items()
            ],
            [
                migrations.AlterField(
                    "irregularity",
                    "case",
                    models.ForeignKey(
                        "cases.case",
                        PROTECT,
                        null=True,
                        blank=True,
                        related_name="irregularities",
                        db_index=False,
                    ),
                ),
                migrations.AlterField(
                    "irregularity",
                    "organ",
                    models.ForeignKey(
                        "people.organ",
                        PROTECT,
                        related_name="irregularities",
                        verbose_name="单位",
                        db_index=False,
                    ),
                ),
            ],
        )
    ]
