"""The window: staff pages under /counter/, what stands in the hall (kiosk, screen, a ticket's place) under /hall/."""

from django.urls import path

from banshi.sites.counter import handout, kiosk, mandates, questions, queue, reception, screen, tablet, tickets, visits

app_name = "counter"

urlpatterns = [
    path("counter/", queue.home, name="queue"),
    path("counter/sit/<int:pk>/", queue.sit, name="sit"),
    path("counter/act/<slug:name>/", queue.act, name="act"),
    path("counter/call/<uuid:guid>/", queue.call_one, name="call-one"),
    path("counter/back/<uuid:guid>/", queue.back, name="back"),
    path("counter/again/<uuid:guid>/", queue.again, name="again"),
    path("counter/transfer/", queue.send_on, name="transfer"),
    path("counter/desk-ticket/", queue.give, name="desk-ticket"),
    path("counter/questions/", questions.questions, name="questions"),
    path("counter/questions/new/", questions.new, name="question-new"),
    path("counter/questions/<int:pk>/", questions.question, name="question"),
    path("counter/questions/<int:pk>/refer/", questions.refer, name="question-refer"),
    path("counter/questions/<int:pk>/take/", questions.take, name="question-take"),
    path("counter/questions/<int:pk>/answer/", questions.answer, name="question-answer"),
    path("counter/reception/", reception.home, name="reception"),
    path("counter/reception/item/<uuid:guid>/", reception.item, name="reception-item"),
    path("counter/reception/<uuid:guid>/", reception.form, name="reception-form"),
    path("counter/reception/<uuid:guid>/done/", reception.done, name="reception-done"),
    path("counter/reception/<uuid:guid>/account/", reception.open_account, name="reception-account"),
    path("counter/reception/<uuid:guid>/notice/", reception.notice, name="reception-notice"),
    path("counter/reception/<uuid:guid>/discard/", reception.discard, name="reception-discard"),
    path("counter/reception/<uuid:guid>/papers/<int:pk>/", reception.paper, name="reception-paper"),
    path("counter/mandates/", mandates.mandates, name="mandates"),
    path("counter/mandates/<uuid:guid>/end/", mandates.end, name="mandate-end"),
    path("counter/mandates/<uuid:guid>/paper/", mandates.paper, name="mandate-paper"),
    path("counter/visits/", visits.visits, name="visits"),
    path("counter/visits/route/", visits.route, name="visits-route"),
    path("counter/visits/<uuid:guid>/<slug:act>/", visits.act, name="visit-act"),
    path("counter/hand-out/", handout.waiting_results, name="handout"),
    path("counter/hand-out/shelve/<int:pk>/", handout.put_on_shelf, name="handout-shelve"),
    path("counter/hand-out/<int:pk>/", handout.one, name="handout-one"),
    path("counter/hand-out/<int:pk>/<slug:act>/", handout.act, name="handout-act"),
    path("hall/results/", handout.kiosk, name="kiosk-results"),
    path("hall/<slug:code>/screen/", screen.screen, name="screen"),
    path("hall/tablet/<str:key>/", tablet.tablet, name="tablet"),
    path("hall/kiosk/<str:key>/", kiosk.kiosk, name="kiosk"),
    path("hall/kiosk/<str:key>/guide/", kiosk.guide, name="kiosk-guide"),
    path("hall/kiosk/<str:key>/take/", kiosk.take, name="kiosk-take"),
    path("hall/kiosk/<str:key>/numbers/", kiosk.numbers, name="kiosk-numbers"),
    path("hall/ticket/<uuid:guid>/", tickets.ticket, name="ticket"),
    path("hall/ticket/<uuid:guid>/leave/", tickets.give_up, name="ticket-leave"),
]
