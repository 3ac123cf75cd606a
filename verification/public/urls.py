from django.urls import path

from verification.public import review_times

app_name = "process"
urlpatterns = [
    path("", review_times.review_times, name="review_times"),
    path("figures.csv", review_times.figures_csv, name="figures_csv"),
    path("usual.csv", review_times.usual_csv, name="usual_csv"),
    path("figures.json", review_times.figures_json, name="figures_json"),
]
