from django.contrib import admin
from django.urls import include, path, re_path

from config.health import healthz, readyz
from pcl.api.front import elsewhere

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    path("admin/", admin.site.urls),
    path("accounts/", include("allauth.urls")),
    path("accounts/", include("accounts.urls")),
    path("publications/criteria/", include("verification.criteria.urls")),
    path("", include("pcl.public.urls")),
    path("api/v1/", include("pcl.api.urls")),
    path("", include("pcl.api.interop_urls")),
    re_path(r"^api(?:/|$)", elsewhere, name="api_elsewhere"),
    path("apply/", include("verification.applicant.urls")),
    path("review-times/", include("verification.public.urls")),
    path("review/", include("pcl.registrar.urls")),
    path("review/", include("verification.reviewer.urls")),
]

handler400 = "config.errors.bad_request"
handler403 = "config.errors.permission_denied"
handler404 = "config.errors.page_not_found"
handler500 = "config.errors.server_error"
