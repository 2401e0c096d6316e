from django.apps import AppConfig, apps
from django.contrib.auth.signals import user_logged_in
from django.db.models.signals import post_migrate


class FoundationConfig(AppConfig):
    name = "foundation"
    verbose_name = "基础"

    def ready(self) -> None:
        from foundation import checks  # noqa: F401, PLC0415 -- registers the system checks
        from foundation.emptying import guard_tables  # noqa: PLC0415 -- reads the models
        from foundation.required import name_what_is_missing  # noqa: PLC0415 -- beside what it is called with
        from foundation.sessions import begin  # noqa: PLC0415 -- beside the signal that it answers

        # Django tells only applications with models; all tables are made whichever of them is told.
        post_migrate.connect(guard_tables, sender=apps.get_app_config("contenttypes"))
        user_logged_in.connect(begin)
        name_what_is_missing()
