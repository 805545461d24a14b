from django.urls import path

from banshi.sites.oversight.feedback import complaints, ratings, wishes

urlpatterns = [
    path("ratings/", ratings.ratings, name="ratings"),
    path("complaints/", complaints.complaints, name="complaints"),
    path("wishes/", wishes.wishes, name="wishes"),
]
