from pcl.models.helpline import Helpline
from pcl.models.listing import Listing, Origin
from pcl.models.listing_change import ChangeKind, ListingChange
from pcl.models.organization import Organization, OrganizationName
from pcl.models.product import Product, ProductModel, ProductName
from pcl.models.publication import Publication, PublicationHistory, PublicationStatus, PublicationVersion
from pcl.models.register_entry import RegisterEntry
from pcl.models.requirement import Requirement
from pcl.models.requirement_change import RequirementChange
from pcl.models.requirement_list import RequirementList

__all__ = [
    "ChangeKind",
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
    "PublicationVersion",
    "RegisterEntry",
    "Requirement",
    "RequirementChange",
    "RequirementList",
]
