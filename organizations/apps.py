from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.db.models.signals import post_migrate


class OrganizationsConfig(AppConfig):
    name = "organizations"
    verbose_name = "机构与人员"

    def ready(self) -> None:
        from organizations import checks  # noqa: F401, PLC0415 -- registers the system check
        from organizations.receivers import keep_login, keep_logout, make_roles  # noqa: PLC0415 -- imports models

        post_migrate.connect(make_roles, sender=self)
        user_logged_in.connect(keep_login)
        user_logged_out.connect(keep_logout)
