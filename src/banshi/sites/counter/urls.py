"""The window: staff pages under /counter/, what stands in the hall (kiosk, screen, a ticket's place) under /hall/."""

from django.urls import path

from banshi.sites.counter import kiosk, questions, queue, screen, tickets

app_name = "counter"

urlpatterns = [
    path("counter/", queue.home, name="queue"),
    path("counter/sit/<int:pk>/", queue.sit, name="sit"),
    path("counter/act/<slug:name>/", queue.act, name="act"),
    path("counter/call/<uuid:guid>/", queue.call_one, name="call-one"),
    path("counter/back/<uuid:guid>/", queue.back, name="back"),
    path("counter/transfer/", queue.send_on, name="transfer"),
    path("counter/desk-ticket/", queue.give, name="desk-ticket"),
    path("counter/questions/", questions.questions, name="questions"),
    path("counter/questions/new/", questions.new, name="question-new"),
    path("counter/questions/<int:pk>/", questions.question, name="question"),
    path("counter/questions/<int:pk>/refer/", questions.refer, name="question-refer"),
    path("counter/questions/<int:pk>/take/", questions.take, name="question-take"),
    path("counter/questions/<int:pk>/answer/", questions.answer, name="question-answer"),
    path("hall/<slug:code>/screen/", screen.screen, name="screen"),
    path("hall/<slug:code>/calls/", screen.calls, name="screen-calls"),
    path("hall/kiosk/<str:key>/", kiosk.kiosk, name="kiosk"),
    path("hall/kiosk/<str:key>/take/", kiosk.take, name="kiosk-take"),
    path("hall/kiosk/<str:key>/numbers/", kiosk.numbers, name="kiosk-numbers"),
    path("hall/ticket/<uuid:guid>/", tickets.ticket, name="ticket"),
    path("hall/ticket/<uuid:guid>/leave/", tickets.give_up, name="ticket-leave"),
]
