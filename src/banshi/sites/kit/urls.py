from django.urls import path

from banshi.sites.kit.display import switch_size

app_name = "kit"
urlpatterns = [path("display/", switch_size, name="display")]
