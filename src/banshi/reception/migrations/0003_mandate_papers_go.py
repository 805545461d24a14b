import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("core", "0002_sealed_files"), ("reception", "0002_bundles")]

    operations = [
        migrations.AlterField(
            model_name="mandate",
            name="paper",
            field=models.ForeignKey(
                blank=True,
                help_text="none after its time is over (data/retention.toml)",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="core.storedfile",
                verbose_name="委托书",
            ),
        ),
    ]
