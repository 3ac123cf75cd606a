from django.urls import path

from accounts import views

app_name = "accounts"
urlpatterns = [
    path("home/", views.home, name="home"),
    path("mailbox/", views.demo_mailbox, name="demo_mailbox"),
    path("mailbox/<int:mail_id>/", views.demo_mail, name="demo_mail"),
]
