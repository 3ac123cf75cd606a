"""The public register: every page a GET that can be shared."""

from django.urls import path

from pcl.public.changes import changes
from pcl.public.codes import code, codes
from pcl.public.information import about, data
from pcl.public.listing import listing
from pcl.public.organization import organization
from pcl.public.publications import publication, publications
from pcl.public.requirements import requirements
from pcl.public.search import search

app_name = "public"
urlpatterns = [
    path("", search, name="search"),
    path("listings/<int:listing_id>/", listing, name="listing"),
    path("codes/", codes, name="codes"),
    path("codes/<str:code>/", code, name="code"),
    path("organizations/<slug:slug>/", organization, name="organization"),
    path("publications/", publications, name="publications"),
    path("publications/<slug:slug>/", publication, name="publication"),
    path("requirements/", requirements, name="requirements"),
    path("changes/", changes, name="changes"),
    path("data/", data, name="data"),
    path("about/", about, name="about"),
]
