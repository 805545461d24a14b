from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    """Whom a call is about may be told of it later, where a law named in the request says so."""

    dependencies = [
        ("exchange", "0010_calls_without_indexes_of_keys"),
    ]

    operations = [
        migrations.AddField(
            "datarequest",
            "told_after_days",
            models.PositiveSmallIntegerField(default=0, verbose_name="几天以后本人才看得到"),
        ),
        migrations.AddField(
            "datarequest",
            "told_late_basis",
            models.CharField(blank=True, default="", max_length=300, verbose_name="暂时不让本人知道的依据"),
            preserve_default=False,
        ),
        migrations.AddConstraint(
            "datarequest",
            models.CheckConstraint(
                condition=Q(told_after_days=0, told_late_basis="")
                | (Q(told_after_days__gt=0) & ~Q(told_late_basis="")),
                name="told_late_by_law_only",
            ),
        ),
    ]
