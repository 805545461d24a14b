from django.urls import path

from banshi.sites.portal.looks.views import looks

urlpatterns = [path("my/looks/", looks, name="my-looks")]
