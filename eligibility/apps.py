from django.apps import AppConfig


class EligibilityConfig(AppConfig):
    name = "eligibility"
    verbose_name = "资格与标准"

    def ready(self) -> None:
        from eligibility import checks  # noqa: F401, PLC0415 -- registers the system check
