from django.urls import path

from banshi.sites.workbench.imports import views

urlpatterns = [
    path("import/", views.imports, name="imports"),
    path("import/<int:pk>/", views.batch, name="import"),
    path("import/<int:pk>/mapping/", views.correct, name="import-correct"),
    path("import/<int:pk>/cells/", views.correct_cells, name="import-cells"),
    path("import/<int:pk>/choose/", views.choose, name="import-choose"),
    path("import/<int:pk>/rows/", views.rows, name="import-rows"),
    path("import/<int:pk>/undo/", views.undo, name="import-undo"),
    path("import/<int:pk>/apply/", views.apply, name="import-apply"),
    path("import/<int:pk>/drop/", views.drop, name="import-drop"),
    path("import/<int:pk>/retry/", views.retry, name="import-retry"),
    path("import/<int:pk>/progress/", views.progress, name="import-progress"),
    path("import/<int:pk>/marked.xlsx", views.marked, name="import-marked"),
]
