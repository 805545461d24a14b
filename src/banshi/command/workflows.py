"""`banshi workflows`: the page about the workflows, made from their data."""

from pathlib import Path

from banshi.command.cli import app, django_ready, screen


@app.command()
def workflows(to: Path = Path("docs/workflows.md")) -> None:
    """由 data/workflows 生成流程说明页。"""
    with django_ready(database=False):
        from banshi.workflow.definition import all_workflows
        from banshi.workflow.pictures import page

        to.write_text(page(all_workflows()), encoding="utf-8")
        screen.print(f"已写 {to}")
