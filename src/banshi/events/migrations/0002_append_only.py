from django.db import migrations

from banshi.core.append_only import protect_in_migration


class Migration(migrations.Migration):
    dependencies = [("events", "0001_initial")]
    operations = [migrations.RunPython(*protect_in_migration("events_event", "id", "guid", "number", once="number"))]
