from django.urls import path

from banshi.sites.portal.looks.views import dispute, looks

urlpatterns = [
    path("my/looks/", looks, name="my-looks"),
    path("my/looks/<int:number>/dispute/", dispute, name="my-look-dispute"),
]
