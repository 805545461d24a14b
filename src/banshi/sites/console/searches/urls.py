from django.urls import path

from banshi.sites.console.searches import views

urlpatterns = [
    path("", views.misses, name="searches"),
    path("synonyms/", views.synonyms, name="synonyms"),
    path("synonyms/<int:number>/end/", views.end, name="synonym-end"),
    path("try/", views.attempt, name="search-try"),
    path("quality/", views.quality, name="search-quality"),
]
