"""Other applications for what may be the same product, and what became of them."""

from collections import defaultdict
from dataclasses import dataclass

from django.contrib.postgres.search import SearchVector
from django.db.models import CharField, Prefetch, Q, QuerySet, Value

from pcl.models import ListingChange
from pcl.queries.word_query import WordQuery
from verification.models import Application, ApplicationModel, DeterminedCode
from verification.queries.similar import any_word_of
from verification.workflow.states import Status

SHOWN = 10
MOST_CHANGES = 60
CITED, SAME_NUMBER, LIKE_NAME = "cited", "same number", "like name"
IN_WORDS = {
    CITED: "This application cites it",
    SAME_NUMBER: "Same model number",
    LIKE_NAME: "Same applicant or manufacturer, like name",
}


@dataclass(frozen=True)
class OtherApplication:
    application: Application
    why: tuple[str, ...]

    @property
    def codes(self) -> list[str]:
        """What was determined, each code once."""
        determination = self.application.draft_determination()
        if determination is None or self.application.status != Status.DETERMINED:
            return []
        return sorted({assigned.code.code for assigned in determination.codes.all()})


def other_applications(application: Application) -> list[OtherApplication]:
    """Submitted ones only: a draft is its applicant's own. Cited ones first, then the newest; two or three queries."""
    why: dict[int, list[str]] = defaultdict(list)
    for pk, reason in _candidates(application):
        why[pk].append(reason)
    codes = DeterminedCode.objects.select_related("model", "code")
    found = (
        Application.objects.filter(pk__in=why)
        .exclude(status=Status.DRAFT)
        .exclude(pk=application.pk)
        .select_related("organization", "determination")
        .prefetch_related(Prefetch("determination__codes", codes))
    )
    ranked = sorted(found, key=lambda each: (CITED not in why[each.pk], -each.pk))
    return [OtherApplication(each, tuple(IN_WORDS[reason] for reason in why[each.pk])) for each in ranked[:SHOWN]]


def _candidates(application: Application) -> list[tuple[int, str]]:
    def found(applications: QuerySet[Application], why: str) -> QuerySet[Application, tuple[int, str]]:
        reason = Value(why, output_field=CharField())
        return applications.order_by("-pk").values_list("pk", reason)[: SHOWN + 1]

    everything = Application.objects.exclude(status=Status.DRAFT).exclude(pk=application.pk)
    numbers = [model.normalized for model in application.models.all()]
    asked = []
    if dcn := application.cited_dcn:
        asked.append(found(everything.filter(dcn=dcn), CITED))
    if numbers:
        with_number = ApplicationModel.objects.filter(normalized__in=numbers).values("application")
        asked.append(found(everything.filter(pk__in=with_number), SAME_NUMBER))
    if words := any_word_of(application.product_name):
        by_somebody_near = Q(organization=application.organization_id)
        if application.manufacturer_name:
            by_somebody_near |= Q(manufacturer_name__iexact=application.manufacturer_name)
        alike = everything.filter(by_somebody_near).annotate(in_name=SearchVector("product_name", config="simple"))
        asked.append(found(alike.filter(in_name=WordQuery(words)), LIKE_NAME))
    return list(asked[0].union(*asked[1:], all=True)) if asked else []


def listing_history(listing_ids: set[int]) -> dict[int, list[ListingChange]]:
    """What happened to these listings, by listing, the newest first."""
    history: dict[int, list[ListingChange]] = defaultdict(list)
    if listing_ids:
        for change in ListingChange.objects.filter(listing__in=listing_ids).order_by("-seq")[:MOST_CHANGES]:
            history[change.listing_id].append(change)
    return dict(history)
