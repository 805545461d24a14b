from django.db import migrations, models
from django.db.models import OuterRef, Subquery, Value
from django.db.models.functions import Coalesce, JSONObject


def keep_identities(apps, schema_editor):
    """Take that of the item for versions of before, of which none was kept."""
    Item, Publication = apps.get_model("catalog", "Item"), apps.get_model("catalog", "Publication")
    identity = JSONObject(code="code", kind="kind", category=Coalesce("category_id", Value("")))
    item = Item.objects.filter(pk=OuterRef("item_id")).annotate(identity=identity).order_by()
    Publication.objects.order_by().update(identity=Subquery(item.values("identity")))


class Migration(migrations.Migration):
    dependencies = [
        ("catalog", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="publication",
            name="identity",
            field=models.JSONField(
                default=dict, help_text="an ItemIdentity, as it was in this version", verbose_name="编码、类型、类别"
            ),
        ),
        migrations.RunPython(keep_identities, migrations.RunPython.noop, elidable=True),
    ]
