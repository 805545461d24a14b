"""`banshi serve`: answer requests."""

import os
import socket
import threading
import time

import typer

from banshi.command.cli import app, django_ready, errors, screen


@app.command()
def serve(
    host: str = typer.Option("127.0.0.1", help="监听地址；在反向代理后面用 127.0.0.1"),
    port: int = typer.Option(8000, min=1, max=65535, help="端口"),
    workers: int = typer.Option(2, min=1, help="工作进程数，一般等于处理器核数"),
    threads: int = typer.Option(4, min=1, help="每个进程同时处理的请求数"),
    worker: bool = typer.Option(
        False, "--worker", help="在本进程里一起运行后台任务（小规模用；否则另开 banshi worker）"
    ),
) -> None:
    """运行网站，直到收到停止信号。"""
    with django_ready():
        from django.core.management import call_command

        _refuse_unready_database()
        call_command("collectstatic", interactive=False, verbosity=0)
        serve_site(host=host, port=port, workers=workers, threads=threads, embedded_worker=worker)


def _refuse_unready_database() -> None:
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    from banshi.core.errors import Conflict

    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise Conflict("数据库的表还没有建好或不是这个版本的", remedy="请先备份，再运行 banshi manage migrate。")
    connection.close()


def serve_site(*, host: str, port: int, workers: int, threads: int, embedded_worker: bool) -> None:
    """Serve until a signal comes.

    Request processes are spawned, not forked, so threads may run here before. They end with this one.
    """
    import multiprocessing

    from granian import Granian
    from granian.constants import Interfaces

    from banshi.core.clock import now
    from banshi.core.models import Node
    from banshi.core.nodes import signed_on
    from banshi.jobs.workers import start_embedded_worker
    from banshi.search.following import start_following

    multiprocessing.set_start_method("spawn", force=True)
    os.environ["BANSHI_SERVING"] = str(os.getpid())
    os.environ.setdefault("MALLOC_ARENA_MAX", "2")  # glibc keeps freed memory for each of many arenas otherwise
    server = Granian(
        "banshi.config.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=threads,
        respawn_failed_workers=True,
        log_enabled=False,
    )
    with signed_on(Node.Kind.SITE) as heartbeat:
        start_following()
        if embedded_worker:
            start_embedded_worker(heartbeat, now)
        threading.Thread(target=_announce, args=(host, port), daemon=True).start()
        server.serve()


def _announce(host: str, port: int) -> None:
    """Say where it is once something answers there."""
    near = "127.0.0.1" if host in ("0.0.0.0", "::") else host  # noqa: S104
    for _ in range(600):
        if _answers(near, port):
            screen.print(f"banshi ready at http://{near}:{port}", highlight=False, soft_wrap=True)
            return
        time.sleep(0.1)
    errors.print("[red]✗[/red] 一分钟了还没有回应，请看日志", highlight=False)


def _answers(host: str, port: int) -> bool:
    try:
        with socket.create_connection((host, port), timeout=5) as line:
            line.sendall(f"HEAD /static/kit/favicon.svg HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode())
            return line.recv(8).startswith(b"HTTP/1.1")
    except OSError:
        return False
