from django.apps import AppConfig


class PclConfig(AppConfig):
    name = "pcl"
    verbose_name = "Product Classification List"
