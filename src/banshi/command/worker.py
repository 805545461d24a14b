"""`banshi worker`: run background tasks and the schedule."""

from banshi.command.cli import app, django_ready, errors
from banshi.core.clock import now


@app.command()
def worker() -> None:
    """运行后台任务和定时任务，直到收到停止信号。可以同时运行多个。"""
    with django_ready():
        from banshi.core.schema import refuse_other_schema
        from banshi.jobs.workers import run_worker
        from banshi.search.follower import start_following

        refuse_other_schema()
        start_following()
        errors.print("后台任务已启动，按 Ctrl+C 停止。")
        run_worker(now)
