from django.apps import AppConfig


class PclConfig(AppConfig):
    name = "pcl"
    verbose_name = "Product Classification List"

    def ready(self) -> None:
        from hcpcs.signals import catalogue_changed  # noqa: PLC0415  # models are not there before
        from pcl.services.follow_catalogue import follow_catalogue  # noqa: PLC0415

        catalogue_changed.connect(lambda **_: follow_catalogue(), weak=False, dispatch_uid="pcl.follow_catalogue")
