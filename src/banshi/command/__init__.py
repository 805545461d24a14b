"""The `banshi` command: one module here per command, each registered on the app by being imported."""

from banshi.command import (  # noqa: F401
    ask,
    backup,
    check,
    check_deploy,
    create_admin,
    demo,
    draw,
    due,
    examine_files,
    exchange,
    export,
    export_bpmn,
    export_hsds,
    import_,
    laws,
    make_ledger_key,
    manage,
    publish,
    recount,
    reindex,
    restore,
    seal_files,
    seal_ledger,
    serve,
    verify_exchange_log,
    verify_ledger,
    worker,
    workflows,
)
from banshi.command.cli import app

__all__ = ["app"]
