from django.urls import path

from banshi.sites.workbench.findings import proofs, survey_views, views

urlpatterns = [
    path("findings/", views.findings, name="findings"),
    path("findings/accept/", views.accept, name="findings-accept"),
    path("findings/examine/", views.examine, name="findings-examine"),
    path("findings/runs/<int:pk>/", views.examination, name="examination"),
    path("findings/runs/<int:pk>/progress/", views.examination_progress, name="examination-progress"),
    path("findings/whole/", survey_views.whole, name="whole"),
    path("findings/whole/statement.pdf", survey_views.statement, {"form": "pdf"}, name="whole-pdf"),
    path("findings/whole/statement.xlsx", survey_views.statement, {"form": "xlsx"}, name="whole-xlsx"),
    path("findings/whole/volumes/", survey_views.volumes, name="volumes"),
    path("findings/whole/survey/", survey_views.survey, name="survey"),
    path("findings/whole/survey/<int:pk>/", survey_views.running, name="survey-running"),
    path("findings/whole/survey/<int:pk>/progress/", survey_views.running_progress, name="survey-progress"),
    path("findings/<int:pk>/", views.finding, name="finding"),
    path("findings/<int:pk>/keep/", views.keep, name="finding-keep"),
    path("findings/<int:pk>/unkeep/", views.unkeep, name="finding-unkeep"),
    path("proofs/", proofs.proofs, name="proofs"),
    path("proofs/new/", proofs.new_proof, name="proof-new"),
    path("proofs/commitments/new/", proofs.new_commitment, name="commitment-new"),
    path("proofs/<int:pk>/", proofs.proof, name="proof"),
    path("proofs/<int:pk>/drop/", proofs.drop_proof, name="proof-drop"),
    path("proofs/objections/<int:pk>/answer/", proofs.answer, name="objection-answer"),
    path("proofs/objections/<int:pk>/contact/", proofs.contact, name="objection-contact"),
]
