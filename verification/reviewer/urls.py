from datetime import date

from django.urls import path, register_converter

from verification.reviewer.views import (
    act,
    checklist,
    determination,
    dossier,
    files,
    letters,
    queue,
    representations,
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
    path("representations/", representations.representations, name="representations"),
    path(
        "representations/<int:representation_id>/",
        representations.answer_representation,
        name="answer_representation",
    ),
    path("<int:application_id>/", dossier.application, name="application"),
    path("<int:application_id>/remarks/", dossier.remark, name="remark"),
    path("<int:application_id>/documents/<int:document_id>/", files.document, name="document"),
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
