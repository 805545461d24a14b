from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0012_desks_by_index"),
    ]

    operations = [
        migrations.AddField(
            model_name="fetchedmaterial",
            name="record_sealed",
            field=models.BinaryField(
                default=bytes, help_text="rows by label, where the grant gives data", verbose_name="取得的记录"
            ),
        ),
    ]
