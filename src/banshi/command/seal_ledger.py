"""`banshi seal-ledger`: chain what the worker has not sealed yet."""

from banshi.command.cli import app, django_ready, screen


@app.command()
def seal_ledger() -> None:
    """封存还没有封存的操作记录。平时由 banshi worker 每秒封存，这里用于停机前或后台任务停了的时候。"""
    with django_ready():
        from banshi.core.clock import now
        from banshi.ledger.sealing import not_sealed, seal

        sealed = seal(at=now())
        left = not_sealed().count
    rest = f"，还有{left}条，由正在封存的进程接着做" if left else ""
    screen.print(f"封存了{sealed}条{rest}。", highlight=False)
