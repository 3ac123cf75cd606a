from django.urls import path

from pcl.registrar import discrepancies, home, imports, releases

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
    path("releases/imports/<int:import_id>/discard/", imports.discard, name="discard"),
    path("releases/imports/<int:import_id>/report.csv", imports.report_csv, name="report_csv"),
]
