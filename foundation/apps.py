from django.apps import AppConfig


class FoundationConfig(AppConfig):
    name = "foundation"
    verbose_name = "基础"

    def ready(self) -> None:
        from foundation import checks  # noqa: F401, PLC0415 -- registers the system checks
