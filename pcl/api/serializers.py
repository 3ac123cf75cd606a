"""The shapes of the answers, for the schema. The answers themselves are built by pcl/queries."""

from datetime import date
from typing import Any

from rest_framework import serializers

from hcpcs.models import Kind
from pcl.api.field_meanings import meaning_of
from pcl.models import ChangeKind, ExportFormat, ExportNoun, Origin, PublicationStatus
from pcl.queries.listing_columns import listing_columns
from pcl.queries.listing_filter import STATUSES
from pcl.queries.releases import KIND_WORDS

STATUS = [status for status in STATUSES if status[0] != "all"]
RELEASE_CHANGE_KINDS = [(str(kind), name) for kind, (name, _) in KIND_WORDS.items()]


class Shape(serializers.Serializer[Any]):
    """Read by drf-spectacular only; nothing is ever written through the API."""

    is_sparse = True
    """Whether `fields` may leave out some of it."""

    def get_fields(self) -> dict[str, Any]:
        fields: dict[str, Any] = super().get_fields()
        for name, field in fields.items():
            if not field.help_text:
                field.help_text = meaning_of(type(self).__name__.removesuffix("Serializer"), name) or None
        return fields


class ListingSerializer(Shape):
    id = serializers.IntegerField()
    code = serializers.CharField()
    code_description = serializers.CharField()
    manufacturer = serializers.CharField()
    distributor = serializers.CharField(allow_null=True)
    product = serializers.CharField()
    model_number = serializers.CharField(allow_null=True)
    classification = serializers.CharField()
    effective_from = serializers.DateField()
    effective_to = serializers.DateField(allow_null=True)
    status = serializers.ChoiceField(choices=STATUS)
    origin = serializers.ChoiceField(choices=Origin.choices)
    comment = serializers.CharField()
    published_at = serializers.DateTimeField()
    url = serializers.URLField()

    def get_fields(self) -> dict[str, Any]:
        fields = super().get_fields()
        for column in listing_columns(on=date(2000, 1, 1), site=""):
            fields[column.name].help_text = column.meaning
        fields["expanded"] = ExpandedSerializer(required=False, help_text="Only with `expand`: what it names.")
        return fields


class ListedSerializer(Shape):
    """What the register said of a listing, as a change keeps it."""

    id = serializers.IntegerField()
    code = serializers.CharField()
    manufacturer = serializers.CharField()
    distributor = serializers.CharField(allow_null=True)
    product = serializers.CharField()
    model_number = serializers.CharField(allow_null=True)
    classification = serializers.CharField()
    effective_from = serializers.DateField()
    effective_to = serializers.DateField(allow_null=True)
    origin = serializers.ChoiceField(choices=Origin.choices)
    comment = serializers.CharField()


class ChangeSerializer(Shape):
    seq = serializers.IntegerField(help_text="1, 2, 3 … without a gap.")
    at = serializers.CharField(help_text="When the register began to say so: UTC, six decimals, as it is hashed.")
    kind = serializers.ChoiceField(choices=ChangeKind.choices)
    listing = serializers.IntegerField(help_text="The listing's id.")
    before = ListedSerializer(allow_null=True)
    after = ListedSerializer()
    reason = serializers.CharField()
    previous_hash = serializers.CharField()
    hash = serializers.CharField(help_text="SHA-256 of the other fields as JSON: keys sorted, no blanks, UTF-8.")


class IndicatorSerializer(Shape):
    value = serializers.CharField()
    meaning = serializers.CharField(allow_null=True)


class CodeSerializer(Shape):
    code = serializers.CharField()
    kind = serializers.ChoiceField(choices=Kind.choices)
    added = serializers.DateField(allow_null=True, help_text="First day of use.")
    terminated = serializers.DateField(
        allow_null=True, help_text="Last day of use, inclusive; null while there is none."
    )
    action_effective = serializers.DateField(
        allow_null=True, help_text="Date of CMS's last maintenance. It says nothing about validity."
    )
    action_code = IndicatorSerializer(allow_null=True)
    status = serializers.ChoiceField(choices=STATUS, help_text="By added and terminated alone, on the date asked for.")
    long_description = serializers.CharField()
    short_description = serializers.CharField()
    pricing_indicators = IndicatorSerializer(many=True)
    multiple_pricing_indicator = IndicatorSerializer(allow_null=True)
    cim_references = serializers.ListField(child=serializers.CharField())
    mcm_references = serializers.ListField(child=serializers.CharField())
    statute = serializers.CharField()
    lab_certifications = IndicatorSerializer(many=True)
    cross_references = serializers.ListField(child=serializers.CharField())
    coverage = IndicatorSerializer(allow_null=True)
    asc_group = IndicatorSerializer(allow_null=True)
    asc_effective = serializers.DateField(allow_null=True)
    mog_group = serializers.CharField()
    mog_indicator = IndicatorSerializer(allow_null=True)
    mog_effective = serializers.DateField(allow_null=True)
    processing_note = serializers.CharField()
    betos = IndicatorSerializer(allow_null=True)
    types_of_service = IndicatorSerializer(many=True)
    anesthesia_base_units = serializers.IntegerField(allow_null=True)
    url = serializers.URLField()


