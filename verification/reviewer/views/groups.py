"""The registrar's view of the product groups: the form as applicants see it, the checklist, the versions in use."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from verification.applicant.forms.questions import QuestionsForm
from verification.criteria.views import chosen_version, what_is_asked
from verification.models import Application
from verification.product_groups import groups, versions
from verification.queries.product_groups import use_of, used_by_group


@require_safe
def product_groups(request: HttpRequest) -> HttpResponse:
    used = used_by_group()
    rows = [
        {"group": group, "versions": len(versions(group.slug)), "used": used.get(group.slug, 0)} for group in groups()
    ]
    return render(request, "reviewer/product_groups.html", {"rows": rows})


@require_safe
def product_group(request: HttpRequest, slug: str) -> HttpResponse:
    """`version`: another than the newest."""
    group = chosen_version(request, slug)
    # Nothing of it is saved: the application exists only to draw the form.
    preview = Application(product_group=group.slug, product_group_version=group.version)
    context = {**what_is_asked(request, group), "form": QuestionsForm(application=preview), "use": use_of(group.slug)}
    return render(request, "reviewer/product_group.html", context)
