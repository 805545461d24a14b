from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("fees", "0001_initial")]

    operations = [
        migrations.AddField(
            "feeorder",
            "at_window",
            models.BooleanField("在窗口缴的", default=False),
        ),
        migrations.AddField(
            "feeorder",
            "returned_at",
            models.DateTimeField("网上重复缴的退回", null=True, blank=True),
        ),
        migrations.AddIndex(
            "feeorder",
            models.Index(
                fields=("begun_at",),
                condition=models.Q(at_window=True, returned_at=None),
                name="fee_orders_paid_twice",
            ),
        ),
    ]
