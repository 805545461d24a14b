from django.urls import path

from banshi.sites.workbench.bulletins import views

urlpatterns = [
    path("campaigns/<uuid:guid>/bulletins/", views.bulletins, name="bulletins"),
    path("campaigns/<uuid:guid>/bulletins/new/", views.draw_up, name="bulletin-new"),
    path("campaigns/<uuid:guid>/bulletins/<int:number>/", views.bulletin, name="bulletin"),
    path("campaigns/<uuid:guid>/bulletins/<int:number>/issue/", views.issue, name="bulletin-issue"),
    path("campaigns/<uuid:guid>/bulletins/<int:number>.<slug:form>", views.bulletin_file, name="bulletin-file"),
    path("campaigns/<uuid:guid>/orders/new/", views.new_order, name="order-new"),
    path("campaigns/<uuid:guid>/orders/<int:number>/close/", views.close_order, name="order-close"),
    path("orders/<int:number>/", views.answer_order, name="order"),
]
