"""The public criteria of the product groups. They are the contractor's checklist, and say nothing of coverage."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from verification.product_groups import ProductGroup, groups, groups_of, versions
from verification.queries.product_groups import changes_of, codes_of, questions_of, requirements_of

LONGEST_CODE = 20


@require_safe
def criteria(request: HttpRequest) -> HttpResponse:
    """All groups; with `code` straight to the one that it belongs to."""
    code = request.GET.get("code", "").strip().upper()
    found = groups_of(code)
    if len(found) == 1:
        return redirect(f"{reverse('criteria:group', args=[found[0].slug])}?code={code}")
    context = {"groups": groups(), "code": code[:LONGEST_CODE], "is_unknown": bool(code)}
    return render(request, "criteria/groups.html", context, status=404 if code else 200)


@require_safe
def group_criteria(request: HttpRequest, slug: str) -> HttpResponse:
    """One group in its newest version, or the one of `version`; with `code`, only what that code requires."""
    context = what_is_asked(request, chosen_version(request, slug))
    return render(request, "criteria/group.html", context, status=404 if context["is_unknown"] else 200)


def chosen_version(request: HttpRequest, slug: str) -> ProductGroup:
    known = versions(slug)
    if not known:
        raise Http404
    asked = request.GET.get("version", "")
    if not asked:
        return known[0]
    found = next((each for each in known if str(each.version) == asked), None)
    if found is None:
        raise Http404
    return found


def what_is_asked(request: HttpRequest, group: ProductGroup) -> dict[str, object]:
    """What the public page and the registrar's show alike; of the code that is asked for, or of all."""
    known = versions(group.slug)
    asked = request.GET.get("code", "").strip().upper()
    code = asked if asked in group.codes else ""
    return {
        "group": group,
        "versions": known,
        "is_newest": group == known[0],
        "codes": codes_of(group, on=timezone.localdate()),
        "of_one": code,
        "is_unknown": bool(asked) and not code,
        "requirements": requirements_of(group, code),
        "questions": questions_of(group),
        "samples": group.samples_for(code) if code else group.samples,
        "changes": changes_of(group.slug),
    }
