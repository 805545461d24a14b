from django.urls import path

from banshi.sites.portal.bundles import filling, guide, materials, progress, sending

urlpatterns = [
    path("bundles/", guide.show_bundles, name="bundles"),
    path("bundles/<slug:code>/", guide.show_bundle, name="bundle"),
    path("bundle/<uuid:guid>/", filling.go_on, name="bundle-draft"),
    path("bundle/<uuid:guid>/<int:number>/", filling.page, name="bundle-page"),
    path("bundle/<uuid:guid>/materials/", materials.checklist, name="bundle-materials"),
    path("bundle/<uuid:guid>/materials/<slug:slug>/", materials.hand_in, name="bundle-material"),
    path("bundle/<uuid:guid>/materials/<slug:slug>/file/", materials.send_own, name="bundle-file"),
    path("bundle/<uuid:guid>/check/", sending.check, name="bundle-check"),
    path("bundle/<uuid:guid>/discard/", sending.discard, name="bundle-discard"),
    path("my/bundles/<int:pk>/", progress.follow, name="bundle-mine"),
]
