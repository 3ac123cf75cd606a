"""The draft determination: its outcome, codes by model, and rationale; with the letter beside it as it would be."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.models import User
from verification.letters.compose import letter_text, why_it_cannot_say
from verification.models import Application, Outcome
from verification.product_groups.phrases import OUTCOMES, phrases_for
from verification.queries.drafted import drafted as drafted_of
from verification.queries.recommendations import last_return
from verification.reviewer.forms import DeterminationForm
from verification.reviewer.forms.determination import filled_from_paste
from verification.reviewer.people import open_application, person
from verification.reviewer.walk import dossier_address
from verification.reviewer.what_changed import who_changed_it
from verification.reviewer.wording import STATE_TAGS
from verification.services.preview_letter import letter_as_typed
from verification.services.review import draft_determination
from verification.workflow.errors import NotAllowed, Stale, WorkflowError
from verification.workflow.states import Status

INSERT = "insert-"
MODELS_NAMED = 5


@require_http_methods(["GET", "HEAD", "POST"])
def determination(request: HttpRequest, application_id: int) -> HttpResponse:
    """Saved complete or not, by the assigned reviewer while the application is in review; the others read it.

    `do` says which button was pressed: save, stay (save and go on), fill (the models from the paste), preview, or
    insert-… (a phrase). Only the first two write anything.
    """
    user = person(request)
    application = open_application(application_id)
    if request.method != "POST":
        return _page(request, application, DeterminationForm(application=application))
    do = request.POST.get("do", "save")
    if do == "fill" or do.startswith(INSERT):
        return _worked_on(request, application, do)
    form = DeterminationForm(request.POST, application=application)
    if not form.is_valid():
        if do == "preview" and "HX-Request" in request.headers:
            return _preview_only(request, refusal="Mend this, then look again.", form=form)
        return _page(request, application, form, status=400)
    return _preview(request, application, form, user) if do == "preview" else _save(request, application, form, user)


def _typed(application: Application, form: DeterminationForm, user: User) -> dict[str, Any]:
    """What was typed, as the services take it."""
    said = form.cleaned_data
    return {
        "application": application,
        "outcome": Outcome(said["outcome"]),
        "by": user,
        **{name: said[name] for name in ("codes", "exceptions", "rationale", "seen_version")},
    }


def _save(request: HttpRequest, application: Application, form: DeterminationForm, user: User) -> HttpResponse:
    try:
        draft_determination(**_typed(application, form, user))
    except WorkflowError as error:
        return _refused(request, application.pk, form.cleaned_data["seen_version"], error)
    messages.success(request, "The draft determination was saved.")
    if request.POST.get("do") == "stay":
        return redirect("review:determination", application.pk)
    return redirect(dossier_address(request, application.pk))


def _preview(request: HttpRequest, application: Application, form: DeterminationForm, user: User) -> HttpResponse:
    try:
        letter = letter_as_typed(**_typed(application, form, user))
    except WorkflowError as error:
        if "HX-Request" in request.headers:
            return _preview_only(request, refusal=str(error))
        return _refused(request, application.pk, form.cleaned_data["seen_version"], error)
    if "HX-Request" in request.headers:
        return _preview_only(request, letter=letter)
    typed = request.POST.dict()
    return _page(request, application, DeterminationForm(initial=typed, application=application), letter=letter)


def _worked_on(request: HttpRequest, application: Application, do: str) -> HttpResponse:
    """The page again with what was typed, worked on for the person and not saved."""
    typed = request.POST.dict()
    if do == "fill":
        typed, wrong, count = filled_from_paste(typed, application)
        done = f"{count} model{'' if count == 1 else 's'} filled in. Look at them, then save."
    else:
        typed["rationale"] = _with_phrase(typed, application, do.removeprefix(INSERT))
        wrong, done = [], "The phrase stands at the end of the rationale. Work on it, then save."
    form = DeterminationForm(initial=typed, application=application)
    return _page(request, application, form, wrong_lines=wrong, done=done, status=400 if wrong else 200)


def _with_phrase(typed: dict[str, str], application: Application, key: str) -> str:
    rationale = typed.get("rationale", "").rstrip()
    for phrase, filled in _phrases(application, codes=typed.get("codes", "")):
        if phrase.key == key:
            return f"{rationale}\n\n{filled}".lstrip()
    return rationale


def _phrases(application: Application, *, codes: str) -> list[tuple[Any, str]]:
    """Each phrase of the product group, with what is known of the application filled in."""
    numbers = [model.model_number for model in application.models.order_by("pk")[: MODELS_NAMED + 1]]
    known = {
        "product": application.product_name,
        "models": "" if len(numbers) > MODELS_NAMED else ", ".join(numbers),
        "requested": ", ".join(row.code.code for row in application.requested_codes.select_related("code")),
        "codes": codes.strip().upper(),
    }
    return [(phrase, phrase.filled(**known)) for phrase in phrases_for(application.product_group)]


def _preview_only(
    request: HttpRequest, *, letter: dict[str, Any] | None = None, refusal: str = "", form: Any = None
) -> HttpResponse:
    context = {
        "letter": letter,
        "letter_refusal": refusal or (why_it_cannot_say(letter) if letter else ""),
        "letter_form": form,
        "letter_typed": True,
    }
    return render(request, "reviewer/letter_beside.html", context)


def _refused(request: HttpRequest, application_id: int, seen_version: int, error: WorkflowError) -> HttpResponse:
    application = open_application(application_id)
    typed = request.POST.copy()
    typed["seen_version"] = str(application.version)
    return _page(
        request,
        application,
        DeterminationForm(typed, application=application),
        status=403 if isinstance(error, NotAllowed) else 409,
        refusal=str(error),
        changes=who_changed_it(application, seen_version) if isinstance(error, Stale) else [],
    )


def _page(
    request: HttpRequest,
    application: Application,
    form: DeterminationForm,
    *,
    status: int = 200,
    letter: dict[str, Any] | None = None,
    **more: Any,
) -> HttpResponse:
    saved = application.draft_determination()
    may_save = application.status == Status.IN_REVIEW and application.reviewer_id == person(request).pk
    show_form = may_save or form.is_bound
    letter_typed = letter is not None
    if letter is None and saved is not None and show_form:
        letter = letter_text(saved, draft_of=timezone.localdate())
    context: dict[str, Any] = {
        "application": application,
        "form": form,
        "determination": saved,
        "drafted": drafted_of(saved) if saved else None,
        "requested": [row.code.code for row in application.requested_codes.select_related("code")],
        "tag": STATE_TAGS[application.status],
        "may_save": may_save,
        "show_form": show_form,
        "returned": last_return(application),
        "letter": letter,
        "letter_typed": letter_typed,
        "letter_refusal": why_it_cannot_say(letter) if letter else "",
    }
    if show_form:
        offered = _phrases(application, codes=str(form["codes"].value() or ""))
        context["phrases"] = [
            (label, [pair for pair in offered if outcome in pair[0].outcomes]) for outcome, label in OUTCOMES.items()
        ]
    return render(request, "reviewer/determination.html", context | more, status=status)
