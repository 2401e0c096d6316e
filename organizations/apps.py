from django.apps import AppConfig
from django.db.models.signals import post_migrate


class OrganizationsConfig(AppConfig):
    name = "organizations"
    verbose_name = "机构与人员"

    def ready(self) -> None:
        from organizations import checks  # noqa: F401, PLC0415 -- registers the system check
        from organizations.receivers import make_roles  # noqa: PLC0415 -- imports models

        post_migrate.connect(make_roles, sender=self)
