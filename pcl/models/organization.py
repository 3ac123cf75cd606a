"""A manufacturer or distributor, under every name that it ever had."""

from django.db import models
from django.urls import reverse

from pcl.models.dated_name import DatedName


class Organization(models.Model):
    slug = models.SlugField(max_length=120, unique=True)
    name = models.CharField(max_length=300, help_text="The name today; earlier ones are kept with their dates.")
    name_key = models.CharField(
        max_length=300, db_index=True, editable=False, help_text="The name as pcl.names.name_key compares it."
    )
    merged_into = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="merged_organizations"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["name", "id"]
        # Lists that go by it, such as the reviewers' queue, read no more of them than a page has.
        indexes = [models.Index(fields=["name", "id"], name="organization_by_name")]
        constraints = [
            models.CheckConstraint(condition=~models.Q(name=""), name="organization_has_a_name"),
            models.CheckConstraint(
                condition=models.Q(merged_into=None) | ~models.Q(merged_into=models.F("id")),
                name="organization_is_not_merged_into_itself",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("public:organization", args=[self.slug])


class OrganizationName(DatedName):
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="names")
    name_key = models.CharField(max_length=300, db_index=True, editable=False)

    class Meta:
        ordering = ["organization", "used"]
        constraints = [
            models.UniqueConstraint(fields=["organization", "name", "used"], name="organization_name_said_once")
        ]
