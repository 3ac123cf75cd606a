from django.urls import path

from verification.applicant.views import application, discard, files, home, messages, respond, section

app_name = "apply"
urlpatterns = [
    path("", home.home, name="home"),
    path("organization/", home.organization, name="organization"),
    path("start/", home.start, name="start"),
    path("<int:application_id>/", application.application, name="application"),
    path("<int:application_id>/submit/", application.submit, name="submit"),
    path("<int:application_id>/withdraw/", application.withdraw, name="withdraw"),
    path("<int:application_id>/discard/", discard.discard, name="discard"),
    path("<int:application_id>/put-back/", discard.put_back, name="put_back"),
    path("<int:application_id>/respond/", respond.respond, name="respond"),
    path("<int:application_id>/messages/", messages.message, name="message"),
    path("<int:application_id>/sample-label/", messages.sample_label, name="sample_label"),
    path("<int:application_id>/letter/", files.letter, name="letter"),
    path("<int:application_id>/documents/<int:document_id>/", files.document, name="document"),
    path("<int:application_id>/documents/<int:document_id>/remove/", files.remove_document, name="remove_document"),
    path("<int:application_id>/documents/<int:document_id>/restore/", files.restore_document, name="restore_document"),
    path("<int:application_id>/<slug:section>/", section.section, name="section"),
]
