from pcl.models.check_batch import Answer, CheckAnswer, CheckBatch, CheckLine, CheckState
from pcl.models.helpline import Helpline
from pcl.models.listing import Listing, Origin
from pcl.models.listing_change import ChangeKind, ListingChange
from pcl.models.organization import Organization, OrganizationName
from pcl.models.product import Product, ProductModel, ProductName
from pcl.models.publication import Publication, PublicationHistory, PublicationStatus
from pcl.models.register_entry import RegisterEntry
from pcl.models.requirement import Requirement

__all__ = [
    "Answer",
    "ChangeKind",
    "CheckAnswer",
    "CheckBatch",
    "CheckLine",
    "CheckState",
    "Helpline",
    "Listing",
    "ListingChange",
    "Organization",
    "OrganizationName",
    "Origin",
    "Product",
    "ProductModel",
    "ProductName",
    "Publication",
    "PublicationHistory",
    "PublicationStatus",
    "RegisterEntry",
    "Requirement",
]
