from pcl.models.entry_version import EntryVersion
from pcl.models.helpline import Helpline
from pcl.models.listing import Listing, Origin
from pcl.models.listing_change import ChangeKind, ListingChange
from pcl.models.organization import Organization, OrganizationName
from pcl.models.product import Product, ProductModel, ProductName
from pcl.models.publication import Publication, PublicationHistory, PublicationStatus
from pcl.models.register_entry import RegisterEntry
from pcl.models.requirement import Requirement
from pcl.models.shown_listing import ShownListing
from pcl.models.statement import Statement

__all__ = [
    "ChangeKind",
    "EntryVersion",
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
    "ShownListing",
    "Statement",
]
