"""What tests of the families' pages share."""

from typing import Any

from django.test import Client
from django.urls import reverse

from organizations.models import Staff


def as_staff(staff: Staff) -> Client:
    client = Client()
    client.force_login(staff, backend="django.contrib.auth.backends.ModelBackend")
    return client


def to(name: str, *args: Any) -> str:
    return reverse(f"households:{name}", args=args)


def text_of(response: Any) -> str:
    return str(response.content.decode())
