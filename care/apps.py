from django.apps import AppConfig


class CareConfig(AppConfig):
    name = "care"
    verbose_name = "照料服务"

    def ready(self) -> None:
        from care import receivers  # noqa: F401, PLC0415 -- connects the receivers
