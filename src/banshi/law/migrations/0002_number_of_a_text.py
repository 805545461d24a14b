from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("law", "0001_initial")]
    operations = [
        migrations.AddField(
            model_name="lawversion",
            name="doc_no",
            field=models.CharField(blank=True, default="", max_length=80, verbose_name="文号"),
            preserve_default=False,
        )
    ]
