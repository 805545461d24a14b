"""What a request process loads."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "banshi.config.settings")
application = get_wsgi_application()
gc.collect()
gc.freeze()  # what is loaded by now stays until the end: the collector need not walk through it with every page
