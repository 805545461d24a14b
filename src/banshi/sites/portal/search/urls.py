from django.urls import path

from banshi.sites.portal.search import views

urlpatterns = [
    path("search", views.search, name="search"),
    path("search/suggest", views.show_suggestions, name="suggest"),
    path("categories/<slug:code>/", views.show_category, name="category"),
    path("life/<slug:code>/", views.show_life_event, name="life"),
    path("organs/", views.list_organs, name="organs"),
    path("organs/<int:number>/", views.show_organ, name="organ"),
]
