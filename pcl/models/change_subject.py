"""What each change is about: a code, organizations, a product. What filters and subscriptions look up."""

from django.db import models

from pcl.models.listing_change import ListingChange


class ChangeSubject(models.Model):
    """Written by a trigger on the changes, never by anything else, and found again from them alone.

    Rows of a bulk change are written by one statement, so that publishing 100,000 listings stays one pass. The key
    holds the change's number last: the newest changes about something are one descending scan of it.
    """

    pk = models.CompositePrimaryKey("about", "change_id")
    about = models.CharField(max_length=40, help_text="code:K1007, organization:12 or product:34.")
    # Neither an index of its own nor a constraint: changes are never deleted, and a bulk change would pay for both.
    change = models.ForeignKey(
        ListingChange, on_delete=models.PROTECT, related_name="subjects", db_constraint=False, db_index=False
    )

    def __str__(self) -> str:
        return f"{self.change_id} is about {self.about}"


def about_code(code: str) -> str:
    return f"code:{code}"


def about_organization(organization_id: int) -> str:
    return f"organization:{organization_id}"


def about_product(product_id: int) -> str:
    return f"product:{product_id}"
