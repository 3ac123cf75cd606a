from django.contrib import admin
from django.urls import include, path

from config.health import healthz, readyz

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    path("admin/", admin.site.urls),
    path("accounts/", include("allauth.urls")),
    path("accounts/", include("accounts.urls")),
    path("", include("pcl.public.urls")),
    path("api/v1/", include("pcl.api.urls")),
    path("", include("pcl.api.interop_urls")),
    path("apply/", include("verification.applicant.urls")),
    path("review/", include("pcl.registrar.urls")),
    path("review/", include("verification.reviewer.urls")),
]
