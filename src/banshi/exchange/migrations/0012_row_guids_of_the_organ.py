"""Rows of batches are named anew, for the subscriber's organ alone: whoever receives batches has a whole one next."""

from typing import Any

from django.db import migrations


def want_whole(apps: Any, editor: Any) -> None:
    apps.get_model("exchange", "Subscription").objects.filter(ended_at=None).update(whole_wanted=True)


class Migration(migrations.Migration):
    dependencies = [("exchange", "0011_told_late")]
    operations = [migrations.RunPython(want_whole, migrations.RunPython.noop)]
