from django.apps import AppConfig


class TemporaryAidConfig(AppConfig):
    name = "temporary_aid"
    verbose_name = "临时救助"

    def ready(self) -> None:
        from temporary_aid import receivers  # noqa: F401, PLC0415 -- connects the receivers
