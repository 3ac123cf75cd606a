"""What an application of each product group is asked: public, below the publications."""

from django.urls import path

from verification.criteria.views import criteria, group_criteria

app_name = "criteria"
urlpatterns = [
    path("", criteria, name="groups"),
    path("<slug:slug>/", group_criteria, name="group"),
]
