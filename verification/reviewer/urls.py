from django.urls import path

from verification.reviewer.views import (
    access,
    act,
    checklist,
    determination,
    dossier,
    files,
    log,
    people,
    queue,
    reports,
    representations,
    stored_files,
)

app_name = "review"
urlpatterns = [
    path("", queue.queue, name="queue"),
    path("files/", stored_files.stored_files, name="stored_files"),
    path("representations/", representations.representations, name="representations"),
    path(
        "representations/<int:representation_id>/",
        representations.answer_representation,
        name="answer_representation",
    ),
    path("reports/", reports.reports, name="reports"),
    path("reports/<slug:key>.csv", reports.report_csv, name="report_csv"),
    path("people/", people.people, name="people"),
    path("people/invite/", people.person_invite, name="person_invite"),
    path(
        "people/invitations/<int:invitation_id>/withdraw/",
        people.person_invitation_withdraw,
        name="person_invitation_withdraw",
    ),
    path("people/<int:user_id>/", people.person, name="person"),
    path("access/", access.access, name="access"),
    path("access.csv", access.access_csv, name="access_csv"),
    path("log/", log.log, name="log"),
    path("log.csv", log.log_export, {"file_format": "csv"}, name="log_csv"),
    path("log.ndjson", log.log_export, {"file_format": "ndjson"}, name="log_ndjson"),
    path("<int:application_id>/", dossier.application, name="application"),
    path("<int:application_id>/remarks/", dossier.remark, name="remark"),
    path("<int:application_id>/documents/<int:document_id>/", files.document, name="document"),
    path("<int:application_id>/documents/<int:document_id>/view/", files.document_view, name="document_view"),
    path("<int:application_id>/documents/<int:document_id>/frame/", files.document_frame, name="document_frame"),
    path("<int:application_id>/checklist/", checklist.checklist, name="checklist"),
    path("<int:application_id>/determination/", determination.determination, name="determination"),
    path("<int:application_id>/letter-preview/", files.letter_preview, name="letter_preview"),
    path("<int:application_id>/letter/", files.letter, name="letter"),
    path("<int:application_id>/act/<slug:transition>/", act.act, name="act"),
]
