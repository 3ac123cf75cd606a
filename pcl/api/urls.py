"""`/api/v1/`: the same answers as the pages, for programs."""

from django.urls import path, re_path

from pcl.api.changes import Changes
from pcl.api.codes import Code, Codes
from pcl.api.exports import Exports, ListingsCsv
from pcl.api.fees import Fees
from pcl.api.front import Front, elsewhere
from pcl.api.listings import Listing, ListingHistory, Listings
from pcl.api.reference import Organizations, Publications, Requirements
from pcl.api.schema import Schema, docs, docs_script

app_name = "api"
urlpatterns = [
    path("", Front.as_view(), name="front"),
    path("listings/", Listings.as_view(), name="listings"),
    path("listings/<int:listing_id>/", Listing.as_view(), name="listing"),
    path("listings/<int:listing_id>/history/", ListingHistory.as_view(), name="listing_history"),
    path("codes/", Codes.as_view(), name="codes"),
    path("codes/<str:code>/", Code.as_view(), name="code"),
    path("fees/", Fees.as_view(), name="fees"),
    path("requirements/", Requirements.as_view(), name="requirements"),
    path("organizations/", Organizations.as_view(), name="organizations"),
    path("publications/", Publications.as_view(), name="publications"),
    path("changes/", Changes.as_view(), name="changes"),
    path("exports/", Exports.as_view(), name="exports"),
    path("exports/listings.csv", ListingsCsv.as_view(), name="listings_csv"),
    path("schema/", Schema.as_view(), name="schema"),
    path("docs/", docs, name="docs"),
    path("docs/start.js", docs_script, name="docs_script"),
    re_path(r"", elsewhere, name="elsewhere"),
]
