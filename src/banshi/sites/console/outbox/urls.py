from django.urls import path

from banshi.sites.console.outbox import views

urlpatterns = [
    path("", views.outbox, name="outbox"),
    path("queues/<int:pk>/pause/", views.pause, name="queue-pause"),
    path("queues/<int:pk>/resume/", views.resume, name="queue-resume"),
    path("queues/<int:pk>/resend/", views.resend_all, name="queue-resend"),
    path("messages/<int:pk>/resend/", views.resend, name="message-resend"),
    path("messages/<int:pk>/skip/", views.skip, name="message-skip"),
]
