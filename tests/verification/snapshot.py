"""What an attempt may not have changed when it was refused."""

from typing import Any

from accounts.models import OutgoingMail
from pcl.models import Listing, ListingChange, Organization, Product, ProductModel
from verification.models import Application, Determination, Letter, TransitionLog


def everything_about(application: Application) -> dict[str, Any]:
    """Its row, and how many there are of all that a step writes."""
    return {
        "row": Application.objects.filter(pk=application.pk).values().get(),
        "determination": list(Determination.objects.filter(application=application).values()),
        **{
            model.__name__: model._default_manager.count()
            for model in (
                TransitionLog,
                OutgoingMail,
                Letter,
                Listing,
                ListingChange,
                Organization,
                Product,
                ProductModel,
            )
        },
    }