class AsOfSerializer(Shape):
    """The release whose fields are told."""

    release = serializers.IntegerField()
    label = serializers.CharField()  # type: ignore[assignment]  # DRF's fields have an attribute of that name
    in_force_from = serializers.DateField()
    covers_day = serializers.BooleanField(
        help_text="false: no release for the day asked for is loaded, and this is the nearest."
    )
    added = serializers.DateField(allow_null=True, help_text="As that release has it.")
    terminated = serializers.DateField(allow_null=True, help_text="As that release has it.")


class OtherMeaningSerializer(Shape):
    added = serializers.DateField(allow_null=True)
    terminated = serializers.DateField(allow_null=True)
    long_description = serializers.CharField()


class CodeDetailSerializer(CodeSerializer):
    as_of = AsOfSerializer(allow_null=True)
    other_meanings = OtherMeaningSerializer(many=True, help_text="What the same code meant at other times.")


class ReleaseLinkSerializer(Shape):
    id = serializers.IntegerField()
    label = serializers.CharField()  # type: ignore[assignment]  # DRF's fields have an attribute of that name
    in_force_from = serializers.DateField()


class ReleaseCountsSerializer(Shape):
    """Records of each kind; one can be of several."""

    def get_fields(self) -> dict[str, Any]:
        return {
            str(kind): serializers.IntegerField(help_text=f"Records that {meaning}.")
            for kind, (_, meaning) in KIND_WORDS.items()
        }


class ReleaseSerializer(ReleaseLinkSerializer):
    year = serializers.IntegerField()
    quarter = serializers.IntegerField(allow_null=True, help_text="null: an annual file.")
    revision = serializers.IntegerField()
    is_complete = serializers.BooleanField(help_text="false: an excerpt, whose silence means nothing.")
    file_name = serializers.CharField()
    sha256 = serializers.CharField()
    source = serializers.CharField()  # type: ignore[assignment]  # DRF's fields have an attribute of that name
    imported_at = serializers.DateTimeField()
    codes = serializers.IntegerField()
    modifiers = serializers.IntegerField()
    compared_with = ReleaseLinkSerializer(allow_null=True, help_text="null: no older complete release is loaded.")
    changes = ReleaseCountsSerializer(allow_null=True)
    url = serializers.URLField()


class DifferenceSerializer(Shape):
    field = serializers.CharField(help_text="Its name in the answers of `codes/`.")
    label = serializers.CharField()  # type: ignore[assignment]  # DRF's fields have an attribute of that name
    before = serializers.JSONField(allow_null=True, help_text="A text, a list of texts, or null.")
    after = serializers.JSONField(allow_null=True, help_text="A text, a list of texts, or null.")


class ReleaseChangeSerializer(Shape):
    code = serializers.CharField()
    kind = serializers.ChoiceField(choices=Kind.choices)
    changes = serializers.ListField(child=serializers.ChoiceField(choices=RELEASE_CHANGE_KINDS))
    long_description = serializers.CharField()
    short_description = serializers.CharField()
    added = serializers.DateField(allow_null=True)
    terminated = serializers.DateField(allow_null=True)
    differences = DifferenceSerializer(many=True, help_text="Empty for a record that is new or absent.")
    url = serializers.URLField()


class MeaningDatesSerializer(Shape):
    added = serializers.DateField(allow_null=True)
    terminated = serializers.DateField(allow_null=True)


class CodeHistorySerializer(Shape):
    release = ReleaseLinkSerializer()
    meaning = MeaningDatesSerializer(help_text="Which meaning of the code it speaks of, by its days of use.")
    is_first = serializers.BooleanField(help_text="The first loaded release that has it.")
    is_absent = serializers.BooleanField(help_text="A complete release that no longer has it, which is no end.")
    long_description = serializers.CharField(allow_null=True)
    differences = DifferenceSerializer(many=True)


class PublicationLinkSerializer(Shape):
    slug = serializers.CharField()
    title = serializers.CharField()
    url = serializers.URLField()


class RequirementSerializer(Shape):
    code = serializers.CharField()
    code_description = serializers.CharField()
    product_group = serializers.CharField()
    product_group_name = serializers.CharField()
    in_force_from = serializers.DateField(
        allow_null=True, help_text="First date of service; null where the source names none."
    )
    in_force_to = serializers.DateField(allow_null=True, help_text="Last date of service; null while no end is set.")
    presumed = serializers.BooleanField(
        help_text="true: no source says whether it applied on a day as early as `on`; it is taken to have applied."
    )
    policy_article = serializers.CharField()
    lcd = serializers.CharField()
    exception_text = serializers.CharField(help_text="Products that need not be listed.")
    fallback_code = serializers.CharField(help_text="What to bill for a product that is not listed.")
    publication = PublicationLinkSerializer(allow_null=True)
    source = serializers.CharField()  # type: ignore[assignment]  # DRF's fields have an attribute of that name
    snapshot_date = serializers.DateField(allow_null=True, help_text="The day on which the source said so.")
    url = serializers.URLField()


