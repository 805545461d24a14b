from django.urls import path

from banshi.sites.portal.applying import beginning, filling, materials, sending

urlpatterns = [
    path("items/<uuid:guid>/apply/", beginning.begin, name="apply"),
    path("my/cases/", beginning.my_cases, name="my-cases"),
    path("apply/<uuid:guid>/", filling.go_on, name="application"),
    path("apply/<uuid:guid>/<int:number>/", filling.page, name="application-page"),
    path("apply/<uuid:guid>/changes/", filling.changes, name="application-changes"),
    path("apply/<uuid:guid>/materials/", materials.checklist, name="application-materials"),
    path("apply/<uuid:guid>/materials/<int:position>/", materials.hand_in, name="application-material"),
    path("apply/<uuid:guid>/materials/<int:position>/file/", materials.send_own, name="application-file"),
    path("apply/<uuid:guid>/check/", sending.check, name="application-check"),
    path("apply/<uuid:guid>/sent/", sending.sent, name="application-sent"),
    path("apply/<uuid:guid>/discard/", sending.discard, name="application-discard"),
]
