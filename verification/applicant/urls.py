from django.http import HttpResponse
from django.urls import path

app_name = "apply"
urlpatterns = [path("<int:application_id>/", lambda request, application_id: HttpResponse(), name="application")]
