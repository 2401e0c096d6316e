from django.apps import AppConfig


class DynamicReviewConfig(AppConfig):
    name = "dynamic_review"
    verbose_name = "动态管理"

    def ready(self) -> None:
        from dynamic_review import receivers  # noqa: F401, PLC0415 -- connects the receivers

        # These register the kinds of long work that may be started.
        from dynamic_review.services import (  # noqa: F401, PLC0415 -- registers
            opening_job,
            uplift_jobs,
            uplift_notices,
            what_if_job,
        )
