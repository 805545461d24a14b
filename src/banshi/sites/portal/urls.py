from django.urls import include, path

app_name = "portal"
urlpatterns = [
    path("", include("banshi.sites.portal.discovery.urls")),
    path("", include("banshi.sites.portal.home.urls")),
    path("", include("banshi.sites.portal.search.urls")),
    path("", include("banshi.sites.portal.items.urls")),
    path("", include("banshi.sites.portal.applying.urls")),
    path("", include("banshi.sites.portal.booking.urls")),
    path("", include("banshi.sites.portal.bundles.urls")),
    path("privacy/", include("banshi.sites.portal.privacy.urls")),
    path("notices/", include("banshi.sites.portal.notices.urls")),
    path("open-data/", include("banshi.sites.portal.open_data.urls")),
    path("rulebook/", include("banshi.sites.portal.rulebook.urls")),
    path("expert/", include("banshi.sites.portal.expert.urls")),
    path("", include("banshi.sites.portal.following.urls")),
    path("", include("banshi.sites.portal.rating.urls")),
    path("", include("banshi.sites.portal.asking.urls")),
    path("wishes/", include("banshi.sites.portal.wishes.urls")),
    path("draws/", include("banshi.sites.portal.draws.urls")),
    path("", include("banshi.sites.portal.looks.urls")),
    path("verify/", include("banshi.sites.portal.verification.urls")),
    path("proofs/", include("banshi.sites.portal.proofs.urls")),
    path("consultations/", include("banshi.sites.portal.consultations.urls")),
    path("intermediaries/", include("banshi.sites.portal.registers.urls")),
    path("transfers/", include("banshi.sites.portal.registers.transfer_urls")),
]
