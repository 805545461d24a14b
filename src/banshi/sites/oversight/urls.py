"""Addresses of supervision under /oversight/. Each folder with `urls` is a topic."""

from pathlib import Path

from django.urls import include, path

app_name = "oversight"
TOPICS = sorted(folder.parent.name for folder in Path(__file__).parent.glob("*/urls.py"))

urlpatterns = [
    *(path("", include(f"{__package__}.{topic}.urls")) for topic in TOPICS),
]
