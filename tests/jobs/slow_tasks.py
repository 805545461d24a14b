"""A task for the test that kills its worker: it leaves a mark at each start and ends only when allowed to."""

import time
from pathlib import Path

from django_tasks import task


@task()
def wait_for_leave(folder: str) -> str:
    with (Path(folder) / "starts").open("a") as file:
        file.write("x")
    while not (Path(folder) / "leave").exists():
        time.sleep(0.05)
    return "done"
