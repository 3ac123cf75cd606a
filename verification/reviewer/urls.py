from datetime import date

from django.urls import path, register_converter

from verification.reviewer.views import (
    access,
    act,
    assignment,
    authorizations,
    beside,
    checklist,
    configuration,
    determination,
    dossier,
    files,
    groups,
    letters,
    log,
    messages,
    people,
    presence,
    queue,
    reports,
    representations,
    samples,
    saved_replies,
    stored_files,
    waiting,
)


class IsoDate:
    regex = "[0-9]{4}-[0-9]{2}-[0-9]{2}"

    def to_python(self, value: str) -> date:
        return date.fromisoformat(value)

    def to_url(self, value: date) -> str:
        return value.isoformat()


register_converter(IsoDate, "isodate")
app_name = "review"
urlpatterns = [
    path("", queue.queue, name="queue"),
    path("files/", stored_files.stored_files, name="stored_files"),
    path("queue.csv", queue.queue_csv, name="queue_csv"),
    path("assignment/", assignment.assignment, name="assignment"),
    path("representations/", representations.representations, name="representations"),
    path(
        "representations/<int:representation_id>/",
        representations.answer_representation,
        name="answer_representation",
    ),
    path("messages/", messages.new_messages, name="new_messages"),
    path("replies/", saved_replies.saved_replies, name="saved_replies"),
    path("replies/new/", saved_replies.new_reply, name="saved_reply_new"),
    path("replies/<int:reply_id>/", saved_replies.edit_reply, name="saved_reply"),
    path("replies/<int:reply_id>/retire/", saved_replies.retire, name="saved_reply_retire"),
    path("samples/", samples.samples, name="samples"),
    path("configuration/", configuration.configuration, name="configuration"),
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
    path("groups/", groups.product_groups, name="product_groups"),
    path("groups/<slug:slug>/", groups.product_group, name="product_group"),
    path("authorizations/", authorizations.authorizations, name="authorizations"),
    path("authorizations/<int:authorization_id>/", authorizations.answer_authorization, name="answer_authorization"),
    path("authorizations/<int:authorization_id>/document/", authorizations.document, name="authorization_document"),
    path("<int:application_id>/", dossier.application, name="application"),
    path("<int:application_id>/progress/", dossier.publishing_progress, name="publishing_progress"),
    path("<int:application_id>/remarks/", dossier.remark, name="remark"),
    path("<int:application_id>/presence/", presence.presence, name="presence"),
    path("<int:application_id>/messages/", messages.message, name="message"),
    path("<int:application_id>/messages/no-answer/", messages.no_answer, name="no_answer"),
    path("<int:application_id>/samples/", samples.samples_of, name="samples_of"),
    path("<int:application_id>/samples/expect/", samples.expect, name="expect_sample"),
    path("<int:application_id>/samples/<int:sample_id>/", samples.sample, name="sample"),
    path("<int:application_id>/related/", beside.related, name="related"),
    path("<int:application_id>/around/", beside.around, name="around"),
    path("<int:application_id>/history/", beside.history, name="history"),
    path("<int:application_id>/since-earlier/", beside.since_earlier, name="since_earlier"),
    path("<int:application_id>/documents/<int:document_id>/", files.document, name="document"),
    path("<int:application_id>/documents/<int:document_id>/view/", files.document_view, name="document_view"),
    path("<int:application_id>/documents/<int:document_id>/frame/", files.document_frame, name="document_frame"),
    path("<int:application_id>/submitted.pdf", files.submission, name="submission"),
    path("<int:application_id>/checklist/", checklist.checklist, name="checklist"),
    path("<int:application_id>/determination/", determination.determination, name="determination"),
    path("<int:application_id>/letter-preview/", files.letter_preview, name="letter_preview"),
    path("<int:application_id>/letter/", files.letter, name="letter"),
    path("<int:application_id>/determined/", letters.determined, name="determined"),
    path("<int:application_id>/letters/<int:letter_id>/", letters.letter_file, name="letter_file"),
    path("<int:application_id>/letters/<int:letter_id>/correct/", letters.correct_letter, name="correct_letter"),
    path("<int:application_id>/corrections/<int:correction_id>/", letters.letter_correction, name="letter_correction"),
    path("waiting/", waiting.waiting, name="waiting"),
    path("waiting/move/", waiting.move, name="move_waiting"),
    path("waiting/<isodate:day>/", waiting.day, name="waiting_day"),
    path("<int:application_id>/act/<slug:transition>/", act.act, name="act"),
]
