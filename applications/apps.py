from django.apps import AppConfig


class ApplicationsConfig(AppConfig):
    name = "applications"
    verbose_name = "办件"

    def ready(self) -> None:
        import applications.receivers  # noqa: F401, PLC0415 -- models must be loaded first
