from django.urls import path

from pcl.registrar import crosswalks, imports, listings, new_listing, organizations, releases

app_name = "registrar"
urlpatterns = [
    path("releases/", releases.releases, name="releases"),
    path("releases/load/", releases.load, name="load"),
    path("releases/imports/<int:import_id>/", imports.release_import, name="release_import"),
    path("releases/imports/<int:import_id>/progress/", imports.progress, name="progress"),
    path("releases/imports/<int:import_id>/confirm/", imports.confirm, name="confirm"),
    path("releases/imports/<int:import_id>/discard/", imports.discard, name="discard"),
    path("releases/imports/<int:import_id>/report.csv", imports.report_csv, name="report_csv"),
    path("listings/", listings.listings, name="listings"),
    path("listings/new/", new_listing.new_listing, name="listing_new"),
    path("listings/<int:listing_id>/", listings.listing, name="listing"),
    path("listings/<int:listing_id>/<slug:act>/", listings.act_on_listing, name="act_on_listing"),
    path("organizations/", organizations.organizations, name="organizations"),
    path("new-organization/", organizations.new_organization, name="organization_new"),
    path("organizations/<slug:slug>/", organizations.organization, name="organization"),
    path("organizations/<slug:slug>/rename/", organizations.rename, name="organization_rename"),
    path("organizations/<slug:slug>/merge/", organizations.merge, name="organization_merge"),
    path("crosswalks/", crosswalks.crosswalks, name="crosswalks"),
    path("crosswalks/new/", crosswalks.new_crosswalk, name="crosswalk_new"),
    path("crosswalks/<int:crosswalk_id>/", crosswalks.crosswalk, name="crosswalk"),
    path("crosswalks/<int:crosswalk_id>/choices/", crosswalks.choose, name="crosswalk_choose"),
    path("crosswalks/<int:crosswalk_id>/apply/", crosswalks.apply, name="crosswalk_apply"),
    path("crosswalks/<int:crosswalk_id>/discard/", crosswalks.discard, name="crosswalk_discard"),
    path("crosswalks/<int:crosswalk_id>/progress/", crosswalks.progress, name="crosswalk_progress"),
]
