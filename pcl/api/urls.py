"""`/api/v1/`: the same answers as the pages, for programs."""

from django.urls import path, re_path

from pcl.api.changes import Changes
from pcl.api.check_jobs import CheckJob, CheckJobCsv, CheckJobJson, CheckJobNdjson, CheckJobs
from pcl.api.checks import Checks
from pcl.api.codes import Code, CodeHistory, Codes
from pcl.api.exports import Exports, ListingsCsv, ListingsNdjson
from pcl.api.fees import Fees
from pcl.api.front import Front, elsewhere
from pcl.api.listings import Listing, ListingHistory, Listings
from pcl.api.modifiers import Modifier, Modifiers
from pcl.api.reference import Organizations, Publications, Requirements
from pcl.api.releases import Release, ReleaseChanges, Releases
from pcl.api.schema import Schema, docs, docs_script

app_name = "api"
urlpatterns = [
    path("", Front.as_view(), name="front"),
    path("listings/", Listings.as_view(), name="listings"),
    path("listings/<int:listing_id>/", Listing.as_view(), name="listing"),
    path("listings/<int:listing_id>/history/", ListingHistory.as_view(), name="listing_history"),
    path("codes/", Codes.as_view(), name="codes"),
    path("codes/<str:code>/", Code.as_view(), name="code"),
    path("codes/<str:code>/history/", CodeHistory.as_view(), name="code_history"),
    path("modifiers/", Modifiers.as_view(), name="modifiers"),
    path("modifiers/<str:modifier>/", Modifier.as_view(), name="modifier"),
    path("releases/", Releases.as_view(), name="releases"),
    path("releases/<int:release_id>/", Release.as_view(), name="release"),
    path("releases/<int:release_id>/changes/", ReleaseChanges.as_view(), name="release_changes"),
    path("fees/", Fees.as_view(), name="fees"),
    path("requirements/", Requirements.as_view(), name="requirements"),
    path("organizations/", Organizations.as_view(), name="organizations"),
    path("publications/", Publications.as_view(), name="publications"),
    path("changes/", Changes.as_view(), name="changes"),
    path("checks/", Checks.as_view(), name="checks"),
    path("checks/jobs/", CheckJobs.as_view(), name="check_jobs"),
    path("checks/jobs/<str:job>/", CheckJob.as_view(), name="check_job"),
    path("checks/jobs/<str:job>/results.json", CheckJobJson.as_view(), name="check_job_json"),
    path("checks/jobs/<str:job>/results.ndjson", CheckJobNdjson.as_view(), name="check_job_ndjson"),
    path("checks/jobs/<str:job>/results.csv", CheckJobCsv.as_view(), name="check_job_csv"),
    path("exports/", Exports.as_view(), name="exports"),
    path("exports/listings.csv", ListingsCsv.as_view(), name="listings_csv"),
    path("exports/listings.ndjson", ListingsNdjson.as_view(), name="listings_ndjson"),
    path("schema/", Schema.as_view(), name="schema"),
    path("docs/", docs, name="docs"),
    path("docs/start.js", docs_script, name="docs_script"),
    re_path(r"", elsewhere, name="elsewhere"),
]
