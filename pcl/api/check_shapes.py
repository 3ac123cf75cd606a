"""The shapes of a check, for the schema, with the example that it shows."""

from typing import Any

from rest_framework import serializers

from pcl.api.serializers import PublicationLinkSerializer, Shape
from pcl.models import Answer


class CheckLineSerializer(Shape):
    ref = serializers.CharField(required=False, max_length=100, help_text="Yours; comes back as it is.")
    code = serializers.CharField(max_length=20, help_text="A HCPCS code, in capitals or not.")
    date_of_service = serializers.DateField()
    manufacturer = serializers.CharField(
        required=False, max_length=300, help_text="Manufacturer or distributor, by any name that it ever had."
    )
    product = serializers.CharField(required=False, max_length=300, help_text="By any of its names.")
    model_number = serializers.CharField(
        required=False, max_length=120, help_text="The whole number; case and punctuation do not matter."
    )


def as_published_field() -> serializers.CharField:
    return serializers.CharField(
        required=False,
        help_text="As the list stood at that moment: an instant with its zone, or a day, which means its end in US "
        "Eastern time. So are the requirements; codes and names are as known today.",
    )


class CheckRequestSerializer(Shape):
    lines = CheckLineSerializer(many=True, help_text="1 to 1,000.")
    as_published = as_published_field()


class CitedRequirementSerializer(Shape):
    id = serializers.IntegerField()
    code = serializers.CharField()
    in_force_from = serializers.DateField(allow_null=True)
    in_force_to = serializers.DateField(allow_null=True)
    policy_article = serializers.CharField()
    source = serializers.CharField()  # type: ignore[assignment]  # DRF's fields have an attribute of that name
    snapshot_date = serializers.DateField(allow_null=True)
    url = serializers.URLField()


class CitedListingSerializer(Shape):
    id = serializers.IntegerField()
    code = serializers.CharField()
    manufacturer = serializers.CharField()
    product = serializers.CharField()
    model_number = serializers.CharField(allow_null=True)
    url = serializers.URLField()


class CitationsSerializer(Shape):
    requirement = CitedRequirementSerializer(allow_null=True, help_text="In force for the code on the day.")
    publication = PublicationLinkSerializer(allow_null=True, help_text="That says so.")
    listings = CitedListingSerializer(many=True, help_text="At most 10.")


class CheckAnswerSerializer(Shape):
    ref = serializers.CharField(allow_null=True)
    answer = serializers.ChoiceField(choices=Answer.choices)
    reasons = serializers.ListField(child=serializers.CharField(), help_text="Sentences.")
    citations = CitationsSerializer()


class CheckAnswersSerializer(Shape):
    results = CheckAnswerSerializer(many=True)
    notice = serializers.CharField(help_text="Listed is not covered.")


CHECK_EXAMPLE_REQUEST = {
    "lines": [{"ref": "1", "code": "K1007", "date_of_service": "2024-06-01", "product": "ReWalk"}],
}
CHECK_EXAMPLE_ANSWER: dict[str, Any] = {
    "results": [
        {
            "ref": "1",
            "answer": "listed",
            "reasons": [
                (
                    "“ReWalk” by Argo Technologies is listed under K1007 for dates of service from December 28, 2023 "
                    "on; no end is set."
                ),
                "For dates of service from June 1, 2024 on, only products on the list may be billed under K1007.",
            ],
            "citations": {
                "requirement": {
                    "id": 1,
                    "code": "K1007",
                    "in_force_from": "2024-06-01",
                    "in_force_to": None,
                    "policy_article": "",
                    "source": "Powered Lower Extremity Exoskeleton - Correct Coding, posted December 28, 2023",
                    "snapshot_date": "2023-12-28",
                    "url": "https://pcl.example/codes/K1007/?on=2024-06-01",
                },
                "publication": {
                    "slug": "powered-lower-extremity-exoskeleton-correct-coding",
                    "title": "Powered Lower Extremity Exoskeleton - Correct Coding",
                    "url": "https://pcl.example/publications/powered-lower-extremity-exoskeleton-correct-coding/",
                },
                "listings": [
                    {
                        "id": 1,
                        "code": "K1007",
                        "manufacturer": "Argo Technologies",
                        "product": "ReWalk",
                        "model_number": None,
                        "url": "https://pcl.example/listings/1/?on=2024-06-01",
                    }
                ],
            },
        }
    ],
    "notice": (
        "A listing says under which code a product is billed. It does not say that Medicare covers it or pays for it."
    ),
}
