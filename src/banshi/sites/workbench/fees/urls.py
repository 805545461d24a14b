from django.urls import path

from banshi.sites.workbench.fees import views

urlpatterns = [
    path("cases/<int:pk>/fees/", views.fees, name="case-fees"),
    path("cases/<int:pk>/fees/<int:order>/take/", views.take, name="case-fee-take"),
    path("cases/<int:pk>/fees/<int:order>/refund/", views.give_back, name="case-fee-refund"),
]
