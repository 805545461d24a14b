from django.urls import path

from banshi.sites.workbench.handling import acting, ended, tasks, views

urlpatterns = [
    path("cases/", views.cases, name="cases"),
    path("cases/ended/", ended.ended, name="cases-ended"),
    path("cases/ended/export.xlsx", ended.ended_workbook, name="cases-ended-export"),
    path("cases/papers/<int:paper>/print/", views.print_once_more, name="case-paper-print"),
    path("cases/accept/", tasks.accept_many, name="case-tasks-accept"),
    path("cases/hand-over/", tasks.pass_on_many, name="case-tasks-hand-over"),
    path("cases/take/", tasks.take_many, name="case-tasks-take"),
    path("cases/<int:pk>/", views.case, name="case"),
    path("cases/<int:pk>/applicant/", views.applicant, name="case-applicant"),
    path("cases/<int:pk>/materials/<int:material>/", views.material, name="case-material"),
    path("cases/<int:pk>/papers/<int:paper>/", views.paper, name="case-paper"),
    path("cases/<int:pk>/act/<slug:name>/", acting.act, name="case-act"),
    path("cases/tasks/<int:pk>/take/", tasks.take, name="case-task-take"),
    path("cases/tasks/<int:pk>/release/", tasks.give_back, name="case-task-release"),
    path("cases/tasks/<int:pk>/hand-over/", tasks.pass_on, name="case-task-hand-over"),
    path("cases/tasks/<int:pk>/finish/", tasks.finish, name="case-task-finish"),
]
