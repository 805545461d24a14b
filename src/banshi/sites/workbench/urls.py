"""The staff's addresses under /work/. Each folder with `urls` is a topic."""

from pathlib import Path

from django.urls import include, path
from django.views.generic import RedirectView

app_name = "workbench"
TOPICS = sorted(folder.parent.name for folder in Path(__file__).parent.glob("*/urls.py"))

urlpatterns = [
    path("search/", RedirectView.as_view(pattern_name="workbench:items", query_string=True), name="search"),
    *(path("", include(f"{__package__}.{topic}.urls")) for topic in TOPICS),
]
