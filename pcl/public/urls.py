"""The public register: every page a GET that can be shared."""

from django.urls import path

from pcl.public.changes import changes
from pcl.public.code_history import history
from pcl.public.codes import code, codes, codes_csv
from pcl.public.dictionary import data_dictionary
from pcl.public.fees import code_fees
from pcl.public.information import about, data
from pcl.public.listing import listing
from pcl.public.modifiers import modifier, modifiers
from pcl.public.organization import organization
from pcl.public.publications import publication, publications
from pcl.public.releases import release, release_changes_csv, releases
from pcl.public.requirements import requirements
from pcl.public.search import search
from pcl.public.statements import statement, statement_document, statement_new, statements

app_name = "public"
urlpatterns = [
    path("", search, name="search"),
    path("listings/<int:listing_id>/", listing, name="listing"),
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
    path("publications/<slug:slug>/", publication, name="publication"),
    path("requirements/", requirements, name="requirements"),
    path("changes/", changes, name="changes"),
    path("data/", data, name="data"),
    path("about/", about, name="about"),
]
