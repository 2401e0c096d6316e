from django.apps import AppConfig


class OneWindowConfig(AppConfig):
    name = "one_window"
    verbose_name = "一门受理"
