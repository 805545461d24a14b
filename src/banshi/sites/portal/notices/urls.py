from django.urls import path

from banshi.sites.portal.notices.views import list_notices, show_notice

urlpatterns = [
    path("", list_notices, name="notices"),
    path("<int:number>/", show_notice, name="notice"),
]
