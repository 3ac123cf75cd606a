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
    group = chosen_version(request, slug)
    code = request.GET.get("code", "").strip().upper()
    is_unknown = bool(code) and code not in group.codes
    of_one = "" if is_unknown else code
    context = {
        **what_is_asked(group, of_one),
        "code": code[:LONGEST_CODE],
        "of_one": of_one,
        "is_unknown": is_unknown,
    }
    return render(request, "criteria/group.html", context, status=404 if is_unknown else 200)


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


def what_is_asked(group: ProductGroup, code: str = "") -> dict[str, object]:
    """What the public page and the registrar's show alike."""
    known = versions(group.slug)
    return {
        "group": group,
        "versions": known,
        "is_newest": group == known[0],
        "codes": codes_of(group, on=timezone.localdate()),
        "requirements": requirements_of(group, code),
        "questions": questions_of(group),
        "samples": group.samples_for(code) if code else group.samples,
        "changes": changes_of(group.slug),
    }
