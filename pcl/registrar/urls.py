from django.urls import path

from pcl.registrar import imports, releases

app_name = "registrar"
urlpatterns = [
    path("releases/", releases.releases, name="releases"),
    path("releases/load/", releases.load, name="load"),
    path("releases/imports/<int:import_id>/", imports.release_import, name="release_import"),
    path("releases/imports/<int:import_id>/progress/", imports.progress, name="progress"),
    path("releases/imports/<int:import_id>/confirm/", imports.confirm, name="confirm"),
    path("releases/imports/<int:import_id>/read-as/", imports.read_file_as, name="read_as"),
    path("releases/imports/<int:import_id>/discard/", imports.discard, name="discard"),
    path("releases/imports/<int:import_id>/report.csv", imports.report_csv, name="report_csv"),
]
