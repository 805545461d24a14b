from django.urls import path

from banshi.sites.workbench.adjustments import acts, views

urlpatterns = [
    path("adjustments/", views.adjustments, name="adjustments"),
    path("adjustments/publish/", acts.publish_approved, name="adjustments-publish"),
    path("adjustments/<int:pk>/", views.adjustment, name="adjustment"),
    path("adjustments/<int:pk>/facts/", acts.facts, name="adjustment-facts"),
    path("adjustments/<int:pk>/evidence/", views.evidence, name="adjustment-evidence"),
    path("adjustments/<int:pk>/apply/", acts.apply, name="adjustment-apply"),
    path("adjustments/<int:pk>/recall/", acts.recall, name="adjustment-recall"),
    path("adjustments/<int:pk>/drop/", acts.drop, name="adjustment-drop"),
    path("adjustments/<int:pk>/opinion/", acts.opinion, name="adjustment-opinion"),
    path("adjustments/<int:pk>/publish/", acts.publish_one, name="adjustment-publish"),
    path("items/<uuid:guid>/adjust/", acts.start, name="adjust"),
]
