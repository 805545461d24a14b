from django.urls import path

from banshi.sites.workbench.deciding import views

urlpatterns = [
    path("campaigns/<uuid:guid>/consultation/", views.consultation, name="consultation"),
    path("campaigns/<uuid:guid>/consultation/extend/", views.extend, name="consultation-extend"),
    path("campaigns/<uuid:guid>/consultation/close/", views.close, name="consultation-close"),
    path("campaigns/<uuid:guid>/comments/<int:number>/", views.answer, name="comment-answer"),
    path("campaigns/<uuid:guid>/comments/<int:number>/contact/", views.comment_contact, name="comment-contact"),
    path("campaigns/<uuid:guid>/disputes/", views.disputes, name="disputes"),
    path("campaigns/<uuid:guid>/disputes/conference/", views.conference, name="conference"),
    path("campaigns/<uuid:guid>/disputes/<int:number>/", views.settle, name="dispute-settle"),
    path("campaigns/<uuid:guid>/decide/", views.decide, name="campaign-decide"),
    path("campaigns/<uuid:guid>/publish/", views.publish, name="campaign-publish"),
    path("campaigns/<uuid:guid>/publish/recall/", views.recall_publication, name="campaign-publish-recall"),
    path("campaigns/<uuid:guid>/draft.<slug:form>", views.draft_paper, name="campaign-draft"),
]
