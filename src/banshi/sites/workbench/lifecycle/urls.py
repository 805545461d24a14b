from django.urls import path

from banshi.sites.workbench.lifecycle import views

urlpatterns = [path(f"items/<uuid:guid>/{name}/", views.change, {"name": name}, name=name) for name in views.ACTS]
