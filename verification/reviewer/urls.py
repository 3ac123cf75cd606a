from django.urls import path

from verification.reviewer.views import (
    act,
    beside,
    checklist,
    determination,
    dossier,
    files,
    messages,
    presence,
    queue,
    representations,
    samples,
    saved_replies,
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
    path("messages/", messages.new_messages, name="new_messages"),
    path("replies/", saved_replies.saved_replies, name="saved_replies"),
    path("replies/new/", saved_replies.new_reply, name="saved_reply_new"),
    path("replies/<int:reply_id>/", saved_replies.edit_reply, name="saved_reply"),
    path("replies/<int:reply_id>/retire/", saved_replies.retire, name="saved_reply_retire"),
    path("samples/", samples.samples, name="samples"),
    path("<int:application_id>/", dossier.application, name="application"),
    path("<int:application_id>/remarks/", dossier.remark, name="remark"),
    path("<int:application_id>/presence/", presence.presence, name="presence"),
    path("<int:application_id>/messages/", messages.message, name="message"),
    path("<int:application_id>/samples/", samples.samples_of, name="samples_of"),
    path("<int:application_id>/samples/expect/", samples.expect, name="expect_sample"),
    path("<int:application_id>/samples/<int:sample_id>/", samples.sample, name="sample"),
    path("<int:application_id>/related/", beside.related, name="related"),
    path("<int:application_id>/history/", beside.history, name="history"),
    path("<int:application_id>/since-earlier/", beside.since_earlier, name="since_earlier"),
    path("<int:application_id>/documents/<int:document_id>/", files.document, name="document"),
    path("<int:application_id>/checklist/", checklist.checklist, name="checklist"),
    path("<int:application_id>/determination/", determination.determination, name="determination"),
    path("<int:application_id>/letter-preview/", files.letter_preview, name="letter_preview"),
    path("<int:application_id>/letter/", files.letter, name="letter"),
    path("<int:application_id>/act/<slug:transition>/", act.act, name="act"),
]
