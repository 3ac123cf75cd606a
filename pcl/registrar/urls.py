from django.urls import path

from pcl.registrar import (
    campaigns,
    discrepancies,
    home,
    imports,
    publications,
    releases,
    requirement_lists,
    requirements,
)

app_name = "registrar"
urlpatterns = [
    path("register/", home.home, name="home"),
    path("discrepancies/", discrepancies.discrepancies, name="discrepancies"),
    path("discrepancies/<int:report_id>/", discrepancies.discrepancy, name="discrepancy"),
    path("releases/", releases.releases, name="releases"),
    path("releases/load/", releases.load, name="load"),
    path("releases/imports/<int:import_id>/", imports.release_import, name="release_import"),
    path("releases/imports/<int:import_id>/progress/", imports.progress, name="progress"),
    path("releases/imports/<int:import_id>/confirm/", imports.confirm, name="confirm"),
    path("releases/imports/<int:import_id>/read-as/", imports.read_file_as, name="read_as"),
    path("releases/imports/<int:import_id>/discard/", imports.discard, name="discard"),
    path("releases/imports/<int:import_id>/report.csv", imports.report_csv, name="report_csv"),
    path("publications/", publications.publications, name="publications"),
    path("publications/new/", publications.publication_new, name="publication_new"),
    path("publications/<slug:slug>/edit/", publications.publication_edit, name="publication_edit"),
    path("requirements/", requirements.requirements, name="requirements"),
    path("requirements/new/", requirements.requirement_new, name="requirement_new"),
    path("requirements/<int:requirement_id>/edit/", requirements.requirement_edit, name="requirement_edit"),
    path("requirements/import/", requirement_lists.requirements_import, name="requirements_import"),
    path("requirements/import/<int:list_id>/", requirement_lists.requirement_list, name="requirement_list"),
    path(
        "requirements/import/<int:list_id>/enter/",
        requirement_lists.requirement_list_enter,
        name="requirement_list_enter",
    ),
    path("campaigns/", campaigns.campaigns, name="campaigns"),
    path("campaigns/new/", campaigns.campaign_new, name="campaign_new"),
    path("campaigns/<int:campaign_id>/", campaigns.campaign, name="campaign"),
    path("campaigns/<int:campaign_id>/edit/", campaigns.campaign_edit, name="campaign_edit"),
    path("campaigns/<int:campaign_id>/progress/", campaigns.campaign_progress, name="campaign_progress"),
    path("campaigns/<int:campaign_id>/choose/", campaigns.campaign_choose, name="campaign_choose"),
    path("campaigns/<int:campaign_id>/discard/", campaigns.campaign_discard, name="campaign_discard"),
    path("campaigns/<int:campaign_id>/<slug:kind>/", campaigns.campaign_act, name="campaign_act"),
]
