from django.urls import path

from banshi.sites.workbench.adjustments import transition_views, views

urlpatterns = [
    path("adjustments/", views.adjustments, name="adjustments"),
    path("adjustments/publish/", transition_views.publish_approved, name="adjustments-publish"),
    path("adjustments/<int:pk>/", views.adjustment, name="adjustment"),
    path("adjustments/<int:pk>/facts/", transition_views.facts, name="adjustment-facts"),
    path("adjustments/<int:pk>/identity/", transition_views.identity, name="adjustment-identity"),
    path("adjustments/<int:pk>/evidence/", views.evidence, name="adjustment-evidence"),
    path("adjustments/<int:pk>/apply/", transition_views.apply, name="adjustment-apply"),
    path("adjustments/<int:pk>/recall/", transition_views.recall, name="adjustment-recall"),
    path("adjustments/<int:pk>/drop/", transition_views.drop, name="adjustment-drop"),
    path("adjustments/<int:pk>/opinion/", transition_views.opinion, name="adjustment-opinion"),
    path("adjustments/<int:pk>/publish/", transition_views.publish_one, name="adjustment-publish"),
    path("items/<uuid:guid>/adjust/", transition_views.start, name="adjust"),
]
