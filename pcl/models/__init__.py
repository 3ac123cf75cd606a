from pcl.models.campaign import ActKind, Campaign, CampaignAct, CampaignListing, CampaignState
from pcl.models.change_subject import ChangeSubject
from pcl.models.check_batch import Answer, CheckAnswer, CheckBatch, CheckLine, CheckState
from pcl.models.check_file import CheckFile
from pcl.models.check_request import CheckRequest
from pcl.models.crosswalk import Crosswalk, CrosswalkChoice, CrosswalkChoiceTarget, CrosswalkState, CrosswalkTarget
from pcl.models.discrepancy_report import (
    DiscrepancyKind,
    DiscrepancyOutcome,
    DiscrepancyReport,
    DiscrepancyStep,
    DiscrepancyStepKind,
)
from pcl.models.entry_version import EntryVersion
from pcl.models.export_file import ExportFailure, ExportFile, ExportFormat, ExportNoun, ExportSet
from pcl.models.helpline import Helpline
from pcl.models.list_import import ListImport, ListImportProgress, ListImportState
from pcl.models.list_import_line import ListImportLine, ListImportName, ListOutcome, NameChoice
from pcl.models.listing import Listing, Origin
from pcl.models.listing_change import ChangeKind, ListingChange
from pcl.models.listing_count import ListingCount
from pcl.models.many_listings_act import ActState, ManyListingsAct
from pcl.models.organization import Organization, OrganizationName
from pcl.models.product import Product, ProductModel, ProductName
from pcl.models.publication import Publication, PublicationHistory, PublicationStatus, PublicationVersion
from pcl.models.publication_draft import PublicationDraft
from pcl.models.register_entry import RegisterEntry
from pcl.models.renaming import Renaming, RenamingKind
from pcl.models.requirement import Requirement, RequirementVersion
from pcl.models.requirement_change import RequirementChange
from pcl.models.requirement_list import RequirementList
from pcl.models.shown_listing import ShownListing
from pcl.models.statement import Statement
from pcl.models.subscription import Frequency, Subscription
from pcl.models.word import Word

__all__ = [
    "ActKind",
    "ActState",
    "Answer",
    "Campaign",
    "CampaignAct",
    "CampaignListing",
    "CampaignState",
    "ChangeKind",
    "ChangeSubject",
    "CheckAnswer",
    "CheckBatch",
    "CheckFile",
    "CheckLine",
    "CheckRequest",
    "CheckState",
    "Crosswalk",
    "CrosswalkChoice",
    "CrosswalkChoiceTarget",
    "CrosswalkState",
    "CrosswalkTarget",
    "DiscrepancyKind",
    "DiscrepancyOutcome",
    "DiscrepancyReport",
    "DiscrepancyStep",
    "DiscrepancyStepKind",
    "EntryVersion",
    "ExportFailure",
    "ExportFile",
    "ExportFormat",
    "ExportNoun",
    "ExportSet",
    "Frequency",
    "Helpline",
    "ListImport",
    "ListImportLine",
    "ListImportName",
    "ListImportProgress",
    "ListImportState",
    "ListOutcome",
    "Listing",
    "ListingChange",
    "ListingCount",
    "ManyListingsAct",
    "NameChoice",
    "Organization",
    "OrganizationName",
    "Origin",
    "Product",
    "ProductModel",
    "ProductName",
    "Publication",
    "PublicationDraft",
    "PublicationHistory",
    "PublicationStatus",
    "PublicationVersion",
    "RegisterEntry",
    "Renaming",
    "RenamingKind",
    "Requirement",
    "RequirementChange",
    "RequirementList",
    "RequirementVersion",
    "ShownListing",
    "Statement",
    "Subscription",
    "Word",
]
