from django.apps import AppConfig


class VerificationConfig(AppConfig):
    name = "verification"
    verbose_name = "核对"

    def ready(self) -> None:
        from verification import receivers  # noqa: F401, PLC0415 -- connects the receivers
