from django.urls import path

from banshi.sites.portal.proofs.views import list_proofs, object_to, show_commitment, show_proof

urlpatterns = [
    path("", list_proofs, name="proofs-kept"),
    path("<int:number>/", show_proof, name="proof-kept"),
    path("<int:number>/object/", object_to, name="proof-object"),
    path("commitments/<int:number>/", show_commitment, name="commitment"),
]
