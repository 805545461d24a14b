from django.urls import path

from banshi.sites.kit.display import switch_size
from banshi.sites.kit.offline import send_worker
from banshi.sites.kit.streams import answer

app_name = "kit"
urlpatterns = [
    path("display/", switch_size, name="display"),
    path("offline.js", send_worker, name="offline"),
    path("streams/<str:token>/", answer, name="stream"),
]
