from django.apps import AppConfig


class WorkbenchConfig(AppConfig):
    name = "workbench"
    verbose_name = "工作台"

    def ready(self) -> None:
        from organizations.signals import work_waiting  # noqa: PLC0415 -- beside the receiver
        from workbench.receivers import tell_work_waiting  # noqa: PLC0415 -- imports models

        work_waiting.connect(tell_work_waiting)
