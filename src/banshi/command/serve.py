"""`banshi serve`: answer requests."""

import errno
import os
import resource
import signal
import socket
import threading
import time
from multiprocessing import get_context, set_start_method

import typer

from banshi.command.cli import app, django_ready, errors, screen

CONNECTIONS = 8192
"""Open at a time in one request process. Those that send nothing cost little, and are closed after `IDLE_SECONDS`."""
IDLE_SECONDS = 15
STOP_SECONDS = 30
"""For which requests may go on after the signal to stop."""
GRACE = 5


@app.command()
def serve(
    host: str = typer.Option("127.0.0.1", help="监听地址；在反向代理后面用 127.0.0.1"),
    port: int = typer.Option(8000, min=1, max=65535, help="端口"),
    workers: int = typer.Option(2, min=1, help="工作进程数，一般等于处理器核数"),
    threads: int = typer.Option(4, min=1, help="每个进程同时处理的请求数"),
    streams: int = typer.Option(0, min=0, max=65535, help="实时推送（叫号屏、监察大屏）的端口；0 不另开，由网站自己答"),
    worker: bool = typer.Option(
        False, "--worker", help="在本进程里一起运行后台任务（小规模用；否则另开 banshi worker）"
    ),
) -> None:
    """运行网站，直到收到停止信号。"""
    refuse_used_port(host, port)
    if streams:
        refuse_used_port(host, streams)
        refuse_shared_port(port, streams)
    with django_ready():
        from django.conf import settings

        from banshi.backups import forget_unfinished
        from banshi.core.schema import refuse_other_schema

        refuse_other_schema()
        forget_unfinished(settings.HOME / "backups")
        serve_site(host=host, port=port, workers=workers, threads=threads, embedded_worker=worker, streams=streams)


def refuse_used_port(host: str, port: int) -> None:
    """End with a sentence where nobody can listen: request processes share their port, so a second server would not notice."""
    if trouble := port_trouble(host, port):
        errors.print(f"[red]✗[/red] {trouble}", highlight=False, soft_wrap=True)
        raise typer.Exit(1)


def refuse_shared_port(port: int, streams: int) -> None:
    """End with a sentence where both would listen at one port: the one that came first would answer for the other."""
    if port == streams:
        said = f"网站和实时推送不能用同一个端口 {port}。请给 --streams 换一个，例如 --streams {port % 65535 + 1}。"
        errors.print(f"[red]✗[/red] {said}", highlight=False, soft_wrap=True)
        raise typer.Exit(1)


def port_trouble(host: str, port: int) -> str:
    """Say why nobody can listen there, in words.

    Returns "" when one can.
    """
    try:
        family, kind, _, _, place = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
        with socket.socket(family, kind) as trial:
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            trial.bind(place)
    except OSError as error:
        if error.errno == errno.EACCES:
            return f"没有权限使用端口 {port}。请用 --port 换一个 1024 以上的端口，例如 --port 8000。"
        if error.errno == errno.EADDRINUSE:
            other = port % 65535 + 1
            return f"端口 {port} 正被别的程序使用。请关掉那个程序，或换一个端口，例如 --port {other}。"
        return f"这台机器上没有 {host} 这个地址。请用 --host 换一个，例如 --host 127.0.0.1。"
    return ""


def serve_site(*, host: str, port: int, workers: int, threads: int, embedded_worker: bool, streams: int = 0) -> None:
    """Collect static files under hashed names, compressed, and serve until a signal comes.

    What answers requests is a process of its own, so threads may run here before. It ends with this one.
    """
    from django.core.management import call_command

    from banshi.core.clock import now
    from banshi.core.models import Node
    from banshi.core.nodes import signed_on
    from banshi.jobs.workers import start_embedded_worker
    from banshi.search.follower import start_following
    from banshi.sites.kit.stream_server import start_streams

    call_command("collectstatic", interactive=False, verbosity=0)
    os.environ["BANSHI_SERVING"] = "1"
    # Each connection is an open file, and the usual limit of 1024 would end service before ours does.
    wanted = 2 * CONNECTIONS
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    if soft != resource.RLIM_INFINITY and soft < most:
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
    os.environ.setdefault("MALLOC_ARENA_MAX", "2")  # glibc keeps freed memory for each of many arenas otherwise
    answering = get_context("spawn").Process(
        target=_answer_requests, args=(os.getpid(), host, port, workers, threads), name="requests"
    )
    stopping = threading.Event()
    for each in (signal.SIGTERM, signal.SIGINT):
        signal.signal(each, lambda *_: stopping.set())
    with signed_on(Node.NodeKind.SITE) as heartbeat:
        answering.start()
        start_following()
        if streams:
            start_streams(host, streams)
        if embedded_worker:
            start_embedded_worker(heartbeat, now)
        threading.Thread(target=_announce, args=(host, port), daemon=True).start()
        while answering.is_alive() and not stopping.wait(1):
            pass
        answering.terminate()
        answering.join(STOP_SECONDS + GRACE)
        if answering.is_alive() and answering.pid:
            os.killpg(answering.pid, signal.SIGKILL)
    if not stopping.is_set():
        raise typer.Exit(1)


def _answer_requests(parent: int, host: str, port: int, workers: int, threads: int) -> None:
    """Load the site once, and fork the request processes off it, which have its memory in common (copy on write)."""
    from django.core.handlers.wsgi import WSGIHandler
    from granian import Granian
    from granian.constants import HTTPModes, Interfaces
    from granian.http import HTTP1Settings

    from banshi.config.wsgi import application

    def loaded(_: str) -> WSGIHandler:
        end_with(main)
        return application

    os.setsid()  # so that all of them can be killed at once, and a terminal's Ctrl-C comes to the parent alone
    end_with(parent)
    main = os.getpid()
    set_start_method("fork", force=True)
    Granian(
        "banshi.config.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=threads,
        # Only so do limits of time begin with the connection: where HTTP/2 is possible, they wait for its first byte.
        http=HTTPModes.http1,
        http1_settings=HTTP1Settings(header_read_timeout=IDLE_SECONDS * 1000),
        backlog=CONNECTIONS,
        backpressure=CONNECTIONS,
        respawn_failed_workers=True,
        workers_kill_timeout=STOP_SECONDS,  # a request process that can't end would keep this one for good
        log_enabled=False,
    ).serve(target_loader=loaded)


def end_with(parent: int) -> None:
    """Stop when the parent was killed: nobody would follow the change feed or be seen to run."""

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(1)
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(5)
        os._exit(1)

    threading.Thread(target=watch, name="end with parent", daemon=True).start()


def _announce(host: str, port: int) -> None:
    """Say where it is once something answers there, and after a minute, once, that nothing does yet."""
    near = "127.0.0.1" if host in ("0.0.0.0", "::") else host  # noqa: S104
    tries = 0
    while not _answers(near, port):
        tries += 1
        if tries == 600:
            errors.print("[red]✗[/red] 一分钟了还没有回应，还在等；请看日志", highlight=False)
        time.sleep(0.1)
    screen.print(f"banshi ready at http://{near}:{port}", highlight=False, soft_wrap=True)


def _answers(host: str, port: int) -> bool:
    try:
        with socket.create_connection((host, port), timeout=5) as line:
            line.sendall(f"HEAD /static/kit/favicon.svg HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode())
            return line.recv(8).startswith(b"HTTP/1.1")
    except OSError:
        return False
