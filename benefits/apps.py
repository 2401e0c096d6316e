from django.apps import AppConfig


class BenefitsConfig(AppConfig):
    name = "benefits"
    verbose_name = "待遇"

    def ready(self) -> None:
        from benefits import receivers  # noqa: F401, PLC0415 -- connects the receivers
        from benefits.services import rolls  # noqa: F401, PLC0415 -- declares the long work
