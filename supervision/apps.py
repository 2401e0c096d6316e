from django.apps import AppConfig


class SupervisionConfig(AppConfig):
    name = "supervision"
    verbose_name = "监督检查"

    def ready(self) -> None:
        from supervision import receivers  # noqa: F401, PLC0415 -- connects the receivers
