"""`banshi reindex`: write the search index anew."""

from banshi.command.cli import app, django_ready, progress, screen


@app.command()
def reindex() -> None:
    """重建搜索索引。新索引建好后一次换上，期间搜索照常。"""
    with django_ready():
        from banshi.catalog.models import Listing
        from banshi.core.errors import Conflict
        from banshi.search.index import rebuild

        with progress() as bar:
            work = bar.add_task("重建搜索索引", total=Listing.objects.count())
            count = rebuild(lambda done, of=0, _="": bar.update(work, completed=done))
        if count is None:
            raise Conflict("另一个进程正在重建搜索索引", remedy="请等它完成。")
        screen.print(f"搜索索引已重建，共 {count} 项。")
