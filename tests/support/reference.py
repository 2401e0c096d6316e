"""What stands in every test's database: it is loaded once, since reading it in again costs more than most tests."""

from django.core.management import call_command

from organizations.models import Area

_LOADERS = ("load_county", "load_terms", "load_number_prefixes")


def load_once() -> None:
    """The county with its calendar, terms and prefixes, where a test has emptied the tables or none has run yet."""
    if not Area.objects.exists():
        for loader in _LOADERS:
            call_command(loader, verbosity=0)