class FormerNameSerializer(Shape):
    name = serializers.CharField()
    used_from = serializers.DateField(allow_null=True)
    used_to = serializers.DateField(allow_null=True)
    source = serializers.CharField()  # type: ignore[assignment]  # DRF's fields have an attribute of that name


class OrganizationSerializer(Shape):
    slug = serializers.CharField()
    name = serializers.CharField()
    other_names = FormerNameSerializer(many=True)
    merged_into = serializers.CharField(allow_null=True, help_text="The slug of the organization that it became.")
    url = serializers.URLField()


class ExpandedSerializer(Shape):
    """What a listing refers to."""

    code = CodeSerializer(required=False, help_text="The meaning of the code that the listing is bound to.")
    manufacturer = OrganizationSerializer(required=False, help_text="The manufacturer, as in `organizations/`.")
    requirement = RequirementSerializer(
        required=False, allow_null=True, help_text="What applies to the code on `on`; null where nothing does."
    )


class PublicationHistorySerializer(Shape):
    changed_on = serializers.DateField()
    description = serializers.CharField()


class PublicationSerializer(Shape):
    slug = serializers.CharField()
    title = serializers.CharField()
    publishers = serializers.ListField(child=serializers.CharField())
    posted = serializers.DateField()
    last_updated = serializers.DateField()
    status = serializers.ChoiceField(choices=PublicationStatus.choices)
    codes = serializers.ListField(child=serializers.CharField())
    citations = serializers.ListField(child=serializers.CharField())
    history = PublicationHistorySerializer(many=True)
    body = serializers.CharField(help_text="Markdown.")
    url = serializers.URLField()


class StateAmountsSerializer(Shape):
    state = serializers.CharField()
    non_rural = serializers.CharField(allow_null=True, help_text="Dollars, such as 842.09.")
    rural = serializers.CharField(allow_null=True, help_text="null: no rural amount of its own.")
    amount = serializers.CharField(
        allow_null=True,
        help_text="What applies in an area as `rural` says: `rural`, or `non_rural` where CMS gives no rural amount.",
    )


class FeeSerializer(Shape):
    code = serializers.CharField()
    modifier = serializers.CharField(allow_null=True)
    modifier_2 = serializers.CharField(allow_null=True)
    description = serializers.CharField(help_text="CMS's short description in the schedule.")
    effective_from = serializers.DateField(help_text="First date of service of the schedule's quarter.")
    effective_to = serializers.DateField(help_text="Last date of service of the schedule's quarter.")
    revision = serializers.IntegerField(help_text="Higher where CMS has corrected the quarter.")
    jurisdiction = IndicatorSerializer(help_text="Which contractor processes the claims.")
    category = IndicatorSerializer(help_text="The payment category.")
    ceiling = serializers.CharField(allow_null=True, help_text="Of the contiguous states.")
    floor = serializers.CharField(allow_null=True, help_text="Of the contiguous states.")
    amounts = StateAmountsSerializer(many=True)
    url = serializers.URLField()


class FileSerializer(Shape):
    url = serializers.URLField(help_text="Its bytes never change; ranges and If-None-Match are answered.")
    noun = serializers.ChoiceField(choices=ExportNoun.choices)
    format = serializers.ChoiceField(choices=ExportFormat.choices)
    rows = serializers.IntegerField()
    bytes = serializers.IntegerField(help_text="How many bytes it has.")
    sha256 = serializers.CharField(help_text="In lower-case hexadecimal; also its ETag.")
    schema_version = serializers.CharField(help_text="Another one when a column is added or renamed.")
    generated_at = serializers.CharField(help_text="The one instant that all files of a set show: UTC, six decimals.")
    change_seq = serializers.IntegerField(help_text="The newest change that it contains: go on with changes/?after=.")


class ManifestSerializer(Shape):
    is_sparse = False
    files = FileSerializer(many=True)


class LineFaultSerializer(Shape):
    line = serializers.IntegerField(help_text="Its number, from 1.")
    field = serializers.CharField(help_text="The field at fault; empty where it is the whole line.")
    detail = serializers.CharField()


class ProblemSerializer(Shape):
    """RFC 9457 problem details."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField()
    parameter = serializers.CharField(required=False, help_text="The parameter at fault, where it is one.")
    line = serializers.IntegerField(required=False, help_text="Of a check: the first line at fault, from 1.")
    field = serializers.CharField(required=False, help_text="Of a check: the field at fault in that line.")
    errors = LineFaultSerializer(  # type: ignore[assignment]  # DRF's serializers have an attribute of that name
        many=True, required=False, help_text="Of a check: every line at fault, up to 100."
    )
