"""Where a registrar begins: what waits, and what each area is for."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from pcl.registrar.areas import AREAS, what_waits


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    waiting = []
    for each in what_waits():
        count = each.count()
        waiting.append({"count": count, "words": each.one if count == 1 else each.many, "address": reverse(each.view)})
    areas = [area for area in AREAS if area.address]
    return render(request, "registrar/home.html", {"waiting": waiting, "areas": areas})
