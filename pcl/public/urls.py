"""The public register: every page a GET that can be shared."""

from django.urls import path, register_converter

from pcl.public.change_feed import changes_feed
from pcl.public.changes import change, changes, verify_script
from pcl.public.check import check
from pcl.public.check_batches import check_batch, delete, new_batch, progress, results_csv, results_xlsx
from pcl.public.check_columns import check_columns
from pcl.public.code_history import history
from pcl.public.codes import code, codes, codes_csv
from pcl.public.data import data
from pcl.public.dictionary import data_dictionary
from pcl.public.export_files import Word, export_file, export_latest, export_sums
from pcl.public.fees import code_fees
from pcl.public.information import about
from pcl.public.listing import listing
from pcl.public.modifiers import modifier, modifiers
from pcl.public.organization import organization
from pcl.public.publication_feed import PublicationFeed
from pcl.public.publications import publication, publication_version, publications
from pcl.public.releases import release, release_changes_csv, releases
from pcl.public.reports import report_discrepancy, report_missing, report_received
from pcl.public.requirements import requirements, requirements_csv
from pcl.public.search import search
from pcl.public.statements import statement, statement_document, statement_new, statements
from pcl.public.statistics import statistics, statistics_csv
from pcl.public.subscribe import subscribe, subscription, subscription_confirm, unsubscribe

register_converter(Word, "word")

app_name = "public"
urlpatterns = [
    path("", search, name="search"),
    path("listings/<int:listing_id>/", listing, name="listing"),
    path("listings/<int:listing_id>/report/", report_discrepancy, name="report_discrepancy"),
    path("report/", report_missing, name="report_missing"),
    path("report/received/<str:reference>/", report_received, name="report_received"),
    path("listings/<int:listing_id>/statement/", statement_new, name="statement_new"),
    path("statements/", statements, name="statements"),
    path("statements/<str:number>/", statement, name="statement"),
    path("statements/<str:number>/statement.pdf", statement_document, name="statement_pdf"),
    path("codes/", codes, name="codes"),
    path("codes.csv", codes_csv, name="codes_csv"),
    path("codes/<str:code>/", code, name="code"),
    path("codes/<str:code>/history/", history, name="code_history"),
    path("codes/<str:code>/fees/", code_fees, name="code_fees"),
    path("modifiers/", modifiers, name="modifiers"),
    path("modifiers/<str:modifier>/", modifier, name="modifier"),
    path("modifiers/<str:code>/history/", history, name="modifier_history"),
    path("dictionary/", data_dictionary, name="dictionary"),
    path("releases/", releases, name="releases"),
    path("releases/<int:release_id>/", release, name="release"),
    path("releases/<int:release_id>/changes.csv", release_changes_csv, name="release_changes_csv"),
    path("organizations/<slug:slug>/", organization, name="organization"),
    path("publications/", publications, name="publications"),
    path("publications/feed.atom", PublicationFeed(), name="publications_feed"),
    path("publications/<slug:slug>/", publication, name="publication"),
    path("publications/<slug:slug>/versions/<int:number>/", publication_version, name="publication_version"),
    path("requirements/", requirements, name="requirements"),
    path("requirements.csv", requirements_csv, name="requirements_csv"),
    path("changes/", changes, name="changes"),
    path("changes/<int:seq>/", change, name="change"),
    path("changes/feed.atom", changes_feed, name="changes_feed"),
    path("changes/verify_changes.py", verify_script, name="verify_script"),
    path("subscribe/", subscribe, name="subscribe"),
    path("subscribe/<str:token>/", subscription_confirm, name="subscription_confirm"),
    path("subscriptions/<str:token>/", subscription, name="subscription"),
    path("unsubscribe/<str:token>/", unsubscribe, name="unsubscribe"),
    path("check/", check, name="check"),
    path("check/batch/", new_batch, name="check_batch_new"),
    path("check/batch/<str:token>/", check_batch, name="check_batch"),
    path("check/batch/<str:token>/columns/", check_columns, name="check_batch_columns"),
    path("check/batch/<str:token>/progress/", progress, name="check_batch_progress"),
    path("check/batch/<str:token>/answers.csv", results_csv, name="check_batch_csv"),
    path("check/batch/<str:token>/answers.xlsx", results_xlsx, name="check_batch_xlsx"),
    path("check/batch/<str:token>/delete/", delete, name="check_batch_delete"),
    path("data/", data, name="data"),
    path("data/files/<word:noun>.<word:file_format>", export_latest, name="export_latest"),
    path("data/files/SHA256SUMS", export_sums, name="export_sums"),
    path("data/files/<str:name>", export_file, name="export_file"),
    path("statistics/", statistics, name="statistics"),
    path("statistics.csv", statistics_csv, name="statistics_csv"),
    path("about/", about, name="about"),
]
