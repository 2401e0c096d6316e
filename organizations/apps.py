from django.apps import AppConfig


class OrganizationsConfig(AppConfig):
    name = "organizations"
    verbose_name = "机构与人员"

    def ready(self) -> None:
        from organizations import checks  # noqa: F401, PLC0415 -- registers the system check
