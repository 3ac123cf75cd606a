from django.urls import path

from accounts import api_keys, invitations, second_factor, typed_text, views

app_name = "accounts"
urlpatterns = [
    path("home/", views.home, name="home"),
    path("api-keys/", api_keys.api_keys, name="api_keys"),
    path("api-keys/<int:key_id>/revoke/", api_keys.revoke, name="revoke_api_key"),
    path("invitation/<str:secret>/", invitations.invitation, name="invitation"),
    path("second-factor/", second_factor.required, name="second_factor"),
    path("second-factors/", second_factor.people, name="second_factors"),
    path("second-factors/<int:user_id>/reset/", second_factor.reset, name="reset_second_factor"),
    path("typed/<slug:token>/", typed_text.typed_text, name="typed_text"),
    path("typed/<slug:token>/fields/", typed_text.typed_fields, name="typed_fields"),
    path("mailbox/", views.demo_mailbox, name="demo_mailbox"),
    path("mailbox/<int:mail_id>/", views.demo_mail, name="demo_mail"),
]
