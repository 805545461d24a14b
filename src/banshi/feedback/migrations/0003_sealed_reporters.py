"""Who complained is found again by a blind index only; the account itself stands with the name in the sealed column."""

from django.db import migrations, models

from banshi.cases.sealing import opened, seal
from banshi.core.crypto import blind_index

REPORTER, ACCOUNT = "feedback.reporter", "feedback.reporter_account"
AT_ONCE = 1000


def seal_accounts(apps, schema_editor):
    complaints = apps.get_model("feedback", "Complaint")
    changed = []
    for row in complaints.objects.exclude(reporter=None).only("pk", "reporter_id", "reporter_sealed").iterator(AT_ONCE):
        person = opened(row.reporter_sealed, purpose=REPORTER)
        row.reporter_sealed = seal({"account": row.reporter_id, **person}, purpose=REPORTER)
        row.reporter_index = blind_index(str(row.reporter_id), purpose=ACCOUNT)
        changed.append(row)
    complaints.objects.bulk_update(changed, ["reporter_sealed", "reporter_index"], AT_ONCE)


class Migration(migrations.Migration):
    dependencies = [("feedback", "0002_complaints_and_wishes")]

    operations = [
        migrations.AddField(
            "complaint",
            "reporter_index",
            models.CharField(
                blank=True, default="", max_length=64, help_text="blind index of the account, joined to nothing"
            ),
            preserve_default=False,
        ),
        migrations.RunPython(seal_accounts, migrations.RunPython.noop),
    ]
