from django.db import migrations, models

from banshi.catalog.guide.citing import cited_in

LINE, ROWS_AT_ONCE = 300, 1000


def fill(apps, editor):
    """Project anew what is in force: laws named outside 办理依据 have rows of their own now."""
    Publication, Basis = (apps.get_model("catalog", name) for name in ("Publication", "PublishedBasis"))
    Basis.objects.all().delete()
    rows = []
    for item, content in Publication.objects.filter(until=None).values_list("item", "revision__content").iterator():
        for position, each in enumerate(cited_in(content)):
            texts = {"title": each.title[:LINE], "doc_no": each.doc_no[:LINE], "articles": each.articles[:LINE]}
            rows.append(Basis(item_id=item, position=position, path=each.path[:80], **texts))
        if len(rows) >= ROWS_AT_ONCE:
            Basis.objects.bulk_create(rows)
            rows = []
    Basis.objects.bulk_create(rows)


class Migration(migrations.Migration):
    dependencies = [("catalog", "0002_submitted_texts")]
    operations = [
        migrations.AddField("publishedbasis", "path", models.CharField(default="bases", max_length=80)),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
