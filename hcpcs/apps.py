from django.apps import AppConfig


class HcpcsConfig(AppConfig):
    name = "hcpcs"
    verbose_name = "HCPCS Level II"
