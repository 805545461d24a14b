"""The staff's addresses under /work/. Each topic keeps its own."""

from django.urls import include, path
from django.views.generic import RedirectView

app_name = "workbench"
TOPICS = (
    "today",
    "items",
    "editor",
    "findings",
    "publishing",
    "versions",
    "lifecycle",
    "references",
    "registers",
    "notices",
    "adjustments",
    "laws",
    "imports",
    "exports",
    "campaigns",
    "reporting",
    "deciding",
    "bulletins",
    "desk",
)

urlpatterns = [
    path("search/", RedirectView.as_view(pattern_name="workbench:items", query_string=True), name="search"),
    *(path("", include(f"{__package__}.{topic}.urls")) for topic in TOPICS),
]
