from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    name = "documents"
    verbose_name = "文书"

    def ready(self) -> None:
        from documents.services import printing_job  # noqa: F401, PLC0415 -- registers the kind of long work
