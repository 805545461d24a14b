"""WSGI entry point of a request process."""

import gc
import os
import signal
import threading
import time

from django.core.wsgi import get_wsgi_application


def end_with_parent() -> None:
    """Stop serving when `banshi serve` was killed: nobody would follow the change feed or be seen to run."""
    parent = int(os.environ.get("BANSHI_SERVING", "0"))

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(1)
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(5)
        os._exit(1)

    if parent:
        threading.Thread(target=watch, name="end with parent", daemon=True).start()


os.environ.setdefault("DJANGO_SETTINGS_MODULE", "banshi.config.settings")
application = get_wsgi_application()
end_with_parent()
gc.collect()
gc.freeze()  # what is loaded by now stays until the end: the collector need not walk through it with every page
