import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jixi_assist.settings")
application = get_wsgi_application()

from foundation.checks import refuse_without_keys  # noqa: E402 -- needs the settings

refuse_without_keys()
