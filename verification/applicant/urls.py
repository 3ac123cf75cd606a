from django.urls import path

from verification.applicant.views import (
    application,
    authorizations,
    discard,
    files,
    home,
    invitation,
    people,
    respond,
    section,
)

app_name = "apply"
urlpatterns = [
    path("", home.home, name="home"),
    path("organization/", home.organization, name="organization"),
    path("start/", home.start, name="start"),
    path("invitations/<str:secret>/", invitation.invitation, name="invitation"),
    path("invitations/<int:invitation_id>/accept/", invitation.accept, name="accept_invitation"),
    path("organizations/<slug:slug>/people/", people.people, name="people"),
    path("organizations/<slug:slug>/people/invite/", people.invite, name="invite"),
    path("organizations/<slug:slug>/people/<int:user_id>/<slug:act>/", people.person, name="person"),
    path("organizations/<slug:slug>/requests/<int:representation_id>/", people.answer_request, name="answer_request"),
    path("organizations/<slug:slug>/invitations/<int:invitation_id>/", people.pending, name="pending_invitation"),
    path("organizations/<slug:slug>/authorizations/", authorizations.authorizations, name="authorizations"),
    path("organizations/<slug:slug>/authorizations/<slug:way>/", authorizations.authorize, name="authorize"),
    path(
        "organizations/<slug:slug>/authorization/<int:authorization_id>/",
        authorizations.answer_authorization,
        name="answer_authorization",
    ),
    path(
        "organizations/<slug:slug>/authorization/<int:authorization_id>/end/",
        authorizations.end,
        name="end_authorization",
    ),
    path(
        "organizations/<slug:slug>/authorization/<int:authorization_id>/document/",
        authorizations.document,
        name="authorization_document",
    ),
    path("<int:application_id>/", application.application, name="application"),
    path("<int:application_id>/submit/", application.submit, name="submit"),
    path("<int:application_id>/withdraw/", application.withdraw, name="withdraw"),
    path("<int:application_id>/discard/", discard.discard, name="discard"),
    path("<int:application_id>/put-back/", discard.put_back, name="put_back"),
    path("<int:application_id>/respond/", respond.respond, name="respond"),
    path("<int:application_id>/letter/", files.letter, name="letter"),
    path("<int:application_id>/documents/<int:document_id>/", files.document, name="document"),
    path("<int:application_id>/documents/<int:document_id>/remove/", files.remove_document, name="remove_document"),
    path("<int:application_id>/documents/<int:document_id>/restore/", files.restore_document, name="restore_document"),
    path("<int:application_id>/<slug:section>/", section.section, name="section"),
]
