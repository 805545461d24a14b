"""WSGI entry point of the request processes."""

import gc
import os

from django.core.wsgi import get_wsgi_application
from django.urls import resolve

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "banshi.config.settings")
application = get_wsgi_application()
resolve("/")  # imports every view
gc.collect()
gc.freeze()  # what is loaded by now stays until the end: the collector need not walk through it with every page
