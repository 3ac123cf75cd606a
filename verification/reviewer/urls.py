from django.urls import path

from verification.reviewer.views import (
    act,
    authorizations,
    checklist,
    determination,
    dossier,
    files,
    queue,
    representations,
)

app_name = "review"
urlpatterns = [
    path("", queue.queue, name="queue"),
    path("representations/", representations.representations, name="representations"),
    path(
        "representations/<int:representation_id>/",
        representations.answer_representation,
        name="answer_representation",
    ),
    path("authorizations/", authorizations.authorizations, name="authorizations"),
    path("authorizations/<int:authorization_id>/", authorizations.answer_authorization, name="answer_authorization"),
    path("authorizations/<int:authorization_id>/document/", authorizations.document, name="authorization_document"),
    path("<int:application_id>/", dossier.application, name="application"),
    path("<int:application_id>/remarks/", dossier.remark, name="remark"),
    path("<int:application_id>/documents/<int:document_id>/", files.document, name="document"),
    path("<int:application_id>/checklist/", checklist.checklist, name="checklist"),
    path("<int:application_id>/determination/", determination.determination, name="determination"),
    path("<int:application_id>/letter-preview/", files.letter_preview, name="letter_preview"),
    path("<int:application_id>/letter/", files.letter, name="letter"),
    path("<int:application_id>/act/<slug:transition>/", act.act, name="act"),
]
